"""Runs of the pipeline, their processes, and waits for the write lock.

A process that gives up waiting cannot write to the warehouse. So each wait is a file in the
data folder, where the desk and ``doctor`` read it, until this host next holds the lock.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, NamedTuple, cast

from pydantic import TypeAdapter, ValidationError

from transforms.models import Run
from warehouse import queries
from warehouse.errors import WarehouseBusy
from warehouse.feeds import refresh_poll_days
from warehouse.file.connect import REWRITING, transaction, with_memory
from warehouse.file.lock import private_folder
from warehouse.news.coverage import refresh_all_coverage
from warehouse.processes import is_gone, process_of
from warehouse.queries import Connection

FOLDER = "warehouse.waits"


class Elsewhere(NamedTuple):
    """A run on another host, or in another home on this host."""

    host: str
    home: str | None
    started_at: datetime
    rules_version: str


class FeedList(NamedTuple):
    """Version of a host's feed list at its last run."""

    host: str
    ran_at: datetime
    version: str
    is_here: bool


class HostRuns(NamedTuple):
    """Last run of a host, and its usual pause if known."""

    host: str
    last_run_at: datetime
    usual_pause: timedelta | None
    fails: bool
    is_here: bool


class ShardReads(NamedTuple):
    """Last reading of a shard, or its first due time."""

    shard: str
    read_at: datetime
    was_read: bool


def begin_run(con: Connection, run: Run, *, pid: int | None = None) -> None:
    """Record the start of *run* in process *pid*, this one by default."""
    _begin(con, run, process_of(pid or os.getpid()))


def give_up_run(
    con: Connection, run: Run, process: str, *, at: datetime, waited_seconds: float
) -> None:
    """Record that *run* ended because it did not get the write lock."""
    _begin(con, run, process)
    queries.run(
        con,
        "runs.give_up_run",
        run_id=run.run_id,
        ended_at=at,
        waited_seconds=waited_seconds,
    )


def finish_run(
    con: Connection,
    run_id: str,
    *,
    ended_at: datetime,
    outcome: Literal["completed", "failed", "offline"],
    feeds: int,
    new_articles: int,
    alerts: int,
    waited_seconds: float = 0.0,
    held_seconds: float = 0.0,
) -> None:
    """Record a run's end, results, and seconds of waiting for and holding the lock."""
    queries.run(
        con,
        "runs.finish_run",
        run_id=run_id,
        ended_at=ended_at,
        outcome=outcome,
        feeds=feeds,
        new_articles=new_articles,
        alerts=alerts,
        waited_seconds=waited_seconds,
        held_seconds=held_seconds,
    )


def end_stale_runs(con: Connection, now: datetime) -> list[str]:
    """Mark runs whose process is gone as crashed; return their ids."""
    stale = [
        run_id
        for run_id, process, started_at in queries.run(con, "runs.running")
        if is_gone(process or "", started_at, now)
    ]
    if stale:
        queries.run(con, "runs.crash_runs", run_ids=stale)
    return stale


def was_offline(con: Connection, shard: str | None) -> bool:
    """Tell whether the last run of *shard* that has ended reached no host."""
    return bool(queries.values(con, "runs.was_offline", shard=shard) == [True])


def offline_since(con: Connection) -> datetime | None:
    """Return the start of the first of the newest runs that all reached no host."""
    return cast("datetime | None", queries.scalar(con, "runs.offline_since"))


def last_run(con: Connection) -> Run | None:
    """Return the run that began last."""
    return next(iter(queries.records(con, Run, "runs.last_run")), None)


def last_elsewhere(con: Connection, home: str) -> Elsewhere | None:
    """Return the last run outside *home* on this host."""
    found = queries.records(con, Elsewhere, "runs.last_elsewhere", **_here(home))
    return next(iter(found), None)


def feed_lists(con: Connection, home: str) -> list[FeedList]:
    """Return the feed list of each host that ran in the last two days."""
    found = queries.records(con, FeedList, "runs.feed_lists", **_here(home))
    return [each for each in found if each.version is not None]


def hosts(con: Connection, home: str) -> list[HostRuns]:
    """Return the last run of each host in the last seven days."""
    return queries.records(con, HostRuns, "runs.hosts", **_here(home))


