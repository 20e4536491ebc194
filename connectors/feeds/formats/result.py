"""Result of reading a document: new entries, and failures."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from connectors.errors import FeedError, FeedParseError, SlowFeedError
from connectors.feeds.formats.deadline import PartTooSlow, part
from transforms.models import Entry, Feed
from transforms.urls.canonical import hide_secrets

if TYPE_CHECKING:
    from transforms.articles.reader import ReadEntry

BROKEN_OFF = "the end of the document is missing"
POSTPONED = "more new entries than one poll takes: the next polls take the rest"
T = TypeVar("T")
# Two hashes of an item: with its dates, and without them.
Hashes = tuple[int, int]
HASH_BITS = 63  # what a signed 64-bit column takes as well
# Of a document's ten seconds one: ten thousand entries would take as long.
ENTRY_SHARE = 0.1
# Entries that are read at once: of more, what is found no longer fits a processor's cache.
BATCH = 100
U = TypeVar("U")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """The new entries of a document, and facts about the document.

    ``item_hashes`` are two numbers an item, of the new and the known. ``total`` counts
    its items, known ones too; ``redated`` those of which only the dates changed,
    ``postponed`` new ones that the next poll is to take. ``is_cut``
    says that its end is missing, so that it must be fetched whole again. ``notices``
    are what a person should hear of, ``warnings`` what the document is like.
    ``readings`` are there where a reader was given.
    """

    entries: list[Entry]
    item_hashes: tuple[int, ...] = ()
    format: str = ""
    total: int = 0
    redated: int = 0
    postponed: int = 0
    is_cut: bool = False
    title: str = ""
    encoding: str = ""
    warnings: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    readings: list[ReadEntry] = field(default_factory=list)

    def counted(self, of: Parsed) -> Parsed:
        """Return a copy with the counts and hashes of *of*."""
        return replace(
            self,
            item_hashes=of.item_hashes,
            total=of.total,
            redated=of.redated,
            postponed=of.postponed,
        )

    def as_read(self, read: Iterable[tuple[Entry, ReadEntry]]) -> Parsed:
        """Return a copy with the readings of *read*; its entries keep their dates alone."""
        pairs = list(read)
        return replace(
            self,
            entries=[_bare(entry) for entry, _ in pairs],
            readings=[reading for _, reading in pairs],
        )

    def with_notice(self, notice: str) -> Parsed:
        """Return a copy with *notice* added, unless it is empty."""
        return replace(self, notices=(*self.notices, notice)) if notice else self

    def with_warnings(self, *warnings: str) -> Parsed:
        """Return a copy with *warnings* before its own, empty ones left out."""
        return replace(self, warnings=(*filter(None, warnings), *self.warnings))


def _bare(entry: Entry) -> Entry:
    """Return *entry* with its dates alone; its reading replaces the rest."""
    return Entry(
        guid="",
        url="",
        title="",
        published_at=entry.published_at,
        updated_at=entry.updated_at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownItems:
    """Items of earlier polls, as ``item_hashes``, and a limit on new ones."""

    hashes: AbstractSet[int] = frozenset()
    limit: int | None = None

    def split(
        self, items: Iterable[T], hashes_of: Callable[[T], Hashes]
    ) -> tuple[list[T], Parsed]:
        """Return the new ones of *items*, up to the limit, and all hashes and counts.

        An item whose dates alone changed counts as known: it is no news, and a date
        moves only forward in feeds that stamp everything anew. Those beyond the limit
        have no hash, so the next poll finds them new again.
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
        return fresh, Parsed(
            entries=[],
            item_hashes=tuple(hashes),
            total=total,
            redated=redated,
            postponed=postponed,
        )


NOTHING = KnownItems()


def identity_of(title: str, date: str) -> str:
    """Return a guid for an entry without guid and link."""
    return hashlib.sha256(f"{title}\n{date}".encode("utf-8", "replace")).hexdigest()[:32]


def hash_words(words: Iterable[str], dates: Iterable[str]) -> Hashes:
    """Return the hashes of an item with these *words* and *dates*."""
    said = "\x1f".join(words).encode("utf-8", "replace")
    dated = "".join(f"\x1e{date}" for date in dates).encode("utf-8", "replace")
    return hash_text(said + dated, lambda _: said)


def hash_text(text: bytes, without_dates: Callable[[bytes], bytes]) -> Hashes:
    """Return the hash of an item's *text*, and of the same without its dates."""
    return _hash(text), _hash(b"dateless " + without_dates(text))


def _hash(text: bytes) -> int:
    digest = hashlib.blake2b(text, digest_size=8).digest()
    return int.from_bytes(digest, "big") >> (64 - HASH_BITS)


def read_each(
    read: Callable[[T], U], items: Iterable[T], *, feed: Feed, total: int
) -> tuple[list[U], str]:
    """Return the results of *read* on *items*, as :func:`read_batches` does."""

    def read_one(batch: list[T]) -> list[U]:
        return [read(item) for item in batch]

    return read_batches(read_one, items, size=1, feed=feed, total=total)


def read_batches(
    read: Callable[[list[T]], list[U]],
    items: Iterable[T],
    *,
    size: int = BATCH,
    feed: Feed,
    total: int,
) -> tuple[list[U], str]:
    """Return the results of *read* on batches of *items*, and a sentence on failures.

    A batch that cannot be read in the time of one item is read item by item. The sentence
    is "" if all could be read in time.

    Raises:
        FeedParseError: It fails over all of the *total* items of the document: the
            fault is not one entry's, and nothing may count as read.
        SlowFeedError: It takes too long over each of them.
    """
    done: list[U] = []
    failures: list[Exception] = []
    rest = iter(items)
    while batch := list(islice(rest, size)):
        done += _read(read, batch, failures)
    notice = hide_secrets(_notice(failures), feed.url)
    if failures and len(failures) >= total:
        slow = all(isinstance(error, PartTooSlow | SlowFeedError) for error in failures)
        error = SlowFeedError if slow else FeedParseError
        raise error(feed.url, f"no entry could be read: {notice}")
    return done, notice


def _read(
    read: Callable[[list[T]], list[U]], batch: list[T], failures: list[Exception]
) -> list[U]:
    try:
        with part(ENTRY_SHARE):
            return read(batch)
    except MemoryError:
        raise  # no entry's fault
    except Exception as exc:  # noqa: BLE001  whatever it is, it is this entry's end alone
        if len(batch) == 1:
            failures.append(exc)
            return []
    return [each for item in batch for each in _read(read, [item], failures)]


def _notice(failures: list[Exception]) -> str:
    if not failures:
        return ""
    first = _why(failures[0])[:200]
    if len(failures) == 1:
        return f"left out 1 entry that could not be read ({first})"
    return f"left out {len(failures):,} entries that could not be read (first: {first})"


def _why(failure: Exception) -> str:
    if isinstance(failure, PartTooSlow):
        return "it takes too long"
    return failure.reason if isinstance(failure, FeedError) else repr(failure)
