"""Polls of feeds: new entries, outcomes, and the cursor for the next poll.

feed, cursor, standing ─▶ fetch ─▶ same bytes? ─▶ parse what is new ─▶ Polled
                          Document   stop           in a process apart
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from connectors.errors import (
    ChallengeError,
    FeedError,
    FeedParseError,
    MovedFeedError,
    Obstacle,
    PermanentFeedError,
    SlowFeedError,
    TransientFeedError,
)
from connectors.feeds.fetch.document import Document
from connectors.feeds.fetch.fetcher import open_fetcher
from connectors.feeds.fetch.politeness import FetchOptions, Politeness, host_of
from connectors.feeds.formats.result import BROKEN_OFF, POSTPONED, Parsed
from connectors.feeds.poll import others
from connectors.feeds.poll.nursery import Nursery
from connectors.feeds.poll.outcomes import outcome_of
from connectors.feeds.poll.parse_requests import ParseRequest
from connectors.feeds.poll.pool import ParserPool, open_pool
from connectors.feeds.poll.record import (
    Polled,
    Recorder,
    document_notices,
    next_cursor,
    notices_of,
    requested_hold,
)
from connectors.feeds.poll.schedule import window_of
from connectors.feeds.poll.standing import (
    LIED,
    address_of,
    addresses,
    after_failure,
    after_parsed,
    after_unchanged,
    current,
    is_distrusted,
    is_elsewhere,
    is_permanent,
    validators,
    without_validators,
)
from transforms.articles.reader import EntryReader
from transforms.models import Cursor, Feed, Standing
from transforms.urls.canonical import redact_target

# Finished polls that wait to be committed, each with its entries.
READY = 8


async def poll_feeds(
    feeds: Iterable[Feed],
    cursors: Mapping[str, Cursor],
    standings: Mapping[str, Standing] | None = None,
    *,
    run_id: str,
    now: datetime,
    options: FetchOptions,
    heed_holds: bool = True,
    reader: EntryReader | None = None,
    nursery: Nursery | None = None,
) -> AsyncIterator[Polled]:
    """Poll *feeds* and yield each as it ends, one that fails as well.

    A feed whose host asked in this run to be left alone is not polled, and not
    yielded, unless *heed_holds* is False. With a *reader*, entries come as readings; a
    *nursery* that has it starts parsers at once.
    Stop iterating and nothing is left running. A slow consumer slows the fetching
    down, so memory stays bounded. An error outside of a poll ends the iteration.
    """
    known = standings or {}
    done: asyncio.Queue[Polled | Exception | None] = asyncio.Queue(maxsize=READY)
    async with (
        open_fetcher(options) as fetcher,
        open_pool(options.parsers, reader, nursery) as pool,
    ):
        politeness = Politeness(options, fetcher.resolver, heed_holds=heed_holds)
        visitor = Visitor(Recorder(run_id, now, options), fetcher, pool, politeness)

        async def poll_one(feed: Feed) -> None:
            key = feed.feed_id
            try:
                async with visitor.poll(feed, cursors.get(key), known.get(key)) as polled:
                    await done.put(polled)
            except (Exception, asyncio.CancelledError) as exc:
                task = asyncio.current_task()
                # A library may let a cancellation escape that is not of this task.
                if task and task.cancelling():
                    raise
                # The consumer counts on one result per feed, or it waits for ever.
                await done.put(_surprise(feed, exc))

        tasks = [asyncio.create_task(poll_one(feed)) for feed in feeds]
        try:
            for _ in tasks:
                polled = await done.get()
                if isinstance(polled, Exception):
                    raise polled
                if polled:
                    yield polled
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def hosts_asked(feed: Feed, standing: Standing | None) -> list[str]:
    """Return the hosts that a poll of *feed* may connect to, the first one first."""
    now = current(feed, standing)
    return [
        host_of(address_of(feed, replace(now, other_url=url)).url)
        for url in addresses(feed, now)
    ]


def _surprise(feed: Feed, exc: BaseException) -> Exception:
    if isinstance(exc, Exception):
        return exc
    return RuntimeError(f"the poll of feed {feed.feed_id} was cancelled from within")


class Fetches(Protocol):
    """Whoever brings the document of a feed."""

    async def fetch_beginning(self, feed: Feed, cursor: Cursor | None = None) -> Document:
        """Return the feed's document; the request is conditional on *cursor*."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """State that all polls of a run share."""

    records: Recorder
    fetcher: Fetches
    pool: ParserPool
    politeness: Politeness

    @asynccontextmanager
    async def poll(
        self, feed: Feed, cursor: Cursor | None, known: Standing | None
    ) -> AsyncIterator[Polled | None]:
        """Poll *feed* in the turn of its host; yield None if that is held.

        A failure becomes an outcome, none is raised; the feed's other addresses are tried
        before, each in the turn of its own host.
        """
        standing = current(feed, known)
        cursor = cursor or Cursor()
        if is_elsewhere(known, feed):
            cursor = without_validators(cursor)
        failures: list[others.Failure] = []
        for url in addresses(feed, standing):
            visit = _Visit(self, feed, cursor, standing).at(url)
            if not others.may_ask(visit.host, failures, standing):
                continue
            async with self.politeness.turn(visit.host) as granted:
                if not granted:
                    continue
                polled, error = await visit.answer()
                if error is None:
                    polled = replace(polled, hold=others.hold_of(failures))
                    yield _noted(polled, known, standing)
                    return
            failures.append(others.Failure(url, visit.host, error, polled))
        failed = others.joined(failures, standing) if failures else None
        yield failed and _noted(failed, known, standing)


