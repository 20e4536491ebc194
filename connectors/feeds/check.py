"""Say what the pipeline would do with a feed, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from connectors.errors import FeedError
from connectors.feeds.fetch import Document, open_fetcher
from connectors.feeds.options import FetchOptions
from connectors.feeds.outcomes import outcome_of
from connectors.feeds.parsed import Parsed
from connectors.feeds.pool import open_pool
from connectors.feeds.worker import ParseRequest
from transforms.html import plain_line
from transforms.models import Entry, Feed, Outcome
from transforms.urls import canonical_url, redact_url

SAMPLE = 5

_REMEDIES: dict[Outcome, str] = {
    "not_a_feed": "`sinowire feeds add PAGE` finds the feed that a page names",
    "challenge": "try another user_agent or a proxy, or another feed of the same outlet",
    "moved": "look for the new address on the outlet's page and change the url",
    "gone": "remove the feed",
    "transient_error": "try again later; the pipeline does so by itself",
    "permanent_error": "mend the address or its headers in feeds.toml",
    "empty": "nothing to mend unless it stays empty",
    "undated": "entries are dated by first sight; nothing to mend",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What one look at a feed told; ``text`` is it in words."""

    feed: Feed
    outcome: Outcome
    error: str = ""
    document: Document | None = None
    parsed: Parsed | None = None
    warnings: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Tell whether the feed can be read."""
        return self.parsed is not None

    @property
    def remedy(self) -> str:
        """What a person can do about it, if anything."""
        return _REMEDIES.get(self.outcome, "")

    def text(self) -> str:
        """Return the report as lines to print."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{self.feed.feed_id}  {redact_url(self.feed.url)}"
        yield f"  outcome   {self.outcome}" + (f": {self.error}" if self.error else "")
        if self.document:
            yield from _document_lines(self.document)
        if self.parsed:
            yield from _parsed_lines(self.parsed, self.feed)
        for warning in self.warnings:
            yield f"  warning   {warning}"
        if self.remedy:
            yield f"  remedy    {self.remedy}"


async def check_feed(feed: Feed, *, now: datetime, options: FetchOptions) -> CheckReport:
    """Fetch and parse *feed* as a first poll would, and report; raises nothing."""
    document = None
    try:
        async with open_fetcher(options) as fetcher, open_pool(1) as pool:
            document = await fetcher.fetch(feed)
            parsed = await pool.parse(
                ParseRequest(
                    body=document.body,
                    feed=feed,
                    content_type=document.content_type,
                    base_url=document.url,
                    now=now,
                    known=frozenset(),
                    deadline=options.parse_deadline,
                )
            )
    except FeedError as error:
        outcome: Outcome = error.outcome
        if document and document.redirects and outcome == "not_a_feed":
            outcome = "moved"
        return CheckReport(
            feed=feed, outcome=outcome, error=error.reason, document=document
        )
    return CheckReport(
        feed=feed,
        outcome=outcome_of(parsed),
        document=document,
        parsed=parsed,
        warnings=(*parsed.warnings, *_warnings(feed, document, parsed)),
    )


def _document_lines(document: Document) -> Iterator[str]:
    kind = document.content_type or "no content type"
    yield f"  answer    HTTP {document.status}, {len(document.body):,} bytes, {kind}"
    for status, location in document.redirects:
        yield f"  redirect  {status} to {redact_url(location)}"
    validators = [
        name
        for name, value in (
            ("ETag", document.etag),
            ("Last-Modified", document.last_modified),
        )
        if value
    ]
    caching = " and ".join(validators) or "no validators: every poll transfers it whole"
    yield f"  caching   {caching}"


def _parsed_lines(parsed: Parsed, feed: Feed) -> Iterator[str]:
    encoding = parsed.encoding or "encoding unknown"
    yield f"  format    {parsed.format}, {encoding}, {parsed.title!r}"
    dated = [entry for entry in parsed.entries if entry.published_at or entry.updated_at]
    yield f"  entries   {parsed.total}, {len(dated)} of them dated"
    yield f"  zone      {feed.zone} for times that name none"
    for entry in parsed.entries[:SAMPLE]:
        yield f"  ·  {_when(entry):25} {plain_line(entry.title)[:100]}"
        yield f"     {canonical_url(entry.url) or 'no link'}"


def _when(entry: Entry) -> str:
    at = entry.published_at or entry.updated_at
    return at.isoformat(timespec="minutes") if at else "no date"


def _warnings(feed: Feed, document: Document, parsed: Parsed) -> Iterator[str]:
    if document.redirects and all(status in {301, 308} for status, _ in document.redirects):
        yield f'moved for good: write url = "{redact_url(document.url)}"'
    unread = [e for e in parsed.entries if e.published_raw and not e.published_at]
    if unread:
        yield f"dates that were not understood, such as {unread[0].published_raw!r}"
    if parsed.entries and not any(entry.url for entry in parsed.entries):
        yield "no entry has a link: entries are told apart by guid, or by title and date"
    if feed.url.startswith("http://") and document.url.startswith("https://"):
        yield "the address may be written with https"
