"""Check a home: files, space, warehouse, runs, feeds and alerts, one finding each."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

import duckdb

from flows.home import EXTENDING, Config, load_config
from flows.settings import Settings
from flows.steps.edits.shrink import compare_home
from flows.steps.hosts import SAME_FEEDS, differing_feeds
from flows.steps.published import published
from flows.steps.upkeep.finding import Finding
from flows.steps.upkeep.lake import look_at_lake
from transforms.config import ConfigError
from transforms.freshness import PUBLISHED_EVERY, doubts_of, stamp, warnings
from transforms.text.plural import counted
from warehouse import feeds as feed_store
from warehouse import runs as run_store
from warehouse.alerting import alerts as alert_store
from warehouse.errors import (
    RESTORE,
    NotPublished,
    WarehouseBusy,
    WarehouseDamaged,
    WarehouseError,
    WarehouseMissing,
    WarehouseNewer,
)
from warehouse.file.aside import check_may_begin, is_there
from warehouse.file.connect import PRIVATE_NAME, PUBLISHED_NAME
from warehouse.file.lock import turn
from warehouse.file.verify import verify
from warehouse.numbers.freshness import freshness

# A publication needs the room of a second warehouse; below this nothing else works well.
LOW_SPACE_BYTES = 1_000_000_000
# A writer at work shows that the warehouse works: no need to wait for its end.
PATIENCE_SECONDS = 1.0


def examine(
    settings: Settings, *, now: datetime, max_age: timedelta | None
) -> list[Finding]:
    """Look at files, space, warehouse, published copy, runs, feeds and alerts.

    With *max_age*, a last run that ended longer ago than that is bad.
    """
    findings = [*_files(settings), *_space(settings), _folder(settings)]
    findings += _warehouse(settings)
    try:
        with published(settings) as con:
            findings += [
                *_runs(con, now, max_age),
                _freshness(con, settings, now),
                *_feeds(con),
                *_hosts(con),
                *_alerts(con),
            ]
    except NotPublished as exc:
        state: Literal["warn", "bad"] = "bad" if max_age is not None else "warn"
        findings.append(
            Finding(what="published", state=state, detail=str(exc), remedy="sinowire run")
        )
    except (WarehouseError, duckdb.Error) as exc:
        findings.append(
            Finding(
                what="published",
                state="bad",
                detail=str(exc),
                remedy=f"delete {PUBLISHED_NAME}, then sinowire run",
            )
        )
    return findings


def _files(settings: Settings) -> Iterator[Finding]:
    config = load_config(settings)
    try:
        config.check()
    except ConfigError as exc:
        yield Finding(what="files", state="bad", detail=str(exc), remedy="correct the file")
        return
    enabled = sum(feed.enabled for feed in config.feeds)
    yield Finding(
        what="files",
        state="good",
        detail=f"{enabled} of {counted(len(config.feeds), 'feed')} enabled, "
        f"{counted(len(config.watchlist.companies), 'company', 'companies')}, "
        f"{counted(len(config.alerts.rules), 'alert rule')}, "
        f"{counted(len(config.searches), 'named search', 'named searches')}",
    )
    for name in EXTENDING:
        yield from _copies(config, name)


def _copies(config: Config, name: str) -> Iterator[Finding]:
    """Report a file that is a full copy of a shipped one, which no release updates."""
    found = compare_home(config, name)
    if found is None or not found.is_copy:
        return
    differing = counted(len(found.changed), "entry differs", "entries differ")
    yield Finding(
        what=name,
        state="warn",
        detail=f"a copy: lacks {found.lacks() or 'nothing yet'}; {differing}; "
        "it follows no update of the shipped one",
        remedy="sinowire init --shrink",
    )


def _space(settings: Settings) -> Iterator[Finding]:
    folder = settings.data if settings.data.is_dir() else settings.home
    free = shutil.disk_usage(folder).free
    low = free < LOW_SPACE_BYTES
    yield Finding(
        what="disk",
        state="warn" if low else "good",
        detail=f"{free / 1e9:.1f} GB free at {folder}",
        remedy="free some space: a publication copies the warehouse" if low else "",
    )


def _folder(settings: Settings) -> Finding:
    data = settings.data
    if data.exists() and not data.is_dir():
        return Finding(
            what="data",
            state="bad",
            detail=f"{data} is a file, not a folder",
            remedy="move it aside",
        )
    folder = data if data.is_dir() else settings.home
    try:
        # Only writing tells: permissions do not show a read-only file system.
        with tempfile.TemporaryFile(dir=folder):
            return Finding(what="data", state="good", detail=f"{folder} can be written")
    except OSError as exc:
        return Finding(
            what="data",
            state="bad",
            detail=f"{folder} cannot be written: {exc.strerror}",
            remedy="run as its owner, or give another --home",
        )


def _warehouse(settings: Settings) -> Iterator[Finding]:
    """Look at the private file, or the lake: runs go on from it, whatever is published."""
    if settings.lake_address is not None:
        yield from look_at_lake(settings.data, settings.lake_address)
        return
    path = settings.data / PRIVATE_NAME
    if not is_there(path):
        try:
            check_may_begin(path, settings.data / PUBLISHED_NAME)
        except WarehouseMissing as exc:
            yield _unusable(exc)
        return
    try:
        with turn(settings.data, command="sinowire doctor", wait=PATIENCE_SECONDS):
            verify(path, remedy=RESTORE)
    except WarehouseBusy as exc:
        detail = f"in use by {exc.holder}, so not checked"
        yield Finding(what="warehouse", state="good", detail=detail)
    except WarehouseError as exc:
        yield _unusable(exc)
    except OSError as exc:
        detail = f"{path} cannot be used: {exc.strerror}"
        yield Finding(
            what="warehouse",
            state="bad",
            detail=detail,
            remedy="check its disk and permissions",
        )
    else:
        detail = f"{path.stat().st_size / 1e6:.0f} MB, every table can be read"
        yield Finding(what="warehouse", state="good", detail=detail)


def _unusable(exc: WarehouseError) -> Finding:
    remedy = "check its disk and permissions"
    if isinstance(exc, WarehouseNewer):
        remedy = "upgrade sinowire"
    elif isinstance(exc, WarehouseMissing):
        remedy = f"sinowire restore {exc.former or 'FILE'}"
    elif isinstance(exc, WarehouseDamaged):
        remedy = "sinowire restore FILE brings a backup back"
    return Finding(what="warehouse", state="bad", detail=str(exc), remedy=remedy)


def _runs(
    con: duckdb.DuckDBPyConnection, now: datetime, max_age: timedelta | None
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
    # The published file may be so much behind.
    late = max_age is not None and age > max_age + PUBLISHED_EVERY
    bad = late or last.outcome in ("failed", "crashed")
    of_shard = f" of shard {last.shard}" if last.shard else ""
    ago = counted(round(age.total_seconds() / 60), "minute")
    yield Finding(
        what="last run",
        state="bad" if bad else "good",
        detail=f"{last.outcome}, {ago} ago, {counted(last.feeds, 'feed')}{of_shard}, "
        f"{counted(last.new_articles, 'new article')}",
        remedy="look at sinowire feeds health and at the scheduler" if bad else "",
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


def _hosts(con: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """Report hosts of a lake that poll by other lists of feeds; on a file is one host."""
    if warning := differing_feeds(con):
        yield Finding(what="hosts", state="warn", detail=warning, remedy=SAME_FEEDS)


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
