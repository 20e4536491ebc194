"""Check of a feed: the result of a poll, and remedies for a person."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from connectors.errors import DisallowedFeedError, FeedError
from connectors.feeds.check.findings import Findings, findings_of
from connectors.feeds.check.page_guess import guess_page
from connectors.feeds.check.report import CheckReport
from connectors.feeds.fetch.document import Document
from connectors.feeds.fetch.fetcher import Fetcher, open_fetcher
from connectors.feeds.fetch.politeness import (
    FetchOptions,
    Politeness,
    at_address,
    host_of,
    robot_name,
)
from connectors.feeds.formats.result import Parsed
from connectors.feeds.poll.others import difference
from connectors.feeds.poll.outcomes import outcome_of, remedy_of
from connectors.feeds.poll.parse_requests import ParseRequest
from connectors.feeds.poll.pool import ParserPool, open_pool
from connectors.feeds.poll.record import requested_hold
from connectors.feeds.poll.standing import is_permanent
from transforms.models import Feed, ListSelectors, Outcome
from transforms.urls.canonical import SecretUrl, redact_target, redact_url

T = TypeVar("T")
# A feed without max_silence that is this old may be dead.
SILENCE = timedelta(days=30)
LEFT_ALONE = "not asked: its host wants to be left alone for now"
NOT_FOUND = 404
PAUSE = "enabled = false"
_LOST: frozenset[Outcome] = frozenset({"gone", "moved", "not_a_feed"})
# Reasons that say themselves what to do.
_TELLING = (
    "subscribe to one",
    "plain_sitemap",
    "feeds import",
    "ask the outlet",
    "SINOWIRE_",
)


async def check_feeds(
    feeds: Sequence[Feed], *, now: datetime, options: FetchOptions
) -> AsyncGenerator[CheckReport, None]:
    """Fetch and parse *feeds* as a first poll would; yield reports in their order."""
    async with open_checker(options, now) as checker:
        looks = [asyncio.create_task(checker.report(feed, every=True)) for feed in feeds]
        async with ended(looks):
            for each in looks:
                yield await each


@asynccontextmanager
async def open_checker(options: FetchOptions, now: datetime) -> AsyncIterator[Checker]:
    """Open a checker; it asks hosts as politely as a run does."""
    async with open_fetcher(options) as fetcher, open_pool(1) as pool:
        yield Checker(fetcher, pool, Politeness(options, fetcher.resolver), now)


@asynccontextmanager
async def ended(looks: Sequence[asyncio.Task[Any]]) -> AsyncIterator[None]:
    """Cancel *looks* on exit and wait until they end."""
    try:
        yield
    finally:
        for each in looks:
            each.cancel()
        await asyncio.gather(*looks, return_exceptions=True)


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks feeds: fetches politely, parses in a separate process under a deadline."""

    fetcher: Fetcher
    pool: ParserPool
    politeness: Politeness
    now: datetime

    async def report(self, feed: Feed, *, every: bool = False) -> CheckReport:
        """Return the report on *feed*, fetched in its host's turn.

        Its second addresses are asked where its own fails, or *every* one of them, and its
        robots.txt then, too.
        """
        best = own = await self._in_turn(feed)
        said = await self._forbidden(feed) if every and not feed.selectors else []
        for url in feed.also if every or not own.ok else ():
            other = await self._in_turn(at_address(feed, url))
            why = difference(feed, other.parsed) if other.parsed else other.error
            said.append(f"second address {redact_url(url)}: {why or 'answers'}")
            if not (best.ok or why):
                best = replace(other, feed=feed)
                said.insert(0, f"its own address does not: {own.error}")
        return replace(best, warnings=(*said, *best.warnings)) if said else own

    async def _forbidden(self, feed: Feed) -> list[str]:
        """Return what a robots.txt has against a feed, which a poll does not ask."""
        try:
            await self.fetcher.robots.check(feed, feed.url)
        except DisallowedFeedError as error:
            said = error.reason.partition("; ")[0]
            return [f"{said}; it binds pages, so whether to poll this is yours to decide"]
        except FeedError:
            pass  # what is not known forbids no feed
        return []

    async def _in_turn(self, feed: Feed) -> CheckReport:
        async with self.politeness.turn(host_of(feed.url)) as granted:
            if granted:
                return await self._report(feed)
        outcome: Outcome = "transient_error"
        remedy = remedy_of(outcome)
        return CheckReport(feed=feed, outcome=outcome, error=LEFT_ALONE, remedy=remedy)

    async def parse(self, feed: Feed, document: Document) -> Parsed:
        """Return the entries of *document*, from a parser process.

        Raises:
            FeedError: It cannot be read, or not in time.
        """
        request = ParseRequest(
            body=document.body,
            feed=feed,
            content_type=document.content_type,
            base_url=document.url,
            now=self.now,
            cut_at=document.cut_at,
            deadline=self.fetcher.options.parse_deadline,
        )
        return await self.pool.parse(request)

    async def call(self, url: str, function: Callable[..., T], *args: Any) -> T:
        """Return the result of *function* on the document at *url*, from a parser process.

        Raises:
            FeedError: It took too long, or failed.
        """
        deadline = self.fetcher.options.parse_deadline
        return await self.pool.call(function, *args, url=url, deadline=deadline)

    async def _report(self, feed: Feed) -> CheckReport:
        document, robots = None, ""
        try:
            document = await self.fetcher.fetch_beginning(feed)
            robots = await _robots(feed, self.fetcher)
            parsed = await self.parse(feed, document)
            findings = await self.call(
                feed.url, findings_of, document, parsed, feed, self.now
            )
        except FeedError as error:
            return await self._failed(feed, error, document, robots)
        outcome = outcome_of(parsed)
        return CheckReport(
            feed=feed,
            outcome=outcome,
            remedy=remedy_of(outcome),
            document=document,
            parsed=parsed,
            findings=findings,
            robots=robots,
            silent_since=_silent_since(feed, findings, self.now),
            warnings=(
                *parsed.notices,
                *parsed.warnings,
                *_warnings(feed, document, parsed, findings, self.now),
            ),
        )

    async def _failed(
        self, feed: Feed, error: FeedError, document: Document | None, robots: str
    ) -> CheckReport:
        outcome: Outcome = error.outcome
        if document and document.redirects and outcome == "not_a_feed":
            outcome = "moved"
        guessed = None
        if document and outcome == "not_a_feed":
            guessed = await self._guess(feed, document)
        host = host_of(feed.url)
        await requested_hold(error, (host,), feed.feed_id, self.now, self.politeness)
        return CheckReport(
            feed=feed,
            outcome=outcome,
            error=error.reason,
            status=error.status,
            remedy=remedy_for_error(feed, error, outcome, guessed),
            guessed=guessed,
            document=document,
            robots=robots,
        )

    async def _guess(self, feed: Feed, document: Document) -> ListSelectors | None:
        page = document.body, document.content_type
        try:
            return await self.call(feed.url, guess_page, *page, feed, self.now)
        except FeedError:
            return None  # there is enough wrong with it already