def shards(con: Connection) -> list[ShardReads]:
    """Return the last reading of each shard, if machines share the feeds."""
    return queries.records(con, ShardReads, "runs.shards")


def _here(home: str) -> dict[str, str]:
    return {"host": socket.gethostname(), "home": home}


def set_reporting_zone(con: Connection, zone: str) -> None:
    """Set the reporting zone to *zone*; recompute the days that depend on it."""
    if zone != reporting_zone(con):
        queries.run(con, "runs.set_zone", zone=zone)
        with with_memory(con, REWRITING):
            refresh_all_coverage(con)
            refresh_poll_days(con)


def reporting_zone(con: Connection) -> str:
    """Return the IANA name of the reporting zone."""
    return str(queries.scalar(con, "runs.zone"))


def _begin(con: Connection, run: Run, process: str) -> None:
    queries.run(
        con,
        "runs.begin_run",
        run_id=run.run_id,
        started_at=run.started_at,
        feeds=run.feeds,
        version=run.version,
        rules_version=run.rules_version,
        feeds_version=run.feeds_version,
        shard=run.shard,
        process=process,
        host=process.partition(" ")[0],
        home=run.home,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnWait:
    """A wait for the write lock: process, run, holder, and the time of giving up."""

    command: str
    process: str
    began_at: datetime
    holder: str = ""
    gave_up_at: datetime | None = None
    run: Run | None = None

    def seconds(self, now: datetime) -> float:
        """Return the length of the wait until *now*."""
        return ((self.gave_up_at or now) - self.began_at).total_seconds()

    def is_over(self, now: datetime) -> bool:
        """Tell whether the wait is over: the process gave up or was killed."""
        return bool(self.gave_up_at) or is_gone(self.process, self.began_at, now)


_FORM = TypeAdapter(TurnWait)


@contextmanager
def waiting(data: Path, command: str, run: Run | None) -> Iterator[Callable[[str], None]]:
    """Record a wait of *command* when the yielded function is called with the holder.

    A wait that was given up stays on record; one that ended well leaves none.
    """
    began = datetime.now(UTC)
    wait = TurnWait(
        command=command, process=process_of(os.getpid()), began_at=began, run=run
    )
    path = data / FOLDER / f"{began:%Y%m%dT%H%M%S.%f}-{os.getpid()}.json"

    def tell(holder: str) -> None:
        _write(path, replace(wait, holder=holder))

    try:
        yield tell
    except WarehouseBusy as exc:
        _write(path, replace(wait, holder=exc.holder, gave_up_at=datetime.now(UTC)))
        raise
    except BaseException:
        _forget(path)
        raise
    _forget(path)


def turn_waits(data: Path) -> list[TurnWait]:
    """Return the current waits, and those given up since this host last held the lock."""
    now = datetime.now(UTC)
    found = (wait for _, wait in _read(data))
    return [wait for wait in found if wait.gave_up_at or not wait.is_over(now)]


def settle_waits(con: Connection, data: Path) -> None:
    """Record the runs that gave up, under the lock; remove the files of past waits."""
    now = datetime.now(UTC)
    over = [(path, wait) for path, wait in _read(data) if wait.is_over(now)]
    runs = [wait for _, wait in over if wait.run and wait.gave_up_at]
    if runs:
        with transaction(con):
            for wait in runs:
                _give_up(con, wait)
    for path, _ in over:
        path.unlink(missing_ok=True)


def _give_up(con: Connection, wait: TurnWait) -> None:
    if wait.run is not None and wait.gave_up_at is not None:
        seconds = wait.seconds(wait.gave_up_at)
        give_up_run(con, wait.run, wait.process, at=wait.gave_up_at, waited_seconds=seconds)


def _read(data: Path) -> Iterator[tuple[Path, TurnWait]]:
    for path in sorted((data / FOLDER).glob("*.json")):
        # The wait may have ended meanwhile; files of another version are ignored.
        with suppress(FileNotFoundError, ValidationError):
            yield path, _FORM.validate_json(path.read_bytes())


def _forget(path: Path) -> None:
    # Where the data folder is none, nothing was kept in it.
    with suppress(FileNotFoundError, NotADirectoryError):
        path.unlink()


def _write(path: Path, wait: TurnWait) -> None:
    private_folder(path.parent)
    part = path.with_suffix(".part")
    part.write_bytes(_FORM.dump_json(wait))
    part.replace(path)