def _noted(polled: Polled, known: Standing | None, before: Standing) -> Polled:
    """Return *polled* with notices, and a standing only where it is not as *known*."""
    now = polled.standing or before
    return replace(
        polled,
        standing=None if now == known else now,
        notices=(*notices_of(polled.feed, before, now), *polled.notices),
    )


@dataclass(frozen=True, slots=True)
class _Visit:
    run: Visitor
    feed: Feed
    cursor: Cursor
    standing: Standing
    is_moving: bool = False

    @property
    def host(self) -> str:
        """The host that is asked."""
        return host_of(address_of(self.feed, self.standing).url)

    def at(self, url: str) -> _Visit:
        """Return a visit to another address of the feed, without the known versions."""
        if url == self.standing.other_url:
            return self
        return replace(
            self,
            cursor=without_validators(self.cursor),
            standing=replace(self.standing, other_url=url),
            is_moving=bool(url),
        )

    async def answer(self) -> tuple[Polled, FeedError | None]:
        """Return the poll, and the error where it failed."""
        start = time.monotonic()
        failure: FeedError | None = None
        try:
            polled = await self.poll()
        except FeedError as error:
            failure = error
        except Exception as exc:  # noqa: BLE001  one feed's surprise must not stop the others
            failure = PermanentFeedError(self.feed.url, f"unexpected: {exc!r:.200}")
        if failure:
            polled = await self.failed(failure)
        milliseconds = round((time.monotonic() - start) * 1000)
        return replace(polled, poll=replace(polled.poll, duration_ms=milliseconds)), failure

    @property
    def now(self) -> datetime:
        return self.run.records.now

    async def poll(self) -> Polled:
        asked = address_of(self.feed, self.standing)
        sent = validators(self.cursor, self.standing, self.feed.feed_id, self.now)
        document = await self.run.fetcher.fetch_beginning(asked, sent)
        if document.is_unchanged:
            return self._unchanged(document, sent)
        digest = hashlib.sha256(document.body).hexdigest()
        if digest == self.cursor.body_hash:
            return self._unchanged(document, sent)
        parsed = await self._parse(document)
        if self.is_moving and (why := others.difference(self.feed, parsed)):
            raise FeedParseError(self.feed.url, why, status=document.status)
        lied = bool(parsed.entries) and await self._lies(asked, sent)
        return self._parsed(document, parsed, digest, lied=lied)

    async def _lies(self, asked: Feed, sent: Cursor) -> bool:
        """Fetch with the old validators; tell whether the answer is "not modified"."""
        if sent == self.cursor or is_distrusted(self.standing, self.now):
            return False
        try:
            again = await self.run.fetcher.fetch_beginning(asked, self.cursor)
        except FeedError:
            return False  # no answer is no lie
        return again.is_unchanged

    def _unchanged(self, document: Document, sent: Cursor) -> Polled:
        if document.is_unchanged and not (sent.etag or sent.last_modified):
            raise TransientFeedError(
                self.feed.url, "HTTP 304 to a request that named no version", status=304
            )
        cursor = self.cursor
        moved = replace(
            cursor,
            etag=document.etag or (cursor.etag if document.is_unchanged else ""),
            last_modified=document.last_modified
            or (cursor.last_modified if document.is_unchanged else ""),
        )
        standing = after_unchanged(self.standing, self.feed, document, self.now)
        return Polled(
            feed=self.feed,
            poll=self.run.records.success(self.feed, "unchanged", document, standing),
            cursor=moved if moved != cursor else None,
            standing=standing,
            final_url=document.url,
        )

    async def _parse(self, document: Document) -> Parsed:
        request = ParseRequest(
            body=document.body,
            feed=self.feed,
            content_type=document.content_type,
            base_url=document.url,
            now=self.now,
            known=frozenset(self.cursor.item_hashes),
            limit=self.run.records.options.entries_per_poll,
            cut_at=document.cut_at,
            deadline=self.run.records.options.parse_deadline,
        )
        try:
            return await self.run.pool.parse(request)
        except FeedError as error:
            error.status = document.status
            error.obstacle = _page_instead(self.feed, document, error)
            if document.redirects and _is_plainly_no_feed(error):
                raise _moved(self.feed, document, error) from error
            raise

    def _parsed(
        self, document: Document, parsed: Parsed, digest: str, *, lied: bool
    ) -> Polled:
        standing = after_parsed(
            self.standing, self.feed, document, parsed.entries, self.now, lied=lied
        )
        outcome = outcome_of(parsed)
        reach, lost = self._passed(parsed)
        poll = self.run.records.success(self.feed, outcome, document, standing, reach=reach)
        return Polled(
            feed=self.feed,
            poll=replace(poll, entries=parsed.total, error=_error(parsed, lost, lied=lied)),
            cursor=next_cursor(document, parsed, self.cursor, digest),
            standing=standing,
            entries=parsed.entries,
            readings=parsed.readings,
            body=document.body,
            body_hash=digest,
            document=replace(document, body=b""),
            final_url=document.url,
            notices=document_notices(self.feed, parsed, lost),
            warnings=(*_moved_for_good(self.feed, document), *parsed.warnings),
        )

    def _passed(self, parsed: Parsed) -> tuple[timedelta | None, str]:
        """Return how far back a document goes that was soon new, and what it lost."""
        if not self.cursor.item_hashes or parsed.is_cut or parsed.postponed:
            return None, ""
        return window_of(self.standing, parsed.entries, parsed.total)

    async def failed(self, error: FeedError) -> Polled:
        standing = after_failure(self.standing, error.outcome)
        hosts = self.host, host_of(self.feed.url)
        until, hold = await requested_hold(
            error, hosts, self.feed.feed_id, self.now, self.run.politeness
        )
        return Polled(
            feed=self.feed,
            poll=self.run.records.failure(self.feed, error, standing, until),
            cursor=self._cursor_after(standing),
            standing=standing,
            hold=hold,
            obstacle=error.obstacle,
        )

    def _cursor_after(self, standing: Standing) -> Cursor | None:
        """Return a cursor without validators where an address was given up, else None."""
        if not self.standing.adopted_at or standing.adopted_at:
            return None
        return without_validators(self.cursor)


