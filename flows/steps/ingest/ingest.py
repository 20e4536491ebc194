"""One pass over the feeds, without Prefect.

begin ─▶ poll and read ─▶ gather ─▶ load_batch ─▶ … next batch … ─▶ finish
         connectors  transforms    warehouse: one transaction with the cursors

A batch is the unit of a commit: killed anywhere, a rerun polls the feeds that
did not commit again, and their cursors still stand where they stood.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from connectors.feeds.fetch.options import FetchOptions
from connectors.feeds.poll.outcomes import FAILURES
from connectors.feeds.poll.poll import host_asked, poll_feeds
from connectors.feeds.poll.record import Polled
from connectors.feeds.poll.standing import public_url
from connectors.feeds.poll.workers.parsers import Nursery
from flows import __version__
from flows.home import Config
from flows.settings import Settings
from flows.steps.clock import Clock
from flows.steps.ingest.batch import Batch, gather
from flows.steps.ingest.load import load_batch
from flows.steps.ingest.raw import keep_document
from flows.steps.summary import Summary
from flows.steps.turns import KeptTurn, Turns
from flows.steps.warehouse import refuse_other_rules, sync_rules
from transforms.articles.outlets import outlet_name
from transforms.config import ConfigError
from transforms.models import Cursor, Feed, Run, Standing
from transforms.urls.shards import Shard
from warehouse import feeds as feed_store
from warehouse import runs as run_store
from warehouse.errors import WarehouseCramped
from warehouse.feeds import PollState
from warehouse.file.connect import APPENDING, REWRITING, transaction
from warehouse.news import stories as story_store

Report = Callable[[str], None]
log = logging.getLogger("sinowire.polls")
# Who reads sentences asks for the health of feeds.
log.addHandler(logging.NullHandler())
# New entries that are held in memory and committed together: a first poll has many.
BATCH_ENTRIES = 1_500


@dataclass(frozen=True, kw_only=True)
class PollPlan:
    """A pass about to start: which feeds, from where, and who is new and so silent.

    Parsers come from the *nursery*; without one, they are started when needed. Of a
    *shard*, other hosts poll the other feeds.
    """

    config: Config
    clock: Clock
    run: Run
    feeds: list[Feed]
    held: int
    cursors: Mapping[str, Cursor]
    standings: Mapping[str, Standing]
    pretend: bool
    report: Report
    silent: frozenset[str]
    turns: Turns
    nursery: Nursery | None = None
    shard: Shard | None = None


Commit = Callable[[PollPlan, list[Polled]], Awaitable[Summary]]


def begin(
    config: Config,
    clock: Clock,
    *,
    only: Iterable[str] = (),
    shard: Shard | None = None,
    due: bool = False,
    pretend: bool = False,
    report: Report,
) -> PollPlan:
    """Record the start of a pass and read where each feed stands.

    With *due*, feeds wait for their own rhythm and back-off; a pass that a person
    asks for holds back only what a server told us to (``Retry-After``, which counts
    for all feeds of its host), and one under a pretended clock holds back nothing.
    Of a *shard*, the feeds of the other ones are not asked.

    Raises:
        ConfigError: *only* names a feed that is not configured.
    """
    config.check()
    now = clock()
    run_id = f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    turns = KeptTurn()
    with turns.open(config.settings, "run", report) as con, transaction(con):
        recounted = feed_store.sync_feeds(con, [_public(feed) for feed in config.feeds])
        refuse_other_rules(con, config, now)
        sync_rules(con, config)
        if recounted:
            story_store.refresh_stories_of(con, recounted, config.watchlist.rules_version)
        run_store.end_stale_runs(con, now)
        states = feed_store.poll_state(con)
        cursors = feed_store.cursors(con)
        standings = feed_store.standings(con)
        hosts = feed_store.held_hosts(con, now)
        seeded = {feed_id for feed_id, state in states.items() if state.seeded}
        wanted = _wanted(config.feeds, frozenset(only), shard)
        if shard and not wanted:
            report(f"no enabled feed is in shard {shard}: nothing to poll")
        ready = [
            feed
            for feed in wanted
            if pretend
            or only
            or (
                _ready(states.get(feed.feed_id), now, due=due)
                and host_asked(feed, standings.get(feed.feed_id)) not in hosts
            )
        ]
        # Who was told to come back later goes last, or its next refusal would hold its
        # host's other feeds back for ever.
        ready.sort(key=lambda feed: _was_told_to_wait(states.get(feed.feed_id)))
        run = _run(config, run_id, now)
        run_store.begin_run(con, run)
    return PollPlan(
        config=config,
        clock=clock,
        run=run,
        feeds=ready,
        held=len(wanted) - len(ready),
        cursors=cursors,
        standings=standings,
        pretend=pretend,
        report=report,
        silent=frozenset(feed.feed_id for feed in ready) - seeded,
        turns=turns,
        shard=shard,
    )


async def ingest(plan: PollPlan, commit: Commit, progress: Report) -> Summary:
    """Poll the plan's feeds and commit what they bring, batch after batch."""
    summary = Summary(run_id=plan.run.run_id, held=plan.held)
    try:
        async for batch in _batches(plan):
            summary.add([await commit(plan, batch)])
            _log(plan, batch)
            for notice in (line for polled in batch for line in polled.notices):
                plan.report(f"warning: {notice}")
            progress(f"{summary.feeds} of {len(plan.feeds)} feeds")
    except BaseException:
        plan.turns.let_go()
        raise
    # Their hosts asked in this very run to be left alone.
    summary.held += len(plan.feeds) - summary.feeds
    return summary


