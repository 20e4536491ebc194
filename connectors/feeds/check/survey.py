"""Survey of a list of feeds: those that work, faults of the rest, and remedies.

For one that leads nowhere, what its site's page names is tried as its new address.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from connectors.errors import FeedError, PermanentFeedError
from connectors.feeds.check.check import (
    Checker,
    address_line,
    edit_for,
    ended,
    open_checker,
)
from connectors.feeds.check.discover import named_feeds
from connectors.feeds.check.report import CheckReport
from connectors.feeds.fetch.document import Document
from connectors.feeds.fetch.politeness import FetchOptions, at_address, host_of
from connectors.feeds.formats.source import sniff
from connectors.feeds.poll.standing import is_permanent
from transforms.models import Feed
from transforms.urls.canonical import SecretUrl, redact_url

# Fewer than these of ten, and a list wants mending before it is relied upon.
ENOUGH_OF_TEN = 9
# Links of a page that are tried as the new address of its feed.
MOST_TRIED = 3
# What failed is asked again so many at a time, with so many seconds for each.
AT_ONCE, PATIENCE = 4, 30.0
_NOWHERE = frozenset({404, 410})


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyed:
    """A surveyed feed: its *state* is the outcome, or a finding of the check.

    *edit* is what its table in feeds.toml may say instead, "" if nothing is certain;
    with *is_found*, the address of another feed, which works.
    """

    report: CheckReport
    state: str
    edit: str
    is_found: bool
    asked_at: datetime

    def row(self) -> dict[str, Any]:
        """Return the feed as a row of a table."""
        report = self.report
        dates = report.findings.dates if report.findings else None
        return {
            "feed_id": report.feed.feed_id,
            "asked_at": self.asked_at,
            "state": self.state,
            "works": report.ok,
            "outcome": report.outcome,
            "entries": report.parsed.total if report.parsed else None,
            "newest": dates.newest if dates else None,
            "error": report.error or None,
            "remedy": report.remedy or None,
            "edit": self.edit or None,
            "url": redact_url(report.feed.url),
        }


async def survey_feeds(
    feeds: Sequence[Feed],
    *,
    now: datetime,
    options: FetchOptions,
    held: Iterable[str] = (),
) -> AsyncGenerator[Surveyed, None]:
    """Check *feeds* and yield each as it ends; hosts in *held* are not asked.

    What failed is asked again, slowly, before anything is said of it: of what fails a fast
    sweep a third answers a patient one.
    """
    known = {str(url) for feed in feeds for url in (feed.url, *feed.also)}
    patient = replace(options, concurrency=AT_ONCE, timeout=max(options.timeout, PATIENCE))
    left = list(feeds)
    for each_options in (options, patient):
        async with open_checker(each_options, now) as checker:
            for host in held:
                await checker.politeness.hold(host)
            is_last = each_options is patient
            looks = [
                asyncio.create_task(_look(checker, feed, known, is_last=is_last))
                for feed in left
            ]
            left = []
            async with ended(looks):
                for each in asyncio.as_completed(looks):
                    if (found := await each).report.ok or is_last:
                        yield found
                    else:
                        left.append(found.report.feed)
            held = checker.politeness.held


def is_enough(working: int, asked: int) -> bool:
    """Tell whether enough feeds of a list work for it to be relied on."""
    return working * 10 >= asked * ENOUGH_OF_TEN


async def _look(
    checker: Checker, feed: Feed, known: set[str], *, is_last: bool
) -> Surveyed:
    found = ""
    try:
        report = await checker.report(feed)
        if is_last and not (report.ok or feed.selectors or isinstance(feed.url, SecretUrl)):
            found = await _new_address(checker, report, known)
    except Exception as exc:  # noqa: BLE001  one feed's surprise must not stop the others
        error = PermanentFeedError(feed.url, f"unexpected: {exc!r:.200}")
        report = CheckReport(feed=feed, outcome=error.outcome, error=error.reason)
    edit = address_line(found) if found else edit_for(report)
    return Surveyed(
        report=report,
        state=next(_states(report)),
        edit=edit,
        is_found=bool(found),
        asked_at=checker.now,
    )


async def _new_address(checker: Checker, report: CheckReport, known: set[str]) -> str:
    """Return the address of a working feed that the site's page names, or "".

    It is one that is not *known*, and is so afterwards.
    """
    page = report.document
    if report.status in _NOWHERE:
        page = await _front_page(checker, report.feed)
    if page is None or sniff(page.body) != "html":
        return ""
    try:
        named = await checker.call(page.url, named_feeds, page.body, page.url)
    except FeedError:
        return ""  # the page took too long
    for address in islice((each for each in named if each not in known), MOST_TRIED):
        # Another lost feed of the site must not be sent to the same address.
        known.add(address)
        other = await checker.report(at_address(replace(report.feed, also=()), address))
        if other.document and other.parsed and other.parsed.total:
            found = _public(other.document, address)
            return found if found == address or found not in known else ""
    return ""


async def _front_page(checker: Checker, feed: Feed) -> Document | None:
    front = at_address(feed, urljoin(feed.url, "/"))
    async with checker.politeness.turn(host_of(front.url)) as granted:
        try:
            return await checker.fetcher.fetch(front) if granted else None
        except FeedError:
            return None  # neither its address nor its site's page


def _public(document: Document, asked: str) -> str:
    address = document.url if is_permanent(document.redirects) else asked
    return address if redact_url(address) == address else ""


def _states(report: CheckReport) -> Iterator[str]:
    if report.outcome != "empty" and report.silent_since:
        yield "stale"
    if (
        report.outcome == "new"
        and report.document
        and is_permanent(report.document.redirects)
    ):
        yield "moved_for_good"
    yield report.outcome