async def _robots(feed: Feed, fetcher: Fetcher) -> str:
    if not feed.selectors:
        return ""
    delay = await fetcher.robots.delay(feed)
    allowed = f"allows {robot_name(feed, fetcher.options.user_agent)}"
    return f"{allowed}, {delay:g} s between pages" if delay else allowed


def _warnings(
    feed: Feed, document: Document, parsed: Parsed, findings: Findings, now: datetime
) -> Iterator[str]:
    if is_permanent(document.redirects):
        yield f'moved for good: write url = "{redact_target(document.url, feed.url)}"'
    if feed.url.startswith("http://") and document.url.startswith("https://"):
        yield "the address may be written with https"
    if parsed.entries and not any(entry.url for entry in parsed.entries):
        yield "no entry has a link: entries are told apart by guid, or by title and date"
    if reused := findings.ids.reused:
        yield f"guids that stand on different links: {len(reused)}, such as {reused[0]!r}"
    if (named := _sources(parsed, feed)) and feed.kind != "aggregator":
        yield (
            f"entries name other outlets, such as {named[0]!r}, which is not believed: "
            'write kind = "aggregator" where you trust the feed to name them'
        )
    yield from _date_warnings(feed, findings, now)


def _sources(parsed: Parsed, feed: Feed) -> list[str]:
    named = (entry.publisher for entry in parsed.entries)
    return [name for name in named if name not in ("", feed.publisher, parsed.title)]


