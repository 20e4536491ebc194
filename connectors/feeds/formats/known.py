"""Tell the items of a document that were not read before, and how many a poll takes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
HASH_BITS = 63  # what a signed 64-bit column takes as well


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What was read before, as ``item_hashes``, and how many new items are taken now."""

    hashes: AbstractSet[int] = frozenset()
    limit: int | None = None


NOTHING = Known()


@dataclass(frozen=True, slots=True)
class Unseen(Generic[T]):
    """The items to read now, and what the next poll is to know.

    ``hashes`` holds two numbers an item: of all it says, and of what it says apart
    from its dates. ``redated`` counts items where only the dates changed, ``postponed``
    new ones beyond the limit: without a hash, they are new at the next poll again.
    """

    fresh: Sequence[T]
    hashes: tuple[int, ...]
    total: int
    redated: int
    postponed: int


def unseen(
    items: Iterable[T], hashes_of: Callable[[T], tuple[int, int]], known: Known
) -> Unseen[T]:
    """Return what of *items* is new, the first in their order up to the limit.

    An item whose dates alone changed counts as known: it is no news, and a date
    moves only forward in feeds that stamp everything anew.
    """
    fresh: list[T] = []
    hashes: list[int] = []
    total = redated = postponed = 0
    for total, item in enumerate(items, 1):  # noqa: B007  the count of all
        whole, dateless = hashes_of(item)
        if whole in known.hashes or dateless in known.hashes:
            redated += whole not in known.hashes
        elif known.limit is not None and len(fresh) >= known.limit:
            postponed += 1
            continue
        else:
            fresh.append(item)
        hashes += (whole, dateless)
    return Unseen(fresh, tuple(hashes), total, redated, postponed)


def hash_text(text: bytes, without_dates: Callable[[bytes], bytes]) -> tuple[int, int]:
    """Return the hash of an item's *text*, and of the same without its dates."""
    return _hash(text), _hash(b"dateless " + without_dates(text))


def _hash(text: bytes) -> int:
    digest = hashlib.blake2b(text, digest_size=8).digest()
    return int.from_bytes(digest, "big") >> (64 - HASH_BITS)
