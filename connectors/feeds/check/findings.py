"""Findings on a document's encoding, dates and ids: can its feed be relied on?"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from connectors.feeds.fetch.document import Document
from connectors.feeds.formats.result import Parsed, identity_of
from transforms.dates.parse import parse_date
from transforms.models import Entry, Feed

_HEADER = re.compile(r"charset\s*+=\s*+[\"']?\s*+([\w.:-]+)", re.IGNORECASE)
_DECLARED = re.compile(
    rb"<\?xml[^<>]*?encoding\s*+=\s*+[\"']([\w.:-]+)"
    rb"|<meta[^<>]+charset\s*+=\s*+[\"']?\s*+([\w.:-]+)",
    re.IGNORECASE,
)
# A date that these two read alike names its own zone, or needs none.
_APART = ("Pacific/Honolulu", "Asia/Tokyo")


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodingFacts:
    """Encoding of a document: the one used, those declared, and the reason."""

    used: str
    header: str
    declared: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DateFacts:
    """Dates of the entries; ``raw`` is the text of one, ``at`` its reading."""

    zone: str
    published: int
    updated_only: int
    undated: int
    without_zone: int
    unread: tuple[str, ...]
    source: str
    raw: str
    at: datetime | None
    newest: datetime | None
    oldest: datetime | None

    @property
    def dated(self) -> int:
        """The number of entries that have a date."""
        return self.published + self.updated_only


@dataclass(frozen=True, slots=True, kw_only=True)
class IdFacts:
    """Ids of the entries; ``reused`` ids stand on different links."""

    guid: int
    link: int
    neither: int
    repeated: int
    reused: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Encoding, dates and ids of a document that was read."""

    encoding: EncodingFacts
    dates: DateFacts
    ids: IdFacts


def findings_of(document: Document, parsed: Parsed, feed: Feed, now: datetime) -> Findings:
    """Return the encoding, dates and ids of *document*."""
    return Findings(
        encoding=encoding_facts(document, parsed),
        dates=date_facts(document, parsed, feed, now),
        ids=id_facts(parsed.entries),
    )


def encoding_facts(document: Document, parsed: Parsed) -> EncodingFacts:
    """Return the encoding used for the document, and the reason."""
    header = _HEADER.search(document.content_type)
    # UTF-16 puts a zero beside every ASCII letter.
    inside = _DECLARED.search(document.body[:4096].replace(b"\0", b""))
    said = (header[1] if header else "", _ascii(inside))
    notes = [
        w for w in parsed.warnings if "declare" in w or "encoding" in w or "UTF-8" in w
    ]
    return EncodingFacts(
        used=parsed.encoding,
        header=said[0].lower(),
        declared=said[1].lower(),
        why=notes[0] if notes else _why(said),
    )


def date_facts(document: Document, parsed: Parsed, feed: Feed, now: datetime) -> DateFacts:
    """Return counts and range of the entries' dates, with the raw text of one."""
    entries = parsed.entries
    dated = [entry for entry in entries if _at(entry)]
    first = dated[0] if dated else None
    raw = (first.published_raw or first.updated_raw) if first else ""
    moments = sorted(at for at in map(_at, dated) if at)
    return DateFacts(
        zone=feed.zone,
        published=sum(entry.published_at is not None for entry in entries),
        updated_only=sum(entry.published_at is None for entry in dated),
        undated=len(entries) - len(dated),
        without_zone=sum(_needs_zone(entry, now) for entry in dated),
        unread=tuple(
            dict.fromkeys(
                e.published_raw for e in entries if e.published_raw and not _at(e)
            )
        ),
        source=_source(document.body, raw, parsed, feed),
        raw=raw,
        at=_at(first) if first else None,
        newest=moments[-1] if moments else None,
        oldest=moments[0] if moments else None,
    )


def id_facts(entries: Iterable[Entry]) -> IdFacts:
    """Return the kinds of the entries' ids, and those repeated or reused."""
    kinds = Counter(map(_kind, entries := list(entries)))
    links: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        links[entry.guid].add(entry.url)
    return IdFacts(
        guid=kinds["guid"],
        link=kinds["link"],
        neither=kinds["neither"],
        repeated=len(entries) - len(links),
        reused=tuple(guid for guid, found in links.items() if len(found) > 1),
    )


def _ascii(found: re.Match[bytes] | None) -> str:
    return (found[1] or found[2]).decode("ascii", "replace") if found else ""


def _why(said: tuple[str, str]) -> str:
    if not any(said):
        return "nothing is declared; the bytes tell"
    return "as declared"


def _at(entry: Entry) -> datetime | None:
    return entry.published_at or entry.updated_at


def _needs_zone(entry: Entry, now: datetime) -> bool:
    raw = entry.published_raw if entry.published_at else entry.updated_raw
    west, east = (parse_date(raw, zone=zone, now=now) for zone in _APART)
    return west != east


def _source(body: bytes, raw: str, parsed: Parsed, feed: Feed) -> str:
    """Return the name of the element, key or selector that *raw* stands in."""
    if not raw:
        return ""
    if feed.selectors and parsed.format.endswith("_list"):
        return " or ".join(feed.selectors.date)
    text = re.escape(raw.encode("utf-8"))
    found = re.search(
        rb"<([\w:-]+)[^<>]*>\s*(?:<!\[CDATA\[)?\s*"
        + text
        + rb'|"([\w.]+)"\s*:\s*"?'
        + text,
        body,
    )
    return (found[1] or found[2]).decode() if found else ""


def _kind(entry: Entry) -> str:
    if entry.url and entry.guid == entry.url:
        return "link"
    dates = ("", entry.published_raw, entry.updated_raw)
    made = {identity_of(entry.title, date) for date in dates}
    return "neither" if entry.guid in made else "guid"
