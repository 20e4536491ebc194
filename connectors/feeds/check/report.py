"""Report on a feed: lines for a person, JSON for a program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from connectors.feeds.check.findings import DateFacts, EncodingFacts, Findings, IdFacts
from connectors.feeds.fetch.document import Document
from connectors.feeds.formats.result import Parsed
from connectors.feeds.poll.schedule import wishes_in
from connectors.net.headers import fresh_for
from transforms.models import Entry, Feed, ListSelectors, Outcome
from transforms.text.html import plain_line
from transforms.urls.canonical import canonical_url, redact_target, redact_url

SAMPLE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """The result of a check: ``text`` for a person, ``record`` for a program.

    *guessed* reads the list of the page that came in place of a feed; *silent_since* is
    the date of the newest entry, where that is too long ago.
    """

    feed: Feed
    outcome: Outcome
    error: str = ""
    status: int | None = None
    remedy: str = ""
    guessed: ListSelectors | None = None
    document: Document | None = None
    parsed: Parsed | None = None
    findings: Findings | None = None
    robots: str = ""
    silent_since: datetime | None = None
    warnings: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Tell whether the feed can be read."""
        return self.parsed is not None

    @property
    def sentence(self) -> str:
        """The fault and its remedy, in one sentence."""
        name = self.feed.feed_id
        end = f"; {self.remedy}" if self.remedy else ""
        return f"{name}: {self.error or self.outcome}{end}"

    def text(self) -> str:
        """Return the report as lines to print."""
        return "\n".join(self._lines())

    def record(self) -> dict[str, Any]:
        """Return the report as a JSON object."""
        return {
            "feed_id": self.feed.feed_id,
            "url": redact_url(self.feed.url),
            "ok": self.ok,
            "outcome": self.outcome,
            "error": self.error or None,
            "remedy": self.remedy or None,
            "warnings": list(self.warnings),
            "robots": self.robots or None,
            "answer": _answer(self.document, self.feed) if self.document else None,
            **(_content(self.parsed, self.findings)),
        }

    def _lines(self) -> Iterator[str]:
        yield f"{self.feed.feed_id}  {redact_url(self.feed.url)}"
        yield f"  outcome   {self.outcome}" + (f": {self.error}" if self.error else "")
        if self.document:
            yield from document_lines(self.document, self.feed)
        if self.robots:
            yield f"  robots    {self.robots}"
        if self.parsed and self.findings:
            yield from parsed_lines(self.parsed, self.findings)
        told = self.findings.encoding.why if self.findings else ""
        for warning in self.warnings:
            if warning == told:
                continue
            yield f"  warning   {warning}"
        if self.remedy:
            yield f"  remedy    {self.remedy}"


def _answer(document: Document, feed: Feed) -> dict[str, Any]:
    wishes = wishes_in(document.body)
    fresh = fresh_seconds(document)
    return {
        "status": document.status,
        "url": redact_target(document.url, feed.url),
        "bytes": len(document.body),
        "content_type": document.content_type,
        "redirects": [
            {"status": status, "to": redact_target(to, feed.url)}
            for status, to in document.redirects
        ],
        "etag": document.etag,
        "last_modified": document.last_modified,
        "cache_control": document.cache_control,
        "expires": document.expires,
        "fresh_seconds": fresh,
        "ttl_seconds": wishes.ttl.total_seconds() if wishes.ttl else None,
        "update_seconds": wishes.claim.total_seconds() if wishes.claim else None,
    }


def _content(parsed: Parsed | None, findings: Findings | None) -> dict[str, Any]:
    if not parsed or not findings:
        return {"format": None, "sample": []}
    return {
        "format": parsed.format,
        "title": parsed.title,
        "encoding": asdict(findings.encoding),
        "entries": parsed.total,
        "dates": {**asdict(findings.dates), "dated": findings.dates.dated},
        "ids": asdict(findings.ids),
        "sample": [_sampled(entry) for entry in parsed.entries[:SAMPLE]],
    }


def _sampled(entry: Entry) -> dict[str, Any]:
    return {
        "title": plain_line(entry.title),
        "url": canonical_url(entry.url),
        "guid": entry.guid,
        "published_at": entry.published_at,
        "published_raw": entry.published_raw,
        "updated_at": entry.updated_at,
        "publisher": entry.publisher,
        "language": entry.language,
    }


