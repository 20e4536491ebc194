"""Poll feeds: what was new, how it ended, and where to go on next time.

feed, cursor ─▶ fetch ─▶ same bytes? ─▶ parse what is new ─▶ Polled
                Document   stop           in a process apart
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from connectors.errors import (
    ChallengeError,
    FeedError,
    FeedParseError,
    MovedFeedError,
    PermanentFeedError,
    TransientFeedError,
)
from connectors.feeds.fetch import Document, Fetcher, open_fetcher
from connectors.feeds.manners import Manners
from connectors.feeds.options import FetchOptions
from connectors.feeds.outcomes import outcome_of
from connectors.feeds.parsed import BROKEN_OFF, Parsed
from connectors.feeds.pool import ParserPool, open_pool
from connectors.feeds.worker import ParseRequest
from transforms.models import Cursor, Entry, Feed, Outcome, Poll
from transforms.urls import redact_url

__all__ = ["FetchOptions", "Polled", "poll_feeds"]

# A feed that fails for good is asked less often; one that is gone, once a week.
_PATIENCE: dict[Outcome, int] = {
    "permanent_error": 4,
    "not_a_feed": 4,
    "challenge": 4,
    "moved": 4,
}
_GONE = timedelta(days=7)
# What lies further ahead is a slip of the pen, and may be no date at all.
_LONGEST_PACE = timedelta(days=366)
_LATEST = datetime(9999, 1, 1, tzinfo=UTC)
PERMANENT = frozenset({301, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """One feed's poll. ``cursor`` is None where the last one still stands."""

    feed: Feed
    poll: Poll
    cursor: Cursor | None = None
    entries: list[Entry] = field(default_factory=list)
    body: bytes | None = None
    final_url: str = ""
    warnings: tuple[str, ...] = ()


async def poll_feeds(
    feeds: Iterable[Feed],
    cursors: Mapping[str, Cursor],
    *,
    run_id: str,
    now: datetime,
    options: FetchOptions,
) -> AsyncIterator[Polled]:
    """Poll *feeds* and yield each as it ends; a feed that fails is yielded as well.

    Stop iterating and nothing is left running. A slow consumer slows the
    fetching down, so memory stays bounded. What breaks outside of a poll ends
    the iteration with its exception.
    """
    done: asyncio.Queue[Polled | Exception] = asyncio.Queue(maxsize=options.concurrency)
    async with open_fetcher(options) as fetcher, open_pool(options.parsers) as pool:
        visit = _Visit(run_id, now, options, fetcher, pool)
        manners = Manners(options, fetcher.resolver)

        async def poll_one(feed: Feed) -> None:
            try:
                async with manners.turn(feed.url):
                    await done.put(await visit.poll(feed, cursors.get(feed.feed_id)))
            except (Exception, asyncio.CancelledError) as exc:
                if _is_told_to_stop():
                    raise
                # Whoever waits for this feed must hear of it, or waits for ever.
                await done.put(_surprise(feed, exc))

        tasks = [asyncio.create_task(poll_one(feed)) for feed in feeds]
        try:
            for _ in tasks:
                polled = await done.get()
                if isinstance(polled, Exception):
                    raise polled
                yield polled
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def _is_told_to_stop() -> bool:
    """Tell our own cancellation from one that a library let escape."""
    task = asyncio.current_task()
    return bool(task and task.cancelling())


def _surprise(feed: Feed, exc: BaseException) -> Exception:
    if isinstance(exc, Exception):
        return exc
    return RuntimeError(f"the poll of feed {feed.feed_id} was cancelled from within")


