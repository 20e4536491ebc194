"""Runs of the pipeline, and whether the process of a run is still alive."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, NamedTuple

import duckdb

from transforms.models import Run
from warehouse import queries
from warehouse.feeds import refresh_poll_days
from warehouse.file.connect import REWRITING, with_memory
from warehouse.news.coverage import refresh_all_coverage

# Of another machine's process nothing can be known; a run takes minutes, not days.
_FOREIGN_AFTER = timedelta(days=1)


class Elsewhere(NamedTuple):
    """A run of another host, or of another home of this one."""

    host: str
    home: str | None
    started_at: datetime


class FeedList(NamedTuple):
    """Which list of feeds a host had when it ran last."""

    host: str
    ran_at: datetime
    version: str
    is_here: bool


class HostRuns(NamedTuple):
    """When a host ran last, and the pause after which it does, where that is known."""

    host: str
    last_run_at: datetime
    usual_pause: timedelta | None
    fails: bool
    is_here: bool


class ShardReads(NamedTuple):
    """When a shard was read last, or was to be at first, and how often one is read."""

    shard: str
    read_at: datetime
    was_read: bool
    usual_pause: timedelta | None


def begin_run(con: duckdb.DuckDBPyConnection, run: Run, *, pid: int | None = None) -> None:
    """Record that *run* goes on in process *pid*, this one by default."""
    _begin(con, run, process_of(pid or os.getpid()))


def give_up_run(
    con: duckdb.DuckDBPyConnection,
    run: Run,
    process: str,
    *,
    at: datetime,
    waited_seconds: float,
) -> None:
    """Record that *run* ended as it did not get its turn, once or in its midst."""
    _begin(con, run, process)
    params = {"run_id": run.run_id, "ended_at": at, "waited_seconds": waited_seconds}
    queries.run(con, "runs.give_up_run", params)


def finish_run(
    con: duckdb.DuckDBPyConnection,
    run_id: str,
    *,
    ended_at: datetime,
    outcome: Literal["completed", "failed"],
    feeds: int,
    new_articles: int,
    alerts: int,
    waited_seconds: float = 0.0,
    held_seconds: float = 0.0,
) -> None:
    """Record how a run ended, what it did, how long it waited for turns and had them."""
    params = {
        "run_id": run_id,
        "ended_at": ended_at,
        "outcome": outcome,
        "feeds": feeds,
        "new_articles": new_articles,
        "alerts": alerts,
        "waited_seconds": waited_seconds,
        "held_seconds": held_seconds,
    }
    queries.run(con, "runs.finish_run", params)


def end_stale_runs(con: duckdb.DuckDBPyConnection, now: datetime) -> list[str]:
    """Mark as crashed the runs whose process is gone; return their ids."""
    stale = [
        run_id
        for run_id, process, started_at in queries.run(con, "runs.running")
        if is_gone(process or "", started_at, now)
    ]
    if stale:
        queries.run(con, "runs.crash_runs", {"run_ids": stale})
    return stale


def last_run(con: duckdb.DuckDBPyConnection) -> Run | None:
    """Return the run that began last."""
    return next((Run(**row) for row in queries.rows(con, "runs.last_run")), None)


def last_elsewhere(con: duckdb.DuckDBPyConnection, home: str) -> Elsewhere | None:
    """Return the last run that was not in *home* on this host."""
    rows = queries.rows(con, "runs.last_elsewhere", _here(home))
    return next((Elsewhere(**row) for row in rows), None)


def feed_lists(con: duckdb.DuckDBPyConnection, home: str) -> list[FeedList]:
    """Return which list of feeds each host has that ran in the last two days."""
    found = queries.rows(con, "runs.feed_lists", _here(home))
    return [FeedList(**row) for row in found if row["version"] is not None]


def hosts(con: duckdb.DuckDBPyConnection, home: str) -> list[HostRuns]:
    """Return when each host ran last that did in the last seven days."""
    return [HostRuns(**row) for row in queries.rows(con, "runs.hosts", _here(home))]


def shards(con: duckdb.DuckDBPyConnection) -> list[ShardReads]:
    """Return when each shard was read last, where machines share the feeds."""
    return [ShardReads(**row) for row in queries.rows(con, "runs.shards")]


def _here(home: str) -> dict[str, str]:
    return {"host": socket.gethostname(), "home": home}


def set_reporting_zone(con: duckdb.DuckDBPyConnection, zone: str) -> None:
    """Make *zone* the reporting zone; days and weeks of all views follow at once."""
    if zone != reporting_zone(con):
        queries.run(con, "runs.set_zone", {"zone": zone})
        with with_memory(con, REWRITING):
            refresh_all_coverage(con)
            refresh_poll_days(con)


def reporting_zone(con: duckdb.DuckDBPyConnection) -> str:
    """Return the IANA name of the reporting zone."""
    return str(queries.scalar(con, "runs.zone"))


def process_of(pid: int) -> str:
    """Return what tells process *pid* from all others, of other machines and times too."""
    return f"{socket.gethostname()} {pid} {_birth(pid)}"


def is_gone(process: str, started_at: datetime, now: datetime) -> bool:
    """Say whether a process has ended; of another machine it is not known for a day."""
    host, _, rest = process.partition(" ")
    if host != socket.gethostname():
        return abs(now - started_at) > _FOREIGN_AFTER
    pid, _, birth = rest.partition(" ")
    return not _is_alive(int(pid)) or _birth(int(pid)) != birth


def _begin(con: duckdb.DuckDBPyConnection, run: Run, process: str) -> None:
    params = {
        "run_id": run.run_id,
        "started_at": run.started_at,
        "feeds": run.feeds,
        "version": run.version,
        "rules_version": run.rules_version,
        "feeds_version": run.feeds_version,
        "shard": run.shard,
        "process": process,
        "host": process.partition(" ")[0],
        "home": run.home,
    }
    queries.run(con, "runs.begin_run", params)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _birth(pid: int) -> str:
    """Return when the process started, since numbers are given out again."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        # No /proc on this system: the number alone must do.
        return ""
    # The command, field 2, may hold spaces and brackets; field 22 is the start.
    return stat.rpartition(")")[2].split()[19]
