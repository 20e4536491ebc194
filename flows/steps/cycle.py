"""One cycle: begin, ingest, complete. The Prefect flow makes the same three steps."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from datetime import datetime

from flows.home import Config
from flows.steps.briefs import tell_briefs
from flows.steps.clock import clock_at
from flows.steps.deliver.deliver import deliver, outcomes
from flows.steps.heartbeat import send_heartbeat
from flows.steps.ingest.ingest import PollPlan, Report, begin, commit_batch, finish, ingest
from flows.steps.store import publish
from flows.steps.summary import Summary
from flows.steps.trends.trends import refresh_trends
from flows.steps.trends.watch import watch


def run(
    config: Config,
    *,
    only: Iterable[str] = (),
    due: bool = False,
    now: datetime | None = None,
    report: Report,
    progress: Report,
) -> Summary:
    """Make one pass and return what it did.

    *report* hears what a person must know, *progress* how far we are.

    Raises:
        ConfigError: A file or a feed's id is wrong; nothing was fetched.
        WarehouseError: The warehouse is busy, damaged or newer than this version.
    """
    started = time.monotonic()
    plan = begin(
        config, clock_at(now), only=only, due=due, pretend=now is not None, report=report
    )
    summary = asyncio.run(ingest(plan, commit_batch, progress))
    complete(plan, summary, progress)
    send_heartbeat(config, summary, report=report)
    summary.seconds = time.monotonic() - started
    return summary


def complete(plan: PollPlan, summary: Summary, progress: Report) -> None:
    """Do what follows once the plan's feeds are polled, with Prefect or without.

    Record the pass, deliver, refresh trends, watch, deliver what that brought, publish.
    Then write the briefs that are due from what was published, and deliver them.
    """
    config, clock, report = plan.config, plan.clock, plan.report
    finish(plan, summary, report=report)
    summary.deliveries = outcomes(deliver(config, clock, report=report))
    if summary.new_articles or summary.changed_articles:
        progress("trends")
        refresh_trends(config, clock, report=report)
    if watched := watch(config, clock, report=report):
        summary.alerts += watched
        summary.deliveries += outcomes(deliver(config, clock, report=report))
    publish(config.settings)
    if tell_briefs(config, clock, report=report):
        summary.deliveries += outcomes(deliver(config, clock, report=report))
        publish(config.settings)