def _log(plan: PollPlan, batch: list[Polled]) -> None:
    """Tell how each poll ended, to whoever collects logs."""
    for poll in (polled.poll for polled in batch):
        level = logging.WARNING if poll.outcome in FAILURES else logging.INFO
        ids = {
            "run_id": plan.run.run_id,
            "feed_id": poll.feed_id,
            "outcome": poll.outcome,
        }
        log.log(level, "%s: %s", poll.feed_id, poll.error or poll.outcome, extra=ids)


async def commit_batch(plan: PollPlan, polls: list[Polled]) -> Summary:
    """Commit one batch of polls, in a thread: fetches in flight go on."""
    return await asyncio.to_thread(_commit_batch, plan, polls)


def _commit_batch(plan: PollPlan, polls: list[Polled]) -> Summary:
    now = plan.clock()
    batch = gather(polls)
    try:
        return _load(plan, batch, now, memory=APPENDING)
    except WarehouseCramped:
        # Thousands of very long articles. What was committed is known, and not doubled.
        return _load(plan, batch, now, memory=REWRITING)


def _load(plan: PollPlan, batch: Batch, now: datetime, *, memory: str) -> Summary:
    with plan.turns.open(plan.config.settings, "run", memory=memory) as con:
        return load_batch(
            con,
            batch,
            plan.config,
            run_id=plan.run.run_id,
            now=now,
            silent=plan.silent,
        )


def finish(plan: PollPlan, summary: Summary, *, report: Report) -> None:
    """Record how the pass ended."""
    turn = plan.turns.open(plan.config.settings, "run", report)
    with turn as con, transaction(con):
        run_store.finish_run(
            con,
            plan.run.run_id,
            ended_at=plan.clock(),
            outcome="failed" if summary.failed else "completed",
            feeds=summary.feeds,
            new_articles=summary.new_articles,
            alerts=len(summary.alerts),
        )


def fetch_options(settings: Settings) -> FetchOptions:
    """Return the fetcher's options as the settings have them."""
    return FetchOptions(
        user_agent=settings.user_agent,
        timeout=settings.timeout_seconds,
        max_bytes=settings.max_bytes,
        concurrency=settings.concurrency,
        per_host=settings.per_host,
        spacing=settings.host_spacing_seconds,
        allow_private=settings.allow_private_addresses,
        proxy=settings.proxy,
        default_poll=timedelta(minutes=settings.poll_minutes),
        shortest_poll=timedelta(minutes=settings.poll_shortest_minutes),
        longest_poll=timedelta(minutes=settings.poll_longest_minutes),
        entries_per_poll=settings.entries_per_poll,
    )


async def _batches(plan: PollPlan) -> AsyncIterator[list[Polled]]:
    settings = plan.config.settings
    batch: list[Polled] = []
    entries = 0
    async for polled in poll_feeds(
        plan.feeds,
        plan.cursors,
        plan.standings,
        run_id=plan.run.run_id,
        now=plan.clock(),
        options=fetch_options(settings),
        reader=plan.config.reader,
        nursery=plan.nursery,
        heed_holds=not plan.pretend,
    ):
        batch.append(_kept(polled, settings))
        entries += len(polled.entries)
        if len(batch) == settings.shard_size or entries >= BATCH_ENTRIES:
            yield batch
            batch, entries = [], 0
    if batch:
        yield batch


def _kept(polled: Polled, settings: Settings) -> Polled:
    """Put the raw document away, so that a batch in memory is small."""
    if polled.body and settings.raw_retention_days:
        keep_document(settings.data, polled.body_hash, polled.body)
    return replace(polled, body=None)


def _wanted(feeds: Iterable[Feed], only: frozenset[str], shard: Shard | None) -> list[Feed]:
    by_id = {feed.feed_id: feed for feed in feeds}
    for feed_id in sorted(only - by_id.keys()):
        raise ConfigError(
            "--feed",
            f"{feed_id!r} is not a feed in feeds.toml",
            "`sinowire feeds list` shows their ids",
        )
    return [
        feed
        for feed in by_id.values()
        if (feed.feed_id in only if only else feed.enabled)
        and (shard is None or shard.holds(feed.url))
    ]


def _ready(state: PollState | None, now: datetime, *, due: bool) -> bool:
    # What a later, pretended clock left behind holds nothing back.
    if state is None or state.polled_at > now:
        return True
    holds = [state.retry_after_at, state.next_poll_at if due else None]
    return all(hold is None or hold <= now for hold in holds)


def _was_told_to_wait(state: PollState | None) -> bool:
    return state is not None and state.retry_after_at is not None


def _public(feed: Feed) -> Feed:
    """Return *feed* as it may be published: no secret in its address or headers.

    Its publisher goes by the name that its articles have.
    """
    return replace(
        feed,
        url=public_url(feed.url),
        publisher=outlet_name(feed.publisher),
        headers=(),
        proxy=None,
    )


def _run(config: Config, run_id: str, now: datetime) -> Run:
    return Run(
        run_id=run_id,
        started_at=now,
        ended_at=None,
        outcome="running",
        feeds=0,
        new_articles=0,
        alerts=0,
        version=__version__,
        rules_version=config.watchlist.rules_version,
    )
