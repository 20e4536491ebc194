"""Keep the warehouse in order: checks, a backup, the retention of raw documents."""

from __future__ import annotations

from flows.settings import Settings
from flows.steps.clock import Clock
from flows.steps.ingest.raw import forget_documents
from flows.steps.published import published
from flows.steps.retention import KEPT_BACKUPS, beyond, in_order, place
from flows.steps.summary import Report
from flows.steps.upkeep.nightly import CHECKING, check_by_night
from flows.steps.warehouse import publish, warehouse_of
from transforms.text.plural import counted
from warehouse.file.aside import BACKUPS_NAME

_BACKUP, _SUFFIX = "daily", ".duckdb"


def maintain(settings: Settings, clock: Clock, *, report: Report) -> list[str]:
    """Publish, check, back up and clean up; return the names of failed checks.

    A warehouse that fails its checks does not replace a good backup. The oldest files go
    first, by the order in which they were made, whatever the clock says.
    """
    day = clock().date()
    publish(settings)
    with published(settings, memory=CHECKING) as con:
        failed = check_by_night(con, settings.data, report=report)
    forgotten = forget_documents(settings.data, day=day, keep=settings.raw_retention_days)
    report(f"removed {counted(forgotten, 'raw document')} past retention")
    if failed:
        return failed
    folder = settings.data / BACKUPS_NAME
    target = place(folder, _BACKUP, _SUFFIX, day)
    warehouse = warehouse_of(settings)
    warehouse.backup(target, overwrite=True, wait=settings.writer_wait_seconds)
    for old in beyond(in_order(folder, _BACKUP, _SUFFIX), KEPT_BACKUPS):
        old.unlink()
    report(f"backed up to {target}")
    if done := warehouse.keep_in_order(wait=settings.writer_wait_seconds):
        report(done)
    return []
