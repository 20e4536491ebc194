"""Check a home: files, space, warehouse, runs, feeds and alerts, one finding each."""

from __future__ import annotations

from datetime import datetime, timedelta

from flows.settings import Settings
from flows.steps.upkeep.files import look_at_files
from flows.steps.upkeep.finding import Finding
from flows.steps.upkeep.stored import look_at_warehouse
from flows.steps.upkeep.told import look_at_publication
from flows.steps.upkeep.waits import look_at_waits


def examine(
    settings: Settings, *, now: datetime, max_age: timedelta | None, is_quick: bool = False
) -> list[Finding]:
    """Look at files, space, warehouse, published copy, runs, feeds and alerts.

    Waits for the turn are looked at too. With *max_age*, a last run that ended longer ago
    than that is bad. Where *is_quick*, the warehouse is opened and no table is read from
    end to end.
    """
    return [
        *look_at_files(settings),
        *look_at_warehouse(settings, is_quick=is_quick),
        *look_at_waits(settings.data),
        *look_at_publication(settings, now=now, max_age=max_age),
    ]
