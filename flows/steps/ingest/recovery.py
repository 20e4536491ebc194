"""Recovery of what a run that was refused or killed had fetched, by the next run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace

from connectors.feeds.fetch.politeness import FetchOptions
from connectors.feeds.poll.kept import poll_kept
from connectors.feeds.poll.record import Polled
from flows.steps.ingest.fetched import Fetched, kept_documents, left_over, taken_over
from flows.steps.ingest.plan import PollPlan
from flows.steps.summary import Summary
from transforms.text.lengths import counted
from warehouse import feeds as feed_store

Commit = Callable[[PollPlan, list[Polled]], Awaitable[Summary]]


async def recover(
    plan: PollPlan, commit: Commit, summary: Summary, options: FetchOptions
) -> PollPlan:
    """Store what earlier runs fetched and did not; return *plan* with its cursors.

    As a poll of its time, once: a poll that is on record is not stored again, and of one
    that a later poll of the feed has overtaken only what nobody has seen.
    """
    for path in left_over(plan.config.settings.data):
        with taken_over(path) as lines:
            if lines:
                plan = await _store(plan, commit, summary, options, lines)
    return plan


async def _store(
    plan: PollPlan,
    commit: Commit,
    summary: Summary,
    options: FetchOptions,
    lines: list[Fetched],
) -> PollPlan:
    config, run_id = plan.config, lines[0].run_id
    with plan.turns.open(config.settings, "run", plan.report) as con:
        done = feed_store.polled_in(con, run_id)
        cursors, standings = feed_store.cursors(con), feed_store.standings(con)
        states = feed_store.poll_state(con)
    left = [line for line in lines if line.feed_id not in done]
    kept = kept_documents(config.settings.data, left, config.feeds)
    found = await poll_kept(kept, cursors, standings, options=options, reader=config.reader)
    last = {key: state.polled_at for key, state in states.items()}
    polls = [
        replace(p, is_late=last.get(p.feed.feed_id, p.poll.polled_at) > p.poll.polled_at)
        for p in found
    ]
    if polls:
        part = await commit(plan, polls)
        summary.add([replace(part, outcomes=Counter(), errors=Counter())])
        plan.report(
            f"read {counted(len(polls), 'document')} that run {run_id} had fetched and "
            "could not store"
        )
    stored = [polled for polled in polls if not polled.is_late]
    cursors |= {p.feed.feed_id: p.cursor for p in stored if p.cursor}
    standings |= {p.feed.feed_id: p.standing for p in stored if p.standing}
    return replace(plan, cursors=cursors, standings=standings)
