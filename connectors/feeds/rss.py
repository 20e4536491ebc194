"""Parse RSS, RDF and Atom documents with feedparser. No network."""

from __future__ import annotations

import io
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from typing import Any

import feedparser

from connectors.errors import FeedParseError
from connectors.feeds.entities import escape_bare
from connectors.feeds.entry import entry_of
from connectors.feeds.items import cut_known_items, hash_text
from connectors.feeds.parsed import Parsed
from transforms.models import Entry, Feed

# feedparser sets "bozo" for these too, but still reads the feed correctly.
HARMLESS = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)
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
    if cut and cut.total and not cut.fresh:
        return Parsed(
            entries=[],
            item_hashes=cut.hashes,
            format="",
            total=cut.total,
            redated=cut.redated,
            encoding=charset,
        )
    parsed = _feedparser(cut.body if cut else body, charset)
    if not parsed.version and not parsed.entries:
        raise FeedParseError(feed.url, "not an RSS, RDF or Atom document")
    if not parsed.version.startswith("atom") and DUBLIN_CORE in body:
        _publish_dc_dates(parsed.entries)
    language = parsed.feed.get("language") or ""
    entries = [entry_of(item, feed, base_url, now, language) for item in parsed.entries]
    result = Parsed(
        entries=entries,
        item_hashes=cut.hashes if cut else (),
        format=parsed.version or "unknown",
        total=cut.total if cut and cut.total else len(entries),
        redated=cut.redated if cut else 0,
        title=parsed.feed.get("title") or "",
        encoding=charset or parsed.get("encoding") or "",
        warnings=(f"not well-formed: {parsed.bozo_exception}",)
        if _is_broken(parsed)
        else (),
    )
    return result if cut and cut.total else _without_known(result, known)


def _feedparser(body: bytes, charset: str) -> Any:
    headers = {
        "content-type": f"application/xml; charset={charset}"
        if charset
        else "application/xml"
    }
    # BytesIO: feedparser would open a file of the name that plain bytes happen to spell.
    return feedparser.parse(
        io.BytesIO(body),
        response_headers=headers,
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _publish_dc_dates(items: Iterable[dict[str, Any]]) -> None:
    """Take dc:date for the date of publication, where an item has no other.

    It is all that RSS 1.0 has; feedparser knows it as "updated" alone.
    """
    for item in items:
        if dict.get(item, "published") is None and dict.get(item, "updated"):
            item["published"] = dict.get(item, "updated")
            item["published_parsed"] = dict.get(item, "updated_parsed")


def _is_broken(parsed: Any) -> bool:
    return bool(parsed.bozo) and not isinstance(parsed.get("bozo_exception"), HARMLESS)


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
