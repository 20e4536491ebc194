"""Keep the warehouse in order: checks, a backup, the retention of raw documents."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flows.settings import Settings
from flows.steps.clock import Clock
from flows.steps.ingest import Report
from flows.steps.raw import forget_documents
from flows.steps.store import publish, published
from warehouse.backup import backup
from warehouse.checks import run_checks

KEPT_BACKUPS = 7


def maintain(settings: Settings, clock: Clock, *, report: Report) -> list[str]:
    """Publish, check, back up and clean up; return the names of failed checks.

    A warehouse that fails its checks is not backed up over a good copy.
    """
    now = clock()
    publish(settings)
    with published(settings) as con:
        failed = [check.name for check in run_checks(con) if not check.ok]
    forgotten = forget_documents(
        settings.data, now=now, keep=timedelta(days=settings.raw_retention_days)
    )
    report(f"{forgotten} raw documents were past their retention")
    if failed:
        return failed
    folder = settings.data / "backups"
    target = folder / f"daily-{now:%Y%m%d}.duckdb"
    target.unlink(missing_ok=True)
    backup(settings.data, target, wait=settings.writer_wait_seconds)
    _keep_newest(folder)
    report(f"backed up to {target}")
    return []


def _keep_newest(folder: Path) -> None:
    for old in sorted(folder.glob("daily-*.duckdb"))[:-KEPT_BACKUPS]:
        old.unlink()
