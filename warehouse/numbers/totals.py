"""The number of rows of the main relations."""

from __future__ import annotations

import duckdb

from warehouse import queries


def totals(con: duckdb.DuckDBPyConnection) -> queries.Row:
    """Return the number of feeds, articles, mentions, stories, alerts and bursts."""
    return queries.rows(con, "totals.totals")[0]
