"""Plan of a pass: feeds that are selected, due, and not held."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import duckdb

from connectors.feeds.poll.nursery import Nursery
from connectors.feeds.poll.poll import hosts_asked
from connectors.feeds.poll.standing import public_url
from flows.beats import unread_files
from flows.home import Config, home_name
from flows.steps.hosts import (
    SAME_FEEDS,
    feeds_version,
    other_feeds,
    polls_a_day,
    refuse_other_rules,
)
from flows.steps.reach import outstanding
from flows.steps.summary import Clock, Report, warn
from flows.steps.turns import KeptTurn, Turns
from flows.steps.warehouse import sync_rules
from transforms.articles.outlets import Outlets
from transforms.config import ConfigError
from transforms.models import Cursor, Feed, Run, Standing
from transforms.release import VERSION
from transforms.urls.shards import Shard, ShardContents, share_out
from warehouse import feeds as feed_store
from warehouse import runs as run_store
from warehouse.feeds import PollState
from warehouse.file.connect import transaction
from warehouse.news import stories as story_store

# Of an entry without a date that came since it is known about when it was published, near
# enough for a brief; a home may rest over a weekend.
LONG_SILENCE = timedelta(days=3)


@dataclass(frozen=True, kw_only=True)
class PollPlan:
    """A pass about to start: its feeds, their cursors, and those without alerts yet.

    What feeds of the *backlog* bring without a date may be of any day: they are read for
    the first time, or again after a long silence.
    Parsers come from the *nursery*; without one, they are started when needed. With a
    *share*, other hosts poll the other feeds. *warnings* are of what is not as it should
    be, and keeps no pass from being made. *after_outage*, in the pass before no host
    answered as it should.
    """

    config: Config
    clock: Clock
    run: Run
    feeds: list[Feed]
    held: int
    cursors: Mapping[str, Cursor]
    standings: Mapping[str, Standing]
    pretend: bool
    heed_holds: bool
    report: Report
    silent: frozenset[str]
    backlog: frozenset[str]
    turns: Turns
    nursery: Nursery | None = None
    share: ShardContents | None = None
    warnings: tuple[str, ...] = ()
    after_outage: bool = False


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
    """Record the start of a pass and read the state of each feed.

    With *due*, feeds wait for their own rhythm and back-off; a pass that a person
    asks for holds back only what a server told us to (``Retry-After``, which counts
    for all feeds of its host). Under a pretended clock every feed is asked; with *due* as
    well, that clock is the one by which feeds wait.
    Of a *shard*, the feeds of the other ones are not asked.

    Raises:
        ConfigError: *only* names a feed that is not configured.
    """
    config.check()
    now, heed_holds = clock(), due or not pretend
    run_id = f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    public = [_public(feed, config.beat.outlets) for feed in config.feeds]
    run = Run(
        run_id=run_id,
        started_at=now,
        ended_at=None,
        outcome="running",
        feeds=0,
        new_articles=0,
        alerts=0,
        version=VERSION,
        rules_version=config.rules_version,
        shard=str(shard) if shard else None,
        home=home_name(config.settings.home),
    )
    if config.settings.lake_address is not None:
        run = replace(run, feeds_version=feeds_version(public))
    turns = KeptTurn(run)
    with turns.open(config.settings, "run", report) as con, transaction(con):
        recounted = feed_store.sync_feeds(con, public)
        refuse_other_rules(con, config, now)
        if sync_rules(con, config) and (words := outstanding(con, config)):
            report(words)
        if recounted:
            story_store.refresh_stories_of(con, recounted, config.watchlist.rules_version)
        run_store.end_stale_runs(con, now)
        states = feed_store.poll_state(con)
        cursors = feed_store.cursors(con)
        standings = feed_store.standings(con)
        hosts = feed_store.held_hosts(con, now)
        after_outage = run_store.was_offline(con, run.shard)
        followed = feed_store.followed(con, now - LONG_SILENCE)
        seeded = {feed_id for feed_id, state in states.items() if state.seeded}
        share = None
        if shard:
            share = share_out(polls_a_day(config.feeds), shard.of)[shard.number - 1]
        wanted = _wanted(config.feeds, frozenset(only), share)
        if share and not wanted:
            report(f"no enabled feed is in shard {shard}: nothing to poll")
        ready = [
            feed
            for feed in wanted
            if not heed_holds
            or only
            or (
                _ready(states.get(feed.feed_id), now, due=due, after_outage=after_outage)
                and not hosts.keys() >= {*hosts_asked(feed, standings.get(feed.feed_id))}
            )
        ]
        # Who was told to come back later goes last, or its next refusal would hold its
        # host's other feeds back for ever.
        told_to_wait = {key for key, state in states.items() if state.retry_after_at}
        ready.sort(key=lambda feed: feed.feed_id in told_to_wait)
        unread = unread_files(config.settings.home, config.settings.beat)
        warnings = warn((*config.alerts.lacking.values(), *unread), report)
        if run.feeds_version:
            warnings += _warn(con, run, report)
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
        heed_holds=heed_holds,
        report=report,
        silent=frozenset(feed.feed_id for feed in config.feeds) - seeded,
        backlog=frozenset(feed.feed_id for feed in config.feeds) - followed,
        turns=turns,
        share=share,
        warnings=warnings,
        after_outage=after_outage,
    )


def _warn(con: duckdb.DuckDBPyConnection, run: Run, report: Report) -> tuple[str, ...]:
    """Report hosts of the lake that have another list of feeds."""
    difference = other_feeds(con, run)
    if difference is None:
        return ()
    warning = f"{difference}; {SAME_FEEDS}"
    report(f"warning: {warning}")
    return (warning,)


def _wanted(
    feeds: Iterable[Feed], only: frozenset[str], share: ShardContents | None
) -> list[Feed]:
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
        and (share is None or share.holds(feed.url))
    ]


def _ready(
    state: PollState | None, now: datetime, *, due: bool, after_outage: bool
) -> bool:
    # What a later, pretended clock left behind holds nothing back.
    if state is None or state.polled_at > now:
        return True
    # Before an outage is known for one, or while it ends, a feed may be blamed for it.
    blamed = after_outage and state.failures > 0 and state.outcome != "gone"
    holds = [state.retry_after_at, state.next_poll_at if due and not blamed else None]
    return all(hold is None or hold <= now for hold in holds)


def _public(feed: Feed, outlets: Outlets) -> Feed:
    """Return *feed* without secrets in its address or headers, for publication.

    Its publisher goes by the name that its articles have.
    """
    return replace(
        feed,
        url=public_url(feed.url),
        publisher=outlets.name_of(feed.publisher),
        headers=(),
        proxy=None,
    )
