"""Cycle of a run: begin, ingest, complete. The Prefect flow makes the same three steps."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from functools import partial

from connectors.feeds.poll.nursery import forked_nursery
from flows.home import Config
from flows.settings import Settings
from flows.steps import spool
from flows.steps.delivery import deliver, outcomes
from flows.steps.ingest.ingest import commit_batch, finish, ingest
from flows.steps.ingest.plan import PollPlan, begin
from flows.steps.summary import Report, Summary, clock_at
from flows.steps.trends import refresh_trends, watch
from flows.steps.warehouse import publish_pass
from transforms.urls.shards import Shard
from warehouse.file.standstill import running
from warehouse.upkeep.checks import reader_state

TIMEOUT_SECONDS = 10.0


def run(
    config: Config,
    *,
    only: Iterable[str] = (),
    shard: Shard | None = None,
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
    config.check()
    with ExitStack() as stack:
        # Now: what follows has threads, which no fork survives.
        with forked_nursery(config.reader) as nursery:
            stack.enter_context(running(config.settings.data, "sinowire run"))
            apply_clicks(config, report)
            plan = begin(
                config,
                clock_at(now),
                only=only,
                shard=shard,
                due=due,
                pretend=now is not None,
                report=report,
            )
            plan = replace(plan, nursery=nursery)
            with asyncio.Runner(loop_factory=_swiftest_loop()) as runner:
                summary = runner.run(ingest(plan, commit_batch, progress))
        complete(plan, summary, progress)
    send_heartbeat(config.settings, summary, report=report)
    summary.seconds = time.monotonic() - started
    return summary


def apply_clicks(config: Config, report: Report) -> None:
    """Apply the verdicts that wait at the desk, before the pass.

    Raises:
        ConfigError: A file is wrong.
    """
    config.check()
    if spool.is_any_waiting(config.settings.data):
        from flows.steps.spooled import apply_waiting  # noqa: PLC0415  seldom

        apply_waiting(config, report)


def _swiftest_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return the factory of the fastest event loop, None for Python's own."""
    try:
        import uvloop  # noqa: PLC0415  there is none for Windows
    except ImportError:
        return None
    return uvloop.new_event_loop


def complete(plan: PollPlan, summary: Summary, progress: Report) -> None:
    """Run the steps after the polls of a pass, with Prefect or without.

    Record the pass, deliver, read articles' pages where a feed asks for that, refresh
    trends, watch, deliver what that brought, have headlines translated, publish (if nothing
    changed but what polls tell, once an hour; under a pretended clock always).
    Then write the briefs that are due from what was published, and deliver them.
    """
    config, clock, report, turns = plan.config, plan.clock, plan.report, plan.turns
    finish(plan, summary, report=report)
    out = partial(deliver, config, clock, report=report)
    summary.deliveries = outcomes(out(turns=turns))
    if any(feed.full_text and feed.enabled for feed in config.feeds):
        from flows.steps.enrichment import read_full_texts  # noqa: PLC0415  few homes do

        progress("full texts")
        summary.full_texts = read_full_texts(plan)
    if summary.new_articles or summary.changed_articles:
        progress("trends")
        refresh_trends(config.settings, clock, report=report, turns=turns)
    if watched := watch(config, clock, report=report, turns=turns):
        summary.alerts += watched
        summary.deliveries += outcomes(out(turns=turns))
    if asked := config.settings.translate:
        from flows.steps.enrichment import translate_headlines  # noqa: PLC0415  few homes do

        progress("translations")
        summary.translations = translate_headlines(plan, asked)
    # These change rows in place.
    changed = (summary.alerts, summary.deliveries, summary.full_texts, summary.translations)
    state = None
    if not (plan.pretend or any(changed) or config.settings.lake_address):
        with turns.open(config.settings, "run", report) as con:
            state = reader_state(con)
    turns.let_go()
    publish_pass(config.settings, state)
    if config.alerts.briefs:
        from flows.steps.editions import tell_briefs  # noqa: PLC0415  some homes have them

        if tell_briefs(config, clock, report=report):
            summary.deliveries += outcomes(out())
            publish_pass(config.settings)


def send_heartbeat(settings: Settings, summary: Summary, *, report: Report) -> bool:
    """Call the heartbeat's address, if one is set and the run did not fail.

    A failed call is reported and fails nothing: the monitor that misses it raises the
    alarm. Returns whether the call was made.
    """
    if settings.heartbeat_url is None or summary.failed:
        return False
    from connectors.sinks.context import SinkError  # noqa: PLC0415  few homes have one
    from connectors.sinks.poster import beat  # noqa: PLC0415

    try:
        beat(
            settings.heartbeat_url.get_secret_value(),
            timeout=TIMEOUT_SECONDS,
            allow_private=settings.allow_private_addresses,
            user_agent=settings.user_agent,
        )
    except SinkError as exc:
        report(f"warning: {exc}")
        return False
    return True
