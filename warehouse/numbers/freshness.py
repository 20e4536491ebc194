"""How new the data are, how complete, and which days statistics were computed for."""

from __future__ import annotations

from datetime import date, datetime

import duckdb

from transforms.models import Freshness
from warehouse import queries


def freshness(
    con: duckdb.DuckDBPyConnection, *, as_of: datetime | None = None
) -> Freshness:
    """Return how new and complete the data are, or were at *as_of*."""
    if as_of is None:
        [row] = queries.rows(con, "freshness.now")
    else:
        [row] = queries.rows(con, "freshness.freshness", {"as_of": as_of})
    names = ("as_of", "asked", "answered", "computed_until")
    return Freshness(**{name: row[name] for name in names})


def uncomputed(
    con: duckdb.DuckDBPyConnection, *, since: datetime, until: datetime
) -> list[date]:
    """Return the days in [*since*, *until*) that have articles and no computed bursts."""
    params = {"since": since, "until": until}
    return [day for (day,) in queries.run(con, "freshness.uncomputed", params)]


def record_computed(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    *,
    since: date,
    until: date,
    now: datetime,
) -> None:
    """Record that *relation* was computed for the days from *since* to *until*."""
    days = {"relation": relation, "since": since, "until": until}
    queries.run(con, "freshness.forget_computed", days)
    queries.run(con, "freshness.record_computed", {**days, "now": now})


def record_import(
    con: duckdb.DuckDBPyConnection, *, entries: int, undated: int, now: datetime
) -> None:
    """Record that a batch of rows was brought in by an import."""
    params = {"entries": entries, "undated": undated, "now": now}
    queries.run(con, "freshness.record_import", params)
