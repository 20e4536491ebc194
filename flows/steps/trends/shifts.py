"""Level shifts, of everything or of what had been seen by a moment."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import duckdb

from transforms.models import LevelShift
from transforms.trends.shifts import WINDOW, find_shifts
from warehouse.numbers import trends as trend_store

DAY = timedelta(days=1)


def compute_shifts(
    con: duckdb.DuckDBPyConnection, *, until: date, as_of: datetime | None = None
) -> list[LevelShift]:
    """Return the latest shift of each subject in the 26 weeks up to *until*.

    Only outlets present in the whole window count: a new outlet is not a shift.
    """
    start = searched_from(con, until=until, as_of=as_of)
    return find_shifts(
        trend_store.panel_counts(con, since=start, until=until, as_of=as_of),
        first_day=start,
        until=until + DAY,
    )


def searched_from(
    con: duckdb.DuckDBPyConnection, *, until: date, as_of: datetime | None = None
) -> date:
    """Return the first of the days up to *until* in which shifts are looked for."""
    first = trend_store.first_day(con, as_of=as_of) or until
    return max(until - timedelta(days=WINDOW - 1), first)