def _date_warnings(feed: Feed, findings: Findings, now: datetime) -> Iterator[str]:
    dates = findings.dates
    if dates.unread:
        yield f"dates that were not understood, such as {dates.unread[0]!r}"
    if dates.without_zone and not (feed.timezone or feed.language):
        yield f'times without a zone are taken for {feed.zone}: write timezone = "…"'
    if dates.newest and dates.newest == dates.oldest and dates.dated > 2:  # noqa: PLR2004
        yield "all entries bear the same date: it is the document's, not the articles'"
    if silent_since := _silent_since(feed, findings, now):
        yield f"nothing new since {silent_since:%Y-%m-%d}: the feed may be dead"


def _silent_since(feed: Feed, findings: Findings, now: datetime) -> datetime | None:
    """Return the date of the newest entry, where that is too long ago."""
    newest = findings.dates.newest
    is_silent = newest and now - newest > (feed.max_silence or SILENCE)
    return newest if is_silent else None


def remedy_for_error(
    feed: Feed, error: FeedError, outcome: Outcome, guessed: ListSelectors | None
) -> str:
    """Return the remedy for *error*, "" if its reason names one already.

    *guessed* are the selectors of the list in the page that came, if one came.
    """
    is_status = error.status is not None and outcome in {"permanent_error", "gone"}
    if is_status or any(word in error.reason for word in _TELLING):
        return ""
    if outcome == "transient_error" and error.status is None:
        return remedy_of("unreached")
    usual = remedy_of(outcome)
    if outcome != "not_a_feed":
        return usual
    suggested = list_line(guessed) if guessed else ""
    if feed.selectors:
        remedy = "look at the page and correct the selectors of its list in feeds.toml"
        return f"{remedy}; this may do: {suggested}" if suggested else remedy
    if suggested:
        return f"{usual}; where it names none, read the page: {suggested}"
    return usual


def edit_for(report: CheckReport) -> str:
    """Return the line to write into the feed's table of feeds.toml, "" for none."""
    document = report.document
    if report.ok and document and is_permanent(document.redirects):
        return _moved_line(document.url, report.feed)
    if report.guessed:
        return list_line(report.guessed)
    is_lost = report.outcome in _LOST or report.status == NOT_FOUND
    return PAUSE if is_lost or report.silent_since else ""


def address_line(url: str) -> str:
    """Return an address as a line of feeds.toml."""
    return f"url = {json.dumps(url, ensure_ascii=False)}"


def _moved_line(url: str, feed: Feed) -> str:
    # Of a secret address nothing can be written that works and may be shown.
    is_public = redact_target(url, feed.url) == url and not isinstance(feed.url, SecretUrl)
    return address_line(url) if is_public else ""


def list_line(selectors: ListSelectors) -> str:
    """Return guessed *selectors* as a line of feeds.toml."""
    # A JSON string is a TOML string as well.
    parts = [f"items = {json.dumps(selectors.items)}"]
    parts += [f"date = {json.dumps(each)}" for each in selectors.date[:1]]
    return f"list = {{ {', '.join(parts)} }}"
