"""Ingest of one pass over the feeds, without Prefect.

begin ─▶ poll and read ─▶ load_batch ─▶ … next batch … ─▶ finish
         connectors  transforms    warehouse: one transaction with the cursors

A batch is the unit of a commit: killed anywhere, a rerun polls the feeds that
did not commit again, and their cursors still stand where they stood. The next one also
reads what was fetched in vain, as of when it was fetched (``fetched.py``).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from connectors.feeds.fetch.fetcher import issuers
from connectors.feeds.fetch.politeness import FetchOptions
from connectors.feeds.poll.outcomes import FAILURES
from connectors.feeds.poll.poll import poll_feeds
from connectors.feeds.poll.record import Polled, is_outage, outage_sentence, said_of
from flows.settings import Settings
from flows.steps.ingest.fetched import Commit, FetchedList, recover
from flows.steps.ingest.plan import PollPlan
from flows.steps.ingest.record import record
from flows.steps.retention import keep_document
from flows.steps.summary import Report, Summary
from warehouse import runs as run_store
from warehouse.errors import WarehouseCramped
from warehouse.file.connect import APPENDING, REWRITING, transaction
from warehouse.interrupts import interrupt

log = logging.getLogger("sinowire.polls")
# Who reads sentences asks for the health of feeds.
log.addHandler(logging.NullHandler())
# New entries that are held in memory and committed together: a first poll has many.
BATCH_ENTRIES = 1_500
# Feeds that are committed together if they bring little: a turn to write costs more than
# their rows, and a crash loses at most so many polls.
BATCH_FEEDS = 1_000


async def ingest(plan: PollPlan, commit: Commit, progress: Report) -> Summary:
    """Poll the plan's feeds and commit their entries, batch by batch."""
    summary = Summary(run_id=plan.run.run_id, held=plan.held, warnings=list(plan.warnings))
    waiting: list[Polled] = []
    fetched = FetchedList(plan.config.settings.data, plan.run.run_id)
    try:
        options = fetch_options(plan.config.settings)
        plan = await recover(plan, commit, summary, options)
        async for batch in _batches(plan, options, fetched):
            waiting += batch
            if not summary.feeds and is_outage(waiting):
                continue
            waiting = _spare(plan, summary, waiting)
            _log(plan, waiting)
            summary.add([await commit(plan, waiting)])
            fetched.clear()
            for notice in (line for polled in waiting for line in polled.notices):
                plan.report(f"warning: {notice}")
            waiting = []
            progress(f"{summary.feeds} of {len(plan.feeds)} feeds")
    except BaseException:
        # A batch that is being committed is waited for, but not for as long as ever.
        interrupt()
        plan.turns.let_go()
        raise
    finally:
        fetched.close()
    if waiting:
        await _note_outage(plan, summary, waiting)
    # Their hosts asked in this very run to be left alone.
    summary.held += len(plan.feeds) - summary.feeds
    return summary


def _spare(plan: PollPlan, summary: Summary, polls: list[Polled]) -> list[Polled]:
    """Return the *polls* to record: not those that an outage ends too late for."""
    if not plan.after_outage:
        return polls
    _count(summary, [polled for polled in polls if polled.obstacle])
    return [polled for polled in polls if not polled.obstacle]


async def _note_outage(plan: PollPlan, summary: Summary, polls: Sequence[Polled]) -> None:
    """Count *polls* but record none, so that no feed is held back for them."""
    summary.is_offline = True
    _count(summary, polls)
    untrusted = (
        polled.feed
        for polled in polls
        if polled.obstacle and polled.obstacle.kind == "certificate"
    )
    found = await issuers(untrusted, fetch_options(plan.config.settings))
    warning = outage_sentence(polls, found)
    summary.warnings.append(warning)
    plan.report(f"warning: {warning}")


def _count(summary: Summary, polls: Sequence[Polled]) -> None:
    # With the reasons, not the remedies: they are for one feed's fault.
    summary.count((polled.poll for polled in polls), said_of(polls).elements())


