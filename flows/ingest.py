"""The Prefect flow that polls feeds: a run, a few batch tasks, artifacts, events.

feeds ─▶ begin ─▶ commit batch (task) … ─▶ complete: deliver, trends, watch, publish
"""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.utilities.annotations import quote

from connectors.feeds.poll.record import Polled
from flows.home import load_config
from flows.orchestration.artifacts import publish_feed_health
from flows.orchestration.children import follow_parent
from flows.orchestration.events import emit_mentions
from flows.orchestration.schedules import INGEST_FLOW
from flows.settings import load_settings
from flows.steps.clock import clock_at
from flows.steps.cycle import complete
from flows.steps.heartbeat import send_heartbeat
from flows.steps.ingest import ingest as steps
from flows.steps.ingest.plan import PollPlan, begin
from flows.steps.ingest.raw import forget_documents
from flows.steps.summary import Summary
from transforms.urls.shards import parse_shard


@flow(name=INGEST_FLOW, flow_run_name="ingest", persist_result=False)
async def ingest_feeds(
    home: str | None = None,
    only: list[str] | None = None,
    shard: str | None = None,
    now: datetime | None = None,
    *,
    due: bool = True,
) -> dict[str, Any]:
    """Poll the due feeds of *home*, commit what they bring, deliver its alerts.

    Without a *home* it is that of the worker's environment. Of several shards, such as
    "1/2", a run polls one.
    A broken feed is a recorded outcome; the run fails only if every feed did.
    Returns the object that ``sinowire run --json`` prints.
    """
    started = time.monotonic()
    follow_parent()
    log = get_run_logger()
    config = load_config(load_settings(Path(home) if home else None))
    plan = begin(
        config,
        clock_at(now),
        only=only or (),
        shard=parse_shard(shard) if shard else None,
        due=due,
        pretend=now is not None,
        report=log.info,
    )
    summary = await steps.ingest(plan, _commit, log.info)
    complete(plan, summary, log.info)
    emit_mentions(summary.alerts, config.watchlist)
    await publish_feed_health(config.settings)
    if shard:
        # What is kept of documents is this host's own, and `maintain` may run on another.
        day, keep = clock_at(None)().date(), config.settings.raw_retention_days
        forget_documents(config.settings.data, day=day, keep=keep)
    # In a thread: it brings a loop of its own.
    await asyncio.to_thread(send_heartbeat, config, summary, report=log.info)
    summary.seconds = time.monotonic() - started
    log.info("%s", summary.as_json())
    return summary.as_json()


async def _commit(plan: PollPlan, polls: list[Polled]) -> Summary:
    # Quoted: Prefect would walk through every article in search of futures.
    quoted: Any = (quote(plan), quote(polls))
    summary: Summary = await commit_batch(*quoted)
    return summary


@task(name="commit-batch", cache_policy=NO_CACHE, persist_result=False)
async def commit_batch(plan: PollPlan, polls: list[Polled]) -> Summary:
    """Read and commit one batch of polls."""
    return await steps.commit_batch(plan, polls)
