"""Candidates: the few headlines to compare a new one with, found by shared keys.

The cost per headline must not grow with the number of recent headlines. A frequent name
yields only its newest few hundred headlines, and of all candidates only those with most
shared keys are compared. A glance rules most of these out: full parsing takes a hundred
times longer, and ten times the memory.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from zlib import crc32

from transforms.stories.concepts import ConceptLexicon
from transforms.stories.features import headline_concepts, signs_of
from transforms.stories.letters import READ

# A key that few headlines hold brings each of them together; a name that many
# hold ("OpenAI") counts only with a second key, and only among the newest.
RARE = 24
NEWEST = 300
# Places that one headline looks at under its common keys, all keys together.
_PLACES = 240
# Headlines that one is compared with for a rare key, and for common ones alone.
MOST = 24
CROWD = 8
# Headlines of the other script on one firm that one is compared with.
OF_ACTOR = 60
_Holders = Mapping[int, Sequence[int]]
# "Vision Pro" alone is a subject, not an event.
FEWEST_GRAMS = 3
_FEWEST_SHARED = 2
_LEAST_SHARED = 0.25
_DIGIT = re.compile("[0-9]")
# One bit of so many for each gram, and for each concept or name, less one.
_MARKS = 255
_SIGNS = 511


def shortlist(
    keys: Iterable[int], holders: _Holders, actors: Iterable[int] = ()
) -> list[int]:
    """Return the numbers of the headlines to compare with one of these *keys*, in order.

    Of the holders of a key of *actors* only the newest are taken.

    *holders* maps each key to the numbers of its headlines, in order of publication. If
    there are too many, those that share most keys are taken, of equals the newest.
    """
    rare: list[Sequence[int]] = []
    common: list[Sequence[int]] = []
    for key in keys:
        if held := holders.get(key):
            (rare if len(held) <= RARE else common).append(held)
    shared: Counter[int] = Counter()
    if len(common) > 1 or (common and rare):
        each = max(RARE, min(NEWEST, _PLACES // len(common)))
        # At once: each call of update costs as much as counting a dozen.
        shared.update(chain.from_iterable(held[-each:] for held in common))
    near = set(chain.from_iterable(rare))
    crowd = [n for n, count in shared.items() if count > 1 and n not in near]
    if len(near) > MOST:
        shared.update(chain.from_iterable(rare))
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


@dataclass(frozen=True, slots=True)
class Glance:
    """Compact summary of a headline: its number of grams, and a bit for each.

    ``least`` is the least number of grams that another one shares with it; ``hidden``
    counts the grams whose bit another one has; ``text`` is a checksum; ``signs`` has a bit
    for each concept and name, ``is_numbered`` is whether it has numbers that tell, and
    ``has_digits`` whether it may have any figure. Python's own hash would do, but tells
    something else in each process.
    """

    script: str
    size: int
    least: float
    marks: int
    hidden: int
    text: int
    signs: int
    is_numbered: bool
    has_digits: bool


@lru_cache(maxsize=1 << 17)
def glance(title: str, lexicon: ConceptLexicon) -> Glance:
    """Return the glance of *title*; cached, as headlines are compared repeatedly."""
    signs = signs_of(title)
    marks = 0
    for gram in signs.grams:
        marks |= _mark(gram)
    size = len(signs.grams)
    text = crc32(signs.text.encode())
    bits = 0
    for sign in chain(signs.names, *headline_concepts(signs.plain, lexicon)):
        bits |= 1 << _place(sign)
    return Glance(
        script=signs.script,
        size=size,
        least=least_shared(size, signs.script),
        marks=marks,
        hidden=size - marks.bit_count(),
        text=text,
        signs=bits,
        is_numbered=bool(signs.numbers),
        has_digits=_DIGIT.search(signs.plain) is not None,
    )


def worth_reading(
    a: Glance, b: Glance, firms: frozenset[str], others: frozenset[str]
) -> bool:
    """Tell whether two headlines may share enough for scoring; no false negatives.

    *firms* and *others* are the companies of each. A shared company alone is no evidence of
    one event: across languages a sign or a figure has to be shared as well.
    """
    if a.script != b.script:
        if a.signs & b.signs or (a.is_numbered and b.is_numbered):
            return True
        companies = len(firms & others)
        return companies > 1 or (companies > 0 and a.has_digits and b.has_digits)
    if a.text == b.text:
        return True
    if a.size < FEWEST_GRAMS or b.size < FEWEST_GRAMS:
        return False
    shared = (a.marks & b.marks).bit_count() + min(a.hidden, b.hidden)
    # The shorter one's: it grows with their number.
    if shared >= a.least or shared >= b.least:
        return True
    return bool(a.signs & b.signs) and not firms.isdisjoint(others)


@lru_cache(maxsize=1 << 15)
def _mark(gram: str) -> int:
    return 1 << (crc32(gram.encode()) & _MARKS)


@lru_cache(maxsize=1 << 15)
def _place(sign: str) -> int:
    return crc32(sign.encode()) & _SIGNS


def least_shared(shorter: int, script: str) -> float:
    """Return the least number of shared grams, given the *shorter* headline's.

    For scripts without act recognition it is more than half, so that a long name does not
    suffice.
    """
    least = _LEAST_SHARED * shorter if script in READ else (shorter + 1) / 2
    return max(_FEWEST_SHARED, least)