def _log(plan: PollPlan, batch: list[Polled]) -> None:
    """Log the outcome of each poll."""
    for poll in (polled.poll for polled in batch):
        level = logging.WARNING if poll.outcome in FAILURES else logging.INFO
        ids = {
            "run_id": plan.run.run_id,
            "feed_id": poll.feed_id,
            "outcome": poll.outcome,
        }
        log.log(level, "%s: %s", poll.feed_id, poll.error or poll.outcome, extra=ids)


async def commit_batch(plan: PollPlan, polls: list[Polled]) -> Summary:
    """Commit one batch of polls in a thread, while fetches go on."""
    return await asyncio.to_thread(_commit_batch, plan, polls)


def _commit_batch(plan: PollPlan, polls: list[Polled]) -> Summary:
    now = plan.clock()
    try:
        return _load(plan, polls, now, memory=APPENDING)
    except WarehouseCramped:
        # Thousands of very long articles. What was committed is known, and not doubled.
        return _load(plan, polls, now, memory=REWRITING)


def _load(plan: PollPlan, polls: list[Polled], now: datetime, *, memory: str) -> Summary:
    readings = [reading for polled in polls for reading in polled.readings]
    if readings:
        # What finds stories and alerts is slow to load, and in many passes nothing is new.
        from flows.steps.ingest.load import load_batch  # noqa: PLC0415
    with plan.turns.open(plan.config.settings, "run", plan.report, memory=memory) as con:
        if not readings:
            with transaction(con):
                return record(con, polls)
        return load_batch(
            con,
            readings,
            plan.config,
            polls=polls,
            run_id=plan.run.run_id,
            now=now,
            silent=plan.silent,
            backlog=plan.backlog,
        )


def finish(plan: PollPlan, summary: Summary, *, report: Report) -> None:
    """Record the end of the pass."""
    turn = plan.turns.open(plan.config.settings, "run", report)
    with turn as con, transaction(con):
        run_store.finish_run(
            con,
            plan.run.run_id,
            ended_at=plan.clock(),
            outcome=summary.outcome,
            feeds=summary.feeds,
            new_articles=summary.new_articles,
            alerts=len(summary.alerts),
            waited_seconds=plan.turns.waited,
            held_seconds=plan.turns.held,
        )


def fetch_options(settings: Settings) -> FetchOptions:
    """Return the fetcher's options by the settings."""
    return FetchOptions(
        user_agent=settings.user_agent,
        timeout=settings.timeout_seconds,
        max_bytes=settings.max_bytes,
        concurrency=settings.concurrency,
        spacing=settings.host_spacing_seconds,
        allow_private=settings.allow_private_addresses,
        proxy=settings.proxy,
        default_poll=timedelta(minutes=settings.poll_minutes),
        shortest_poll=timedelta(minutes=settings.poll_shortest_minutes),
        longest_poll=timedelta(minutes=settings.poll_longest_minutes),
    )


async def _batches(
    plan: PollPlan, options: FetchOptions, fetched: FetchedList
) -> AsyncIterator[list[Polled]]:
    settings = plan.config.settings
    batch: list[Polled] = []
    entries = 0
    async for polled in poll_feeds(
        plan.feeds,
        plan.cursors,
        plan.standings,
        run_id=plan.run.run_id,
        now=plan.clock(),
        options=options,
        reader=plan.config.reader,
        nursery=plan.nursery,
        heed_holds=plan.heed_holds,
    ):
        if polled.body and settings.raw_retention_days:
            keep_document(settings.data, polled.body_hash, polled.body)
            fetched.add(polled)
        batch.append(replace(polled, body=None))
        entries += len(polled.entries)
        if len(batch) == BATCH_FEEDS or entries >= BATCH_ENTRIES:
            yield batch
            batch, entries = [], 0
    if batch:
        yield batch
