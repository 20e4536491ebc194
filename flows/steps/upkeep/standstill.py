"""Checkup of what stands still: processes of this home, and the pool's other machines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from flows.settings import Settings
from flows.steps.hosts import GONE_AFTER
from flows.steps.machines import known_machines
from flows.steps.upkeep.health import Finding
from warehouse.file.lock import LOCK_NAME
from warehouse.file.standstill import StandStill, keeps_host, standing_still


def look_at_processes(settings: Settings) -> Iterator[Finding]:
    """Report processes of this home that were stopped, or say nothing any more."""
    limit = settings.silent_seconds
    for still in standing_still(settings.data, limit):
        keeps = " and holds the lock: nothing here can write" if _is_holder(still) else ""
        ends = f"; after {limit:.0f} s it is ended" if still.is_of_run else ""
        yield Finding(
            what="process",
            state="bad" if keeps_host(still, limit) else "warn",
            detail=f"{still}{keeps}{ends}",
            remedy=still.remedy,
        )


def look_at_machines(data: Path) -> Iterator[Finding]:
    """Report the pool's machines whose workers show no sign of life."""
    for machine in known_machines(data):
        if machine.is_silent:
            yield Finding(
                what="hosts",
                state="warn",
                detail=f"{machine}: other machines take its runs",
                remedy="see to that machine, and whether its worker is stopped; one that "
                f"is gone for good is forgotten after {GONE_AFTER.days} days",
            )


def is_kept(settings: Settings) -> bool:
    """Tell whether the process that holds the lock stands still."""
    return any(map(_is_holder, standing_still(settings.data, settings.silent_seconds)))


def _is_holder(still: StandStill) -> bool:
    return still.path.name == LOCK_NAME