@dataclass(frozen=True, slots=True)
class _Visit:
    """What all polls of a run share."""

    run_id: str
    now: datetime
    options: FetchOptions
    fetcher: Fetcher
    pool: ParserPool

    async def poll(self, feed: Feed, cursor: Cursor | None) -> Polled:
        start = time.monotonic()
        cursor = cursor or Cursor()
        try:
            polled = await self._poll(feed, cursor)
        except FeedError as error:
            polled = self._failed(feed, error)
        except Exception as exc:  # noqa: BLE001  one feed's surprise must not stop the others
            surprise = PermanentFeedError(feed.url, f"unexpected: {exc!r:.200}")
            polled = self._failed(feed, surprise)
        spent = round((time.monotonic() - start) * 1000)
        return replace(polled, poll=replace(polled.poll, duration_ms=spent))

    async def _poll(self, feed: Feed, cursor: Cursor) -> Polled:
        document = await self.fetcher.fetch(feed, cursor)
        if document.is_unchanged:
            return self._unchanged(feed, document, cursor)
        digest = hashlib.sha256(document.body).hexdigest()
        if digest == cursor.body_hash:
            return self._unchanged(feed, document, cursor)
        parsed = await self._parse(feed, document, cursor)
        return self._parsed(feed, document, parsed, cursor, digest)

    def _unchanged(self, feed: Feed, document: Document, cursor: Cursor) -> Polled:
        if document.is_unchanged and not (cursor.etag or cursor.last_modified):
            raise TransientFeedError(
                feed.url, "HTTP 304 to a request that named no version", status=304
            )
        moved = replace(
            cursor,
            etag=document.etag or (cursor.etag if document.is_unchanged else ""),
            last_modified=document.last_modified
            or (cursor.last_modified if document.is_unchanged else ""),
        )
        return Polled(
            feed=feed,
            poll=self._record(feed, "unchanged", document),
            cursor=moved if moved != cursor else None,
            final_url=document.url,
        )

    async def _parse(self, feed: Feed, document: Document, cursor: Cursor) -> Parsed:
        request = ParseRequest(
            body=document.body,
            feed=feed,
            content_type=document.content_type,
            base_url=document.url,
            now=self.now,
            known=frozenset(cursor.item_hashes),
            deadline=self.options.parse_deadline,
        )
        try:
            return await self.pool.parse(request)
        except FeedError as error:
            error.status = document.status
            if document.redirects and _is_plainly_no_feed(error):
                raise _moved(feed, document, error) from error
            raise

    def _parsed(
        self, feed: Feed, document: Document, parsed: Parsed, cursor: Cursor, digest: str
    ) -> Polled:
        poll = self._record(feed, outcome_of(parsed), document)
        return Polled(
            feed=feed,
            poll=replace(
                poll, entries=parsed.total, error=BROKEN_OFF if parsed.is_cut else None
            ),
            cursor=_cursor(document, parsed, cursor, digest),
            entries=parsed.entries,
            body=document.body,
            final_url=document.url,
            warnings=(*_moved_for_good(document), *parsed.warnings),
        )

    def _record(self, feed: Feed, outcome: Outcome, document: Document) -> Poll:
        return Poll(
            feed_id=feed.feed_id,
            run_id=self.run_id,
            polled_at=self.now,
            outcome=outcome,
            http_status=document.status,
            bytes=len(document.body),
            next_poll_at=self._next_poll(feed, outcome, None),
        )

    def _failed(self, feed: Feed, error: FeedError) -> Polled:
        wait = error.retry_after if isinstance(error, TransientFeedError) else None
        until = None if wait is None else _after(self.now, timedelta(seconds=wait))
        poll = Poll(
            feed_id=feed.feed_id,
            run_id=self.run_id,
            polled_at=self.now,
            outcome=error.outcome,
            http_status=error.status,
            error=error.reason,
            next_poll_at=self._next_poll(feed, error.outcome, until),
            retry_after_at=until,
        )
        return Polled(feed=feed, poll=poll)

    def _next_poll(self, feed: Feed, outcome: Outcome, until: datetime | None) -> datetime:
        pace = min(feed.poll or self.options.default_poll, _LONGEST_PACE)
        if outcome == "gone":
            pace = max(pace, _GONE)
        at = _after(self.now, pace * _PATIENCE.get(outcome, 1))
        return max(at, until) if until else at


def _after(now: datetime, span: timedelta) -> datetime:
    try:
        return now + span
    except OverflowError:
        return _LATEST


def _is_plainly_no_feed(error: FeedError) -> bool:
    return isinstance(error, FeedParseError) and not isinstance(error, ChallengeError)


def _moved_for_good(document: Document) -> tuple[str, ...]:
    statuses = {status for status, _ in document.redirects}
    if not statuses or statuses - PERMANENT:
        return ()
    return (f"moved for good to {redact_url(document.url)[:200]}",)


def _moved(feed: Feed, document: Document, error: FeedError) -> MovedFeedError:
    target = redact_url(document.url)[:200]
    reason = f"redirects to {target}, {error.reason}; look for the feed's new address"
    return MovedFeedError(feed.url, reason, status=document.status)


def _cursor(document: Document, parsed: Parsed, cursor: Cursor, digest: str) -> Cursor:
    """Return where to go on: a document that broke off is asked for whole again.

    An empty one does not make us forget the items of the one before.
    """
    whole = not parsed.is_cut
    return Cursor(
        etag=document.etag if whole else "",
        last_modified=document.last_modified if whole else "",
        body_hash=digest,
        item_hashes=parsed.item_hashes if parsed.total else cursor.item_hashes,
    )
