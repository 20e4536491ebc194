"""Which headlines a new one is compared with: a few, by the keys that they share.

What this costs may not follow the size of the news. A name that is in every fifth
headline of the day brings its newest few hundred, whoever else holds it, and of all
that the keys bring only those with most keys in common are compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain

# A key that few headlines hold brings each of them together; a name that many
# hold ("OpenAI") counts only with a second key, and only among the newest.
RARE = 24
NEWEST = 300
# Places that one headline looks at under its common keys, all keys together.
PLACES = 240
# Headlines that one is compared with for a rare key, and for common ones alone.
MOST = 24
CROWD = 8
# Headlines of the other script on one firm that one is compared with.
OF_ACTOR = 60

Holders = Mapping[int, Sequence[int]]


def shortlist(
    keys: Iterable[int], holders: Holders, actors: Iterable[int] = ()
) -> list[int]:
    """Return the numbers of the headlines to compare one with *keys* with, in order.

    Of those that hold a key of *actors* the newest are taken, few or many.

    *holders* are, for each key, the numbers of those that hold it, in order; numbers
    grow with the time of publication. Where there are too many, those that share
    most keys are taken, and of equals the newest.
    """
    rare: list[Sequence[int]] = []
    common: list[Sequence[int]] = []
    for key in keys:
        if held := holders.get(key):
            (rare if len(held) <= RARE else common).append(held)
    shared: Counter[int] = Counter()
    if len(common) > 1 or (common and rare):
        each = max(RARE, min(NEWEST, PLACES // len(common)))
        for held in common:
            shared.update(held[-each:])
    near = set(chain.from_iterable(rare))
    crowd = [n for n, count in shared.items() if count > 1 and n not in near]
    if len(near) > MOST:
        for held in rare:
            shared.update(held)
        near = set(_best(near, shared, MOST))
    near.update(_best(crowd, shared, CROWD))
    for key in actors:
        near.update(holders.get(key, ())[-OF_ACTOR:])
    return sorted(near)


def _best(numbers: Collection[int], shared: Mapping[int, int], most: int) -> Iterable[int]:
    """Return those of *numbers* that share most keys, of equals the newest."""
    if len(numbers) <= most:
        return numbers
    # Sorting keeps the order of equals, and so leaves the newest of them last.
    return sorted(sorted(numbers), key=shared.__getitem__)[-most:]
