"""Parse RSS, RDF and Atom documents with feedparser. No network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from connectors.errors import FeedParseError
from connectors.feeds.formats.bad_entries import read_each
from connectors.feeds.formats.fast_xml.head import Head, read_head
from connectors.feeds.formats.fast_xml.items import has_base, read_items
from connectors.feeds.formats.known import NOTHING, Known, hash_text, unseen
from connectors.feeds.formats.result import Parsed
from connectors.feeds.formats.xml.entities import escape_bare
from connectors.feeds.formats.xml.entry import entry_of
from connectors.feeds.formats.xml.items import Cut, cut_known_items, cut_leniently
from connectors.feeds.formats.xml.parser_of_record import ask_feedparser, head_of
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
    known: Known = NOTHING,
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
        if not cut.found.fresh:
            return Parsed(entries=[], encoding=charset).counted(cut.found)
        if parsed := _by_items(body, cut, reading):
            return parsed
    return _whole(body, reading, known)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What reading an item takes beside the item."""

    feed: Feed
    charset: str
    base_url: str
    now: datetime

    def entry(self, item: Any, language: str) -> Entry:
        """Return the entry that *item* is; raise what feedparser raised over it."""
        if isinstance(item, FeedParseError):
            raise item
        return entry_of(item, self.feed, self.base_url, self.now, language)

    def is_date(self, text: str) -> bool:
        """Tell whether our own reading of dates knows *text*."""
        return parse_date(text, zone=self.feed.zone, now=self.now) is not None


def _by_items(body: bytes, cut: Cut, reading: _Reading) -> Parsed | None:
    """Read plain items and a plain head ourselves, what else there is by feedparser.

    None where feedparser counts other items than we do.
    """
    fresh = cut.found.fresh
    items: list[Any] = [None] * len(fresh)
    if not has_base(body):
        items = read_items(fresh, is_date=reading.is_date)
    hard = [node for node, item in zip(fresh, items, strict=True) if item is None]
    head = None if hard else read_head(cut.root)
    if not head:
        head, others = _by_feedparser(cut, hard, reading)
        if len(others) != len(hard) or not head.version:
            return None
        rest = iter(others)
        items = [next(rest) if item is None else item for item in items]
    return _read(head, items, body, reading, cut.found.total).counted(cut.found)


def _by_feedparser(
    cut: Cut, hard: Sequence[Any], reading: _Reading
) -> tuple[Head, list[Any]]:
    """Return the head and the *hard* items, an error in place of one that it fails over."""
    try:
        parsed = ask_feedparser(cut.with_only(hard), reading.charset, reading.feed)
    except FeedParseError:
        others = [_alone(document, reading) for document in cut.with_each(hard)]
        parsed = ask_feedparser(cut.with_only(()), reading.charset, reading.feed)
        return head_of(parsed), others
    return head_of(parsed), parsed.entries


def _alone(document: bytes, reading: _Reading) -> Any:
    try:
        entries = ask_feedparser(document, reading.charset, reading.feed).entries
    except FeedParseError as error:
        return error
    if len(entries) != 1:
        return FeedParseError(reading.feed.url, "no item to feedparser")
    return entries[0]


def _whole(body: bytes, reading: _Reading, known: Known) -> Parsed:
    try:
        parsed = ask_feedparser(body, reading.charset, reading.feed)
    except FeedParseError:
        # It may be one item that it fails over.
        cut = cut_leniently(body)
        rescued = _by_items(body, cut, reading) if cut and cut.items else None
        if not rescued:
            raise
        return _without_known(rescued, known)
    if not parsed.version and not parsed.entries:
        raise FeedParseError(reading.feed.url, "not an RSS, RDF or Atom document")
    entries = parsed.entries
    return _without_known(
        _read(head_of(parsed), entries, body, reading, len(entries)), known
    )


def _read(
    head: Head, items: Sequence[Any], body: bytes, reading: _Reading, total: int
) -> Parsed:
    whole = [item for item in items if not isinstance(item, FeedParseError)]
    if head.version.startswith("atom"):
        _inherit_authors(whole, head.authors)
    elif DUBLIN_CORE in body:
        _publish_dc_dates(whole)
    contained = read_each(
        lambda item: reading.entry(item, head.language),
        items,
        feed=reading.feed,
        total=total,
    )
    return Parsed(
        entries=contained.read,
        format=head.version or "unknown",
        title=head.title,
        encoding=reading.charset or head.encoding,
        warnings=head.warnings,
    ).with_notice(contained.notice)


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


def _without_known(parsed: Parsed, known: Known) -> Parsed:
    """Drop known entries after parsing, where the document could not be cut before."""
    found = unseen(parsed.entries, _entry_hashes, known)
    return replace(parsed, entries=list(found.fresh)).counted(found)


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
