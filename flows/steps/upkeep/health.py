"""Health of a pipeline by its published data: runs, feeds, hosts and alerts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import duckdb

from connectors.feeds.poll.outcomes import NOBODY, WAY_OUT
from connectors.feeds.poll.schedule import MISSED
from flows.home import home_name
from flows.settings import Settings
from flows.steps.hosts import GONE_AFTER, SAME_FEEDS, differing_feeds
from flows.steps.published import behind, published
from transforms.freshness import doubts_of, stamp, warnings
from transforms.text.lengths import counted
from warehouse import feeds as feed_store
from warehouse import runs as run_store
from warehouse.alerting import alerts as alert_store
from warehouse.errors import NotPublished, PublishedByAnother, WarehouseError
from warehouse.file.connect import PUBLISHED_NAME
from warehouse.news.articles import last_place
from warehouse.numbers.brief import freshness
from warehouse.runs import HostRuns, ShardReads
from warehouse.upkeep.retag import unfinished

# A run is late where it is not there after twice the pause (of a host its usual one, of a
# shard the schedule's), and what starting takes.
_PAUSES = 2
_START = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Result of one check."""

    what: str
    state: Literal["good", "warn", "bad"]
    detail: str
    remedy: str = ""


def look_at_publication(
    settings: Settings, *, now: datetime, max_age: timedelta | None
) -> list[Finding]:
    """Check runs, freshness, feeds, hosts and alerts in the published file."""
    try:
        with published(settings) as con:
            return [
                *_runs(con, settings, now, max_age),
                _freshness(con, settings, now),
                *_feeds(con),
                *_windows(con),
                *look_at_hosts(con, settings, now=now, max_age=max_age),
                *_alerts(con),
                *_retag(con),
            ]
    except NotPublished as exc:
        state: Literal["warn", "bad"] = "bad" if max_age is not None else "warn"
        detail, remedy = str(exc), "sinowire run"
    except PublishedByAnother:
        # So after each update, until the next run.
        state = "bad" if max_age is not None else "warn"
        detail = f"{PUBLISHED_NAME} is of another version of sinowire"
        remedy = "sinowire run, with this version"
    except (WarehouseError, duckdb.Error) as exc:
        state, detail = "bad", str(exc)
        remedy = f"delete {PUBLISHED_NAME}, then sinowire run"
    return [Finding(what="published", state=state, detail=detail, remedy=remedy)]


def _runs(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    now: datetime,
    max_age: timedelta | None,
) -> Iterator[Finding]:
    last = run_store.last_run(con)
    if last is None:
        yield Finding(
            what="last run",
            state="bad" if max_age is not None else "warn",
            detail="no run yet",
            remedy="sinowire run, or sinowire up to have it scheduled",
        )
        return
    ended = last.ended_at or last.started_at
    age = now - ended
    late = max_age is not None and age > max_age + behind(settings)
    bad = late or last.outcome in ("failed", "offline", "crashed")
    offline_since = run_store.offline_since(con)
    of_shard = f" of shard {last.shard}" if last.shard else ""
    ago = counted(round(age.total_seconds() / 60), "minute")
    yield Finding(
        what="last run",
        state="bad" if bad else "good",
        detail=f"{last.outcome}, {ago} ago, {counted(last.feeds, 'feed')}{of_shard}, "
        f"{counted(last.new_articles, 'new article')}",
        remedy="look at sinowire feeds health and at the scheduler" if bad else "",
    )
    if offline_since:
        yield Finding(
            what="network",
            state="bad",
            detail=f"since {stamp(offline_since)} {NOBODY}",
            remedy=WAY_OUT,
        )


def _freshness(
    con: duckdb.DuckDBPyConnection, settings: Settings, now: datetime
) -> Finding:
    known = freshness(con)
    doubts = doubts_of(known, at=now, patience=settings.patience)
    detail = (
        f"as of {stamp(known.as_of)}, {known.answered} of {known.asked} feeds answered, "
        f"bursts computed until {known.computed_until or 'never'}"
    )
    if not doubts:
        return Finding(what="freshness", state="good", detail=detail)
    return Finding(
        what="freshness",
        state="warn",
        detail="; ".join([*warnings(doubts), detail]),
        remedy="sinowire run, or sinowire up to have it scheduled",
    )


def _feeds(con: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    ill = [r for r in feed_store.health(con) if r["state"] in ("failing", "dead")]
    names = ", ".join(row["feed_id"] for row in ill[:5])
    yield Finding(
        what="feeds",
        state="warn" if ill else "good",
        detail=f"{len(ill)} failing or dead" + (f": {names}" if ill else ""),
        remedy="sinowire feeds health says why" if ill else "",
    )


def _windows(con: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """Report feeds that carried entries for a shorter time than between two polls."""
    last = run_store.last_run(con)
    missing = feed_store.missed(con, last.started_at, MISSED) if last else []
    if missing:
        names = ", ".join(missing[:5]) + (", …" if len(missing) > 5 else "")  # noqa: PLR2004
        yield Finding(
            what="windows",
            state="warn",
            detail=f"{MISSED} in the last day of {counted(len(missing), 'feed')}: {names}",
            remedy="have passes more often, or give these feeds a shorter poll",
        )


def _alerts(con: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    counts = alert_store.alert_counts(con)
    parked = counts.get("parked", 0)
    yield Finding(
        what="alerts",
        state="warn" if parked else "good",
        detail=f"{counts.get('pending', 0)} pending, {parked} parked, "
        f"{counts.get('delivered', 0)} delivered",
        remedy="sinowire alerts list --state parked, then retry" if parked else "",
    )


def _retag(con: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """Report an unfinished retag, whose older findings are by earlier rules."""
    if reached := unfinished(con):
        detail = f"goes on, or was ended: {reached.seq:,} of {last_place(con):,} articles"
        if reached.grouped_until:
            detail += f", stories to {reached.grouped_until:%Y-%m-%d}"
        yield Finding(
            what="retag",
            state="warn",
            detail=detail,
            remedy="sinowire retag goes on where it was",
        )


def look_at_hosts(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    *,
    now: datetime,
    max_age: timedelta | None,
) -> Iterator[Finding]:
    """Report hosts with other feeds, silent hosts, and shards without a host.

    Other hosts are known up to the newest run in this host's copy.
    """
    if warning := differing_feeds(con, settings.home):
        yield Finding(what="hosts", state="warn", detail=warning, remedy=SAME_FEEDS)
    hosts = run_store.hosts(con, home_name(settings.home))
    seen = max((host.last_run_at for host in hosts), default=now)
    if settings.lake_address is not None:
        yield from _silent(hosts, seen, now)
    limit = None if max_age is None else max_age + behind(settings)
    schedule = timedelta(minutes=settings.ingest_minutes)
    yield from _unread(run_store.shards(con), seen, now, limit, schedule)


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
    shards: list[ShardReads],
    seen: datetime,
    now: datetime,
    limit: timedelta | None,
    schedule: timedelta,
) -> Iterator[Finding]:
    ill = False
    for shard in shards:
        age = now - shard.read_at
        is_bad = limit is not None and age > limit
        if not is_bad and not _is_late(shard.read_at, schedule, seen):
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
        yield Finding(
            what="shards",
            state="good",
            detail=f"{counted(len(shards), 'shard')}, each read in the last {oldest}",
        )


def _is_late(last: datetime, pause: timedelta | None, at: datetime) -> bool:
    return pause is not None and at - last > _PAUSES * pause + _START


def _minutes(span: timedelta | None) -> str:
    return f"{0 if span is None else max(1, round(span.total_seconds() / 60))} min"