def document_lines(document: Document, feed: Feed) -> Iterator[str]:
    """Yield the server's answer: status, redirects, caching and pace."""
    kind = document.content_type or "no content type"
    yield f"  answer    HTTP {document.status}, {len(document.body):,} bytes, {kind}"
    for status, location in document.redirects:
        yield f"  redirect  {status} to {redact_target(location, feed.url)}"
    yield f"  caching   {_validators(document)}"
    if pace := "; ".join(_pace(document)):
        yield f"  pace      {pace}"


def _validators(document: Document) -> str:
    named = [
        f"{name} {value}"
        for name, value in (
            ("ETag", document.etag),
            ("Last-Modified", document.last_modified),
        )
        if value
    ]
    return ", ".join(named) or "no validators: every poll transfers it whole"


def _pace(document: Document) -> Iterator[str]:
    """Yield the pace of polls that the server and the feed ask for."""
    if document.cache_control:
        yield f"Cache-Control {document.cache_control}"
    if fresh := fresh_seconds(document):
        yield f"fresh for {_minutes(fresh)}"
    wishes = wishes_in(document.body)
    if wishes.ttl:
        yield f"ttl {_minutes(wishes.ttl.total_seconds())}"
    if wishes.claim:
        yield f"says it changes every {_minutes(wishes.claim.total_seconds())}"


def fresh_seconds(document: Document) -> float | None:
    """Return the seconds for which the answer is fresh by its headers."""
    fresh = fresh_for(
        document.cache_control,
        age=document.age,
        expires=document.expires,
        date=document.date,
    )
    return fresh.total_seconds() if fresh else None


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:g} min" if seconds >= 60 else f"{seconds:g} s"  # noqa: PLR2004


def parsed_lines(parsed: Parsed, findings: Findings) -> Iterator[str]:
    """Yield counts of the document's contents, with a sample of its entries."""
    yield f"  format    {parsed.format}" + (f", {parsed.title!r}" if parsed.title else "")
    yield f"  encoding  {_encoding(findings.encoding)}"
    yield f"  entries   {parsed.total}{_texts(parsed)}"
    yield f"  ids       {_ids(findings.ids)}"
    yield from _date_lines(findings.dates)
    for entry in parsed.entries[:SAMPLE]:
        yield f"  ·  {_when(entry):25} {plain_line(entry.title)[:100]}"
        yield f"     {canonical_url(entry.url) or 'no link'}"


def _encoding(facts: EncodingFacts) -> str:
    said = ", ".join(
        f"{who} says {what}"
        for who, what in (("header", facts.header), ("document", facts.declared))
        if what
    )
    known = facts.used or "unknown"
    return f"{known} ({said}): {facts.why}" if said else f"{known}: {facts.why}"


def _texts(parsed: Parsed) -> str:
    entries = parsed.entries
    counts = (
        ("with a summary", sum(bool(entry.summary) for entry in entries)),
        ("with full text", sum(bool(entry.content) for entry in entries)),
        ("without a link", sum(not entry.url for entry in entries)),
        ("without a title", sum(not plain_line(entry.title) for entry in entries)),
    )
    return "".join(f", {count} {what}" for what, count in counts if count)


def _ids(facts: IdFacts) -> str:
    counts = (
        ("by guid", facts.guid),
        ("by link", facts.link),
        ("by title and date, for want of guid and link", facts.neither),
    )
    return ", ".join(f"{count} {what}" for what, count in counts if count) or "none"


def _date_lines(facts: DateFacts) -> Iterator[str]:
    total = facts.dated + facts.undated
    if not total:
        return
    parts = [f"{facts.dated} of {total} dated"]
    if facts.updated_only:
        parts.append(f"{facts.updated_only} by their last change only")
    if facts.raw and facts.at:
        where = f"{facts.source}: " if facts.source else ""
        parts.append(f"{where}{facts.raw!r} is {_utc(facts.at)}")
    yield f"  dates     {', '.join(parts)}"
    if facts.newest and facts.oldest:
        yield f"            from {_utc(facts.oldest)} to {_utc(facts.newest)}"
    if facts.without_zone:
        read = f"{facts.without_zone} name no zone and are read in {facts.zone}"
    else:
        read = f"named by all; {facts.zone} for times that name none"
    if facts.dated:
        yield f"  zone      {read}"


def _utc(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _when(entry: Entry) -> str:
    at = entry.published_at or entry.updated_at
    return at.isoformat(timespec="minutes") if at else "no date"
