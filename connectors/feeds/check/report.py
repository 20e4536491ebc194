"""The report on a feed, and the same as JSON for a program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from connectors.feeds.check.findings import Findings
from connectors.feeds.check.report_lines import (
    SAMPLE,
    document_lines,
    fresh_seconds,
    parsed_lines,
)
from connectors.feeds.fetch.document import Document
from connectors.feeds.formats.result import Parsed
from connectors.feeds.poll.schedule import wishes_in
from transforms.models import Entry, Feed, ListSelectors, Outcome
from transforms.text.html import plain_line
from transforms.urls.canonical import canonical_url, redact_target, redact_url


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """The result of checking a feed: ``text`` for a person, ``record`` for a program.

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
        """What is wrong and what to do about it."""
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