def _error(parsed: Parsed, lost: str, *, lied: bool) -> str | None:
    """Return the error to record for a document that was not read to its end."""
    if parsed.is_cut:
        return BROKEN_OFF
    if parsed.postponed:
        return POSTPONED
    return (LIED if lied else lost) or None


def _is_plainly_no_feed(error: FeedError) -> bool:
    return isinstance(error, FeedParseError) and not isinstance(error, ChallengeError)


def _moved_for_good(feed: Feed, document: Document) -> tuple[str, ...]:
    if not is_permanent(document.redirects):
        return ()
    target = redact_target(document.url, feed.url)
    return (f"moved for good to {target[:200]}",)


def _moved(feed: Feed, document: Document, error: FeedError) -> MovedFeedError:
    target = redact_target(document.url, feed.url)
    return MovedFeedError(
        feed.url,
        f"redirects to {target[:200]}, {error.reason}; look for the feed's new address",
        status=document.status,
        obstacle=error.obstacle,
    )


def _page_instead(feed: Feed, document: Document, error: FeedError) -> Obstacle | None:
    """Return the page that came in place of a feed: a portal has one for all hosts.

    It leads them to a host of its own, or repeats what it was asked for.
    """
    if not isinstance(error, FeedParseError) or isinstance(error, SlowFeedError):
        return None
    asked, answered = host_of(feed.url), host_of(document.url)
    body = document.body
    for own in (feed.url, document.url, asked):
        body = body.replace(own.encode(), b"")
    page = answered if answered != asked else hashlib.sha256(body).hexdigest()
    return Obstacle("page", error.reason, page)
