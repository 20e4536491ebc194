"""Prefect flow that polls feeds: a run, a few batch tasks, artifacts, events.

feeds ─▶ begin ─▶ commit batch (task) … ─▶ complete: deliver, trends, watch, publish
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.utilities.annotations import quote

from connectors.feeds.poll.record import Polled
from flows.home import Config, load_config
from flows.orchestration.children import follow_parent
from flows.orchestration.runs import (
    RunLog,
    attempted,
    emit_mentions,
    failures_told,
    publish_feed_health,
    reporter,
    run_log,
    run_name,
)
from flows.orchestration.schedules import INGEST_FLOW
from flows.settings import load_settings
from flows.steps.cycle import apply_clicks, complete, send_heartbeat
from flows.steps.ingest import ingest as steps
from flows.steps.ingest.fetched import Commit
from flows.steps.ingest.plan import PollPlan, begin
from flows.steps.retention import forget_documents
from flows.steps.summary import NoFeedWorked, Summary, clock_at, in_words
from transforms.text.lengths import counted
from transforms.urls.shards import parse_shard
from warehouse.file.standstill import running


@flow(name=INGEST_FLOW, flow_run_name=run_name, persist_result=False)
async def ingest_feeds(
    home: str | None = None,
    only: list[str] | None = None,
    shard: str | None = None,
    now: datetime | None = None,
    *,
    due: bool = True,
) -> Any:
    """Poll the due feeds of *home*, commit what they bring, deliver its alerts.

    Without a *home* it is that of the worker's environment. Of several shards, such as
    "1/2", a run polls one.
    A broken feed is a recorded outcome; the run fails only if every feed did.
    Returns the object that ``sinowire run --json`` prints.
    """
    follow_parent()
    log = run_log()
    folder = Path(home) if home else None
    with failures_told(log):
        begun = partial(_signed, folder, only or (), shard, now, log, due=due)

        def patience() -> float:
            # A host that was stopped with the turn has lost it by then.
            return load_settings(folder).silent_seconds

        return await attempted(begun, reporter(log), patience=patience)


async def _signed(
    home: Path | None,
    only: Iterable[str],
    shard: str | None,
    now: datetime | None,
    log: RunLog,
    *,
    due: bool,
) -> dict[str, Any]:
    """Make the pass as a process that others see at work, or stopped."""
    config = load_config(load_settings(home))
    command = f"sinowire run --shard {shard}" if shard else "sinowire run"
    with running(config.settings.data, command):
        return await _ingest(config, only, shard, now, log, due=due)


async def _ingest(
    config: Config,
    only: Iterable[str],
    shard: str | None,
    now: datetime | None,
    log: RunLog,
    *,
    due: bool,
) -> dict[str, Any]:
    started, report = time.monotonic(), reporter(log)
    apply_clicks(config, report)
    plan = begin(
        config,
        clock_at(now),
        only=only,
        shard=parse_shard(shard) if shard else None,
        due=due,
        pretend=now is not None,
        report=report,
    )
    log.extra = {**(log.extra or {}), "run_id": plan.run.run_id}
    where = f"run {plan.run.run_id} on {socket.gethostname()}"
    of_shard = f" of shard {shard}" if shard else ""
    report(f"{where}: {counted(len(plan.feeds), 'feed')}{of_shard} to poll")
    summary = await steps.ingest(plan, _committer(), _unsaid)
    complete(plan, summary, _unsaid)
    emit_mentions(summary.alerts, config.watchlist)
    await publish_feed_health(config.settings)
    if shard:
        # What is kept of documents is this host's own, and `maintain` may run on another.
        day, keep = clock_at(None)().date(), config.settings.raw_retention_days
        forget_documents(config.settings.data, day=day, keep=keep)
    # In a thread: it brings a loop of its own.
    await asyncio.to_thread(send_heartbeat, config.settings, summary, report=report)
    summary.seconds = time.monotonic() - started
    done = summary.as_json()
    report(f"{where}{of_shard}: {'; '.join(in_words(done))}")
    if summary.failed:
        raise NoFeedWorked(done)
    return done


def _unsaid(_: str) -> None:
    """Ignore progress: the run's log has the results."""


def _committer() -> Commit:
    numbers = count(1)

    async def commit(plan: PollPlan, polls: list[Polled]) -> Summary:
        # Quoted: Prefect would walk through every article in search of futures.
        quoted: Any = (quote(plan), quote(polls))
        return await commit_batch(*quoted, number=next(numbers))

    return commit


@task(
    name="commit-batch",
    task_run_name="batch {number}",
    cache_policy=NO_CACHE,
    persist_result=False,
)
async def commit_batch(plan: PollPlan, polls: list[Polled], *, number: int) -> Summary:
    """Read and commit one batch of polls; *number* labels the task run."""
    del number
    return await steps.commit_batch(plan, polls)
