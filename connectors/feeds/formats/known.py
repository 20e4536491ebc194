"""Tell the items of a document that were not read before, and how many a poll takes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
# Two hashes of an item: with its dates, and without them.
Hashes = tuple[int, int]
HASH_BITS = 63  # what a signed 64-bit column takes as well


@dataclass(frozen=True, slots=True)
class NewItems(Generic[T]):
    """The items to read now, and what the next poll is to know.

    ``hashes`` holds two numbers an item, of the new and the known. ``redated`` counts
    items where only the dates changed, ``postponed`` new ones beyond the limit: without
    a hash, they are new at the next poll again.
    """

    fresh: Sequence[T]
    hashes: tuple[int, ...]
    total: int
    redated: int
    postponed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownItems:
    """What was read before, as ``item_hashes``, and how many new items are taken now."""

    hashes: AbstractSet[int] = frozenset()
    limit: int | None = None

    def split(self, items: Iterable[T], hashes_of: Callable[[T], Hashes]) -> NewItems[T]:
        """Return what of *items* is new, the first in their order up to the limit.

        An item whose dates alone changed counts as known: it is no news, and a date
        moves only forward in feeds that stamp everything anew.
        """
        fresh: list[T] = []
        hashes: list[int] = []
        total = redated = postponed = 0
        for total, item in enumerate(items, 1):  # noqa: B007  the count of all
            whole, dateless = hashes_of(item)
            if whole in self.hashes or dateless in self.hashes:
                redated += whole not in self.hashes
            elif self.limit is not None and len(fresh) >= self.limit:
                postponed += 1
                continue
            else:
                fresh.append(item)
            hashes += (whole, dateless)
        return NewItems(fresh, tuple(hashes), total, redated, postponed)


NOTHING = KnownItems()


def identity_of(title: str, date: str) -> str:
    """Return the guid of an entry that has neither guid nor link."""
    return hashlib.sha256(f"{title}\n{date}".encode("utf-8", "replace")).hexdigest()[:32]


def hash_words(words: Iterable[str], dates: Iterable[str]) -> Hashes:
    """Return the hashes of an item that says *words* and bears *dates*."""
    said = "\x1f".join(words).encode("utf-8", "replace")
    dated = "".join(f"\x1e{date}" for date in dates).encode("utf-8", "replace")
    return hash_text(said + dated, lambda _: said)


def hash_text(text: bytes, without_dates: Callable[[bytes], bytes]) -> Hashes:
    """Return the hash of an item's *text*, and of the same without its dates."""
    return _hash(text), _hash(b"dateless " + without_dates(text))


def _hash(text: bytes) -> int:
    digest = hashlib.blake2b(text, digest_size=8).digest()
    return int.from_bytes(digest, "big") >> (64 - HASH_BITS)
