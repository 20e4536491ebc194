"""What a reader of the published file would see changed, apart from further polls."""

from __future__ import annotations

import hashlib

import duckdb

from warehouse import feeds, queries, runs


def reader_state(con: duckdb.DuckDBPyConnection) -> str:
    """Return a digest that two states of a warehouse share if only polls lie between them.

    That is: nothing came, nothing was edited, no feed is in another state, and the last run
    ended as the one before. Rows of other tables are counted: who updates them in place
    publishes in any case.
    """
    last = runs.last_run(con)
    facts = (
        queries.run(con, "changes.counts"),
        queries.run(con, "changes.settings"),
        sorted((row["feed_id"], row["state"]) for row in feeds.health(con)),
        last and last.outcome,
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()
