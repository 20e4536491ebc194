"""Poll feeds: what was new, how it ended, and where to go on next time.

feed, cursor, standing ─▶ fetch ─▶ same bytes? ─▶ parse what is new ─▶ Polled
                          Document   stop           in a process apart
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime

from connectors.feeds.fetch.fetcher import open_fetcher
from connectors.feeds.fetch.options import FetchOptions
from connectors.feeds.fetch.politeness import Politeness, host_of
from connectors.feeds.fetch.redirects import address_of
from connectors.feeds.poll.record import Polled, Recorder
from connectors.feeds.poll.standing import current
from connectors.feeds.poll.visit import Visitor
from connectors.feeds.poll.workers.parsers import Nursery
from connectors.feeds.poll.workers.pool import open_pool
from transforms.articles.reader import EntryReader
from transforms.models import Cursor, Feed, Standing

# Polls that wait for whoever commits them, each with all that it brought.
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
    """Poll *feeds* and yield each as it ends; a feed that fails is yielded as well.

    A feed whose host asked in this run to be left alone is not polled, and not
    yielded, unless *heed_holds* is False. With a *reader*, entries come as readings; a
    *nursery* that has it starts parsers at once.
    Stop iterating and nothing is left running. A slow consumer slows the fetching
    down, so memory stays bounded. What breaks outside of a poll ends the iteration
    with its exception.
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
            try:
                standing = known.get(feed.feed_id)
                async with politeness.turn(host_asked(feed, standing)) as granted:
                    cursor = cursors.get(feed.feed_id)
                    await done.put(
                        await visitor.poll(feed, cursor, standing) if granted else None
                    )
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
                if polled:
                    yield polled
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def host_asked(feed: Feed, standing: Standing | None) -> str:
    """Return the host that a poll of *feed* asks, in lower case."""
    return host_of(address_of(feed, current(feed, standing)).url)


def _is_told_to_stop() -> bool:
    """Tell our own cancellation from one that a library let escape."""
    task = asyncio.current_task()
    return bool(task and task.cancelling())


def _surprise(feed: Feed, exc: BaseException) -> Exception:
    if isinstance(exc, Exception):
        return exc
    return RuntimeError(f"the poll of feed {feed.feed_id} was cancelled from within")
