"""Maintenance of the warehouse: checks, backup, retention, and moves to or from a lake."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import duckdb

from flows.settings import Settings
from flows.steps.published import is_of_another_version, published
from flows.steps.retention import KEPT_BACKUPS, beyond, forget_documents, in_order, place
from flows.steps.summary import Clock, Report
from flows.steps.warehouse import publish, renew_publication, warehouse_of
from transforms.config import ConfigError
from transforms.text.lengths import counted
from warehouse.file.aside import BACKUPS_NAME
from warehouse.file.connect import PRIVATE_NAME, THREADS
from warehouse.upkeep.checks import Derivation, Pass, run_checks, state_of

_BACKUP, _SUFFIX = "daily", ".duckdb.gz"
# What looking at one part after the other takes, and blocks of the file that are kept;
# and what it may take where one month, or one text, is larger than any that was measured.
CHECKING, ROOMY = "200MB", "1GB"
RECORD = "warehouse.checked"
# Who began before the newest run may have committed after it.
_LONGEST_RUN = timedelta(days=1)
_COMMAND = "sinowire move"
Found = TypeVar("Found")


def maintain(settings: Settings, clock: Clock, *, report: Report) -> list[str]:
    """Publish, check, back up and clean up; return the names of failed checks.

    A warehouse that fails its checks does not replace a good backup. The oldest files go
    first, by the order in which they were made, whatever the clock says.
    """
    day = clock().date()
    publish(settings)
    if is_of_another_version(settings):
        renew_publication(settings, report)
    failed = look(settings, lambda con: check_by_night(con, settings.data, report=report))
    forgotten = forget_documents(settings.data, day=day, keep=settings.raw_retention_days)
    report(f"removed {counted(forgotten, 'raw document')} past retention")
    if failed:
        return failed
    folder = settings.data / BACKUPS_NAME
    target = place(folder, _BACKUP, _SUFFIX, day)
    warehouse = warehouse_of(settings)
    warehouse.backup(target, overwrite=True, wait=settings.writer_wait_seconds)
    for old in beyond(in_order(folder, _BACKUP), KEPT_BACKUPS):
        old.unlink()
    report(f"backed up to {target}")
    if done := warehouse.keep_in_order(wait=settings.writer_wait_seconds):
        report(done)
    return []


def look(
    settings: Settings,
    work: Callable[[duckdb.DuckDBPyConnection], Found],
    *,
    renew: Callable[[], object] | None = None,
) -> Found:
    """Return what *work* finds in the published file, begun anew if it lacks memory."""
    try:
        with published(settings, memory=CHECKING, threads=THREADS, renew=renew) as con:
            return work(con)
    except duckdb.OutOfMemoryException:
        with published(settings, memory=ROOMY, threads=THREADS) as con:
            return work(con)


def check_by_night(
    con: duckdb.DuckDBPyConnection, data: Path, *, report: Report
) -> list[str]:
    """Return the names of failed checks; all data is checked within a week.

    At once where nothing is on record of a pass that found nothing, or where rows were
    derived anew since.
    """
    record, state = data / RECORD, state_of(con)
    only = _incremental(record, state)
    report(f"checking {_told(only)}")
    failed = [check.name for check in run_checks(con, only=only) if not check.ok]
    if failed or state.seen_at is None:
        record.unlink(missing_ok=True)
    else:
        night = only.night + 1 if only else 0
        row = [state.derived_by, state.seen_at.isoformat(), night]
        record.write_text(json.dumps(row), encoding="utf-8")
    return failed


def _told(only: Pass | None) -> str:
    if only is None:
        return "the whole warehouse"
    return f"what changed since {only.since:%Y-%m-%d %H:%M} UTC, and a part of the rest"


def _incremental(record: Path, state: Derivation) -> Pass | None:
    try:
        derived_by, seen_at, night = json.loads(record.read_text(encoding="utf-8"))
        since = datetime.fromisoformat(seen_at)
    except (OSError, ValueError):
        # None yet, or cut off.
        return None
    # What was restored may be of before.
    if derived_by != state.derived_by or state.seen_at is None or since > state.seen_at:
        return None
    return Pass(since - _LONGEST_RUN, int(night))


class Place(StrEnum):
    """Target of a move of the warehouse."""

    lake = "lake"
    file = "file"


def move(
    settings: Settings, place: Place, *, force: bool = False
) -> tuple[dict[str, int], Path | None, list[str]]:
    """Return the rows per table moved, the file kept, and failed checks.

    The source is left unchanged.

    Raises:
        ConfigError: No setting says where the lake is.
        TransferError: The lake holds something, or another number of rows arrived.
        WarehouseError: The lake cannot be reached, or the file cannot be read.
    """
    if (address := settings.lake_address) is None:
        raise ConfigError(
            "sinowire.toml", "names no lake", "set `warehouse` and `lake`, then move"
        )
    from warehouse.lake.lake import draw, pour  # noqa: PLC0415  few homes have a lake

    data, wait = settings.data, settings.writer_wait_seconds
    if place is Place.lake:
        source = data / PRIVATE_NAME
        counts, kept = pour(data, address, source, command=_COMMAND, force=force, wait=wait)
    else:
        counts, kept = draw(data, address, command=_COMMAND, wait=wait)
    publish(settings)
    failed = [check.name for check in look(settings, run_checks) if not check.ok]
    return counts, kept, failed
