"""Parse RSS, RDF and Atom documents with feedparser. No network."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import UTC, datetime
from time import struct_time
from typing import Any

import feedparser

from connectors.errors import FeedParseError
from connectors.feeds.entities import escape_bare
from connectors.feeds.items import cut_known_items, hash_text
from connectors.feeds.jsonfeed import identity_of
from connectors.feeds.parsed import Parsed
from transforms.dates import EARLIEST, MAX_AHEAD, Dated, parse_date
from transforms.html import safe_link
from transforms.models import Entry, Feed

# feedparser sets "bozo" for these too, but still reads the feed correctly.
HARMLESS = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)

# feedparser's own .get() tries a table of synonyms, at ten times the price.
_get: Callable[..., Any] = dict.get

_MAILBOX = re.compile(r"\s*[^\s@()<>]+@[^\s@()<>]+\s*\(([^()]+)\)\s*")
_ENTITY = re.compile(r"&(?:#\w{1,8}|[A-Za-z]\w{1,30});")


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
    language = parsed.feed.get("language") or ""
    entries = [_entry(item, feed, base_url, now, language) for item in parsed.entries]
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


def _entry(item: Any, feed: Feed, base_url: str, now: datetime, language: str) -> Entry:
    published_raw, updated_raw = _raw(item, "published"), _raw(item, "updated")
    published = _date(item, "published", published_raw, feed, now)
    same = updated_raw == published_raw
    updated = published if same else _date(item, "updated", updated_raw, feed, now)
    content = _content(item)
    summary = _get(item, "summary") or ""
    title = _unescaped(_get(item, "title") or "")
    url = _link(item, base_url)
    return Entry(
        guid=(_get(item, "id") or "").strip()
        or url
        or identity_of(title, published_raw or updated_raw),
        url=url,
        title=title,
        # feedparser copies the content where an item has no summary.
        summary="" if summary == content else summary,
        content=content,
        authors=_authors(item),
        published_at=published.at if published else None,
        published_raw=published_raw,
        published_from=published.origin if published else "published",
        updated_at=updated.at if updated else None,
        updated_raw=updated_raw,
        categories=tuple(
            dict.fromkeys(filter(None, map(_category, _get(item, "tags") or ())))
        ),
        language=_language(item) or language,
        publisher=_publisher(item),
    )


def _raw(item: Any, key: str) -> str:
    # Not item.get(): that answers "updated" with "published".
    value = _get(item, key)
    return value.strip() if isinstance(value, str) else ""


def _date(item: Any, key: str, raw: str, feed: Feed, now: datetime) -> Dated | None:
    if not raw:
        return None
    return parse_date(raw, zone=feed.zone, now=now) or _feedparser_date(item, key, raw, now)


def _feedparser_date(item: Any, key: str, raw: str, now: datetime) -> Dated | None:
    """Take feedparser's reading of a rare form, if it names the day that stands there.

    What it does not know it reads as the first of this month.
    """
    name = f"{key}_parsed"
    value: struct_time | None = _get(item, name)
    if (
        not value
        or str(value.tm_year) not in raw
        or not re.search(rf"(?<!\d)0?{value.tm_mday}(?!\d)", raw)
    ):
        return None
    try:
        at = datetime(*value[:5], min(value.tm_sec, 59), tzinfo=UTC)
    except ValueError:
        return None
    return Dated(at) if EARLIEST <= at <= now + MAX_AHEAD else None


def _link(item: Any, base_url: str) -> str:
    link = (_get(item, "link") or "").strip()
    if link == (_get(item, "id") or "").strip() and "/" not in link:
        # A guid that forgot to say isPermaLink="false" is no address.
        return ""
    return safe_link(link, base_url)


def _content(item: Any) -> str:
    parts = [part.get("value") or "" for part in _get(item, "content") or ()]
    return max(parts, key=len, default="")


def _unescaped(title: str) -> str:
    return html.unescape(title) if _ENTITY.search(title) else title


def _authors(item: Any) -> tuple[str, ...]:
    authors = _get(item, "authors") or ()
    # feedparser cuts "desk@news.example (Desk)" after four letters of the domain's end.
    if len(authors) == 1 and (mailbox := _MAILBOX.fullmatch(_get(item, "author") or "")):
        return (mailbox[1].strip(),)
    names = (
        (author.get("name") or author.get("email") or "").strip() for author in authors
    )
    return tuple(dict.fromkeys(filter(None, names)))


def _category(tag: Any) -> str:
    return (tag.get("term") or tag.get("label") or "").strip()


def _language(item: Any) -> str:
    return (_get(item, "title_detail") or {}).get("language") or ""


def _publisher(item: Any) -> str:
    # Google News and Atom's <source> name the outlet that an aggregated entry is from.
    source = _get(item, "source")
    return (source.get("title") or "").strip() if isinstance(source, dict) else ""
