"""Parse RSS, RDF and Atom documents with feedparser. No network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from connectors.errors import FeedParseError
from connectors.feeds.entities import escape_bare
from connectors.feeds.entry import entry_of
from connectors.feeds.head import Head, read_head
from connectors.feeds.items import Cut, cut_known_items, hash_text
from connectors.feeds.parsed import Parsed
from connectors.feeds.quick import has_base, read_items
from connectors.feeds.reference import ask_feedparser, head_of
from transforms.dates import parse_date
from transforms.models import Entry, Feed

DUBLIN_CORE = b"http://purl.org/dc/elements/1."


def parse_rss(
    body: bytes,
    *,
    feed: Feed,
    charset: str,
    base_url: str,
    now: datetime,
    known: AbstractSet[int] = frozenset(),
) -> Parsed:
    """Return the entries that are not in *known*, in the document's order.

    *charset* is the encoding of *body* where the caller made sure of it, else
    "", and feedparser finds out.

    Raises:
        FeedParseError: The document is not RSS, RDF or Atom.
    """
    cut = cut_known_items(body, known) if charset else None
    if charset and not cut:
        body = escape_bare(body)
        cut = cut_known_items(body, known)
    reading = _Reading(feed, charset, base_url, now)
    if cut and cut.items:
        if not cut.fresh:
            return _counted(Parsed(entries=[], encoding=charset), cut)
        if parsed := _by_items(body, cut, reading):
            return parsed
    return _without_known(_whole(body, reading), known)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What reading an item takes beside the item."""

    feed: Feed
    charset: str
    base_url: str
    now: datetime

    def entry(self, item: Any, language: str) -> Entry:
        """Return the entry that *item* is."""
        return entry_of(item, self.feed, self.base_url, self.now, language)

    def is_date(self, text: str) -> bool:
        """Tell whether our own reading of dates knows *text*."""
        return parse_date(text, zone=self.feed.zone, now=self.now) is not None


def _by_items(body: bytes, cut: Cut, reading: _Reading) -> Parsed | None:
    """Read plain items and a plain head ourselves, what else there is by feedparser.

    None where feedparser counts other items than we do.
    """
    items: list[Any] = [None] * len(cut.fresh)
    if not has_base(body):
        items = read_items(cut.fresh, is_date=reading.is_date)
    hard = [node for node, item in zip(cut.fresh, items, strict=True) if item is None]
    head = None if hard else read_head(cut.root)
    if not head:
        parsed = ask_feedparser(cut.with_only(hard), reading.charset, reading.feed)
        if len(parsed.entries) != len(hard) or not parsed.version:
            return None
        head, others = head_of(parsed), iter(parsed.entries)
        items = [next(others) if item is None else item for item in items]
    return _counted(_read(head, items, body, reading), cut)


def _whole(body: bytes, reading: _Reading) -> Parsed:
    parsed = ask_feedparser(body, reading.charset, reading.feed)
    if not parsed.version and not parsed.entries:
        raise FeedParseError(reading.feed.url, "not an RSS, RDF or Atom document")
    return _read(head_of(parsed), parsed.entries, body, reading)


def _read(head: Head, items: Sequence[Any], body: bytes, reading: _Reading) -> Parsed:
    if head.version.startswith("atom"):
        _inherit_authors(items, head.authors)
    elif DUBLIN_CORE in body:
        _publish_dc_dates(items)
    return Parsed(
        entries=[reading.entry(item, head.language) for item in items],
        format=head.version or "unknown",
        title=head.title,
        encoding=reading.charset or head.encoding,
        warnings=head.warnings,
    )


def _counted(parsed: Parsed, cut: Cut) -> Parsed:
    return replace(
        parsed, item_hashes=cut.hashes, total=len(cut.items), redated=cut.redated
    )


def _inherit_authors(items: Iterable[dict[str, Any]], of_feed: list[Any]) -> None:
    """Give entries without authors those of their source, else of their feed.

    Atom says so (RFC 4287, 4.1.2); in RSS a feed's editor wrote nothing.
    """
    for item in items:
        if not dict.get(item, "authors"):
            source = dict.get(item, "source")
            around = dict.get(source, "authors") if isinstance(source, dict) else None
            item["authors"] = around or of_feed
            item.pop("author", None)


def _publish_dc_dates(items: Iterable[dict[str, Any]]) -> None:
    """Take dc:date for the date of publication, where an item has no other.

    It is all that RSS 1.0 has; feedparser knows it as "updated" alone.
    """
    for item in items:
        if dict.get(item, "published") is None and dict.get(item, "updated"):
            item["published"] = dict.get(item, "updated")
            item["published_parsed"] = dict.get(item, "updated_parsed")


def _without_known(parsed: Parsed, known: AbstractSet[int]) -> Parsed:
    """Drop known entries after parsing, where the document could not be cut before."""
    pairs = [_entry_hashes(entry) for entry in parsed.entries]
    fresh = [
        e for e, pair in zip(parsed.entries, pairs, strict=True) if not known & set(pair)
    ]
    return replace(
        parsed,
        entries=fresh,
        item_hashes=tuple(number for pair in pairs for number in pair),
        total=len(parsed.entries),
        redated=sum(dateless in known and whole not in known for whole, dateless in pairs),
    )


def _entry_hashes(entry: Entry) -> tuple[int, int]:
    words = "\x1f".join(
        (
            entry.guid,
            entry.url,
            entry.title,
            entry.summary,
            entry.content,
            *entry.authors,
            *entry.categories,
        )
    ).encode("utf-8", "replace")
    dates = f"\x1e{entry.published_raw}\x1e{entry.updated_raw}".encode("utf-8", "replace")
    return hash_text(words + dates, lambda _: words)
