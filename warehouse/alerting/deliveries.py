"""How alerts travelled: their updates, digests, and what had to be sent again."""

from __future__ import annotations

import duckdb

from warehouse import queries


def updates(
    con: duckdb.DuckDBPyConnection, *, rule_id: str | None = None
) -> list[queries.Row]:
    """Return every update, of one rule or all, with what its first alert knew."""
    return queries.rows(con, "deliveries.updates", {"rule_id": rule_id})


def digests(con: duckdb.DuckDBPyConnection) -> list[queries.Row]:
    """Return every digest: its channel, its alerts, and what gathered them."""
    return queries.rows(con, "deliveries.digests")


def retries(con: duckdb.DuckDBPyConnection) -> list[queries.Row]:
    """Return every attempt at the messages that did not arrive at the first."""
    return queries.rows(con, "deliveries.retries")
