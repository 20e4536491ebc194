"""Check by what a lake's hosts published that each runs, and that each shard is read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import duckdb

from flows.home import home_name
from flows.settings import Settings
from flows.steps.hosts import GONE_AFTER, SAME_FEEDS, differing_feeds
from flows.steps.published import behind
from flows.steps.upkeep.finding import Finding
from transforms.text.plural import counted
from warehouse import runs as run_store
from warehouse.runs import HostRuns, ShardReads

# A run is late where it is not there after twice the usual pause, and what starting takes.
_PAUSES = 2
_START = timedelta(minutes=1)


def look_at_hosts(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    *,
    now: datetime,
    max_age: timedelta | None,
) -> Iterator[Finding]:
    """Find hosts with other feeds, hosts that run no more, and shards that nobody reads.

    What others did is known until the newest run that this host's copy has.
    """
    if warning := differing_feeds(con, settings.home):
        yield Finding(what="hosts", state="warn", detail=warning, remedy=SAME_FEEDS)
    hosts = run_store.hosts(con, home_name(settings.home))
    seen = max((host.last_run_at for host in hosts), default=now)
    if settings.lake_address is not None:
        yield from _silent(hosts, seen, now)
    limit = None if max_age is None else max_age + behind(settings)
    yield from _unread(run_store.shards(con), seen, now, limit)


def _silent(hosts: list[HostRuns], seen: datetime, now: datetime) -> Iterator[Finding]:
    for host in hosts:
        pause = host.usual_pause
        if not _is_late(host.last_run_at, pause, now if host.is_here else seen):
            continue
        age = _minutes(now - host.last_run_at)
        yield Finding(
            what="hosts",
            state="warn",
            detail=f"every run of host {host.host} failed for {age}"
            if host.fails
            else f"host {host.host} has not run for {age}: it did every {_minutes(pause)}",
            remedy="look at its log"
            if host.fails
            else "start its scheduler or worker; one that is gone for good is forgotten "
            f"after {GONE_AFTER.days} days",
        )


def _unread(
    shards: list[ShardReads], seen: datetime, now: datetime, limit: timedelta | None
) -> Iterator[Finding]:
    ill = False
    for shard in shards:
        age = now - shard.read_at
        is_bad = limit is not None and age > limit
        if not is_bad and not _is_late(shard.read_at, shard.usual_pause, seen):
            continue
        ill = True
        yield Finding(
            what="shards",
            state="bad" if is_bad else "warn",
            detail=f"shard {shard.shard} was not read for {_minutes(age)}"
            + ("" if shard.was_read else ", nor ever"),
            remedy="start the worker or cron line of that shard; for fewer machines: "
            "sinowire deploy --shards N",
        )
    if shards and not ill:
        oldest = _minutes(now - min(shard.read_at for shard in shards))
        detail = f"{counted(len(shards), 'shard')}, each read in the last {oldest}"
        yield Finding(what="shards", state="good", detail=detail)


def _is_late(last: datetime, pause: timedelta | None, at: datetime) -> bool:
    return pause is not None and at - last > _PAUSES * pause + _START


def _minutes(span: timedelta | None) -> str:
    return f"{0 if span is None else max(1, round(span.total_seconds() / 60))} min"
