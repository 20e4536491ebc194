"""A recent part of the warehouse in its place, as it was seen by a moment.

The published views look at all there is. Trends ask a dozen of them for some weeks: so
the articles of those weeks, with what was found in them, are copied once into temporary
tables, which come before those of the file wherever a query names them, and the views
are made anew over these. What had not been seen by a moment is not copied, so that all
views become what they were then.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

import duckdb

from warehouse import queries
from warehouse.migrate import SQL

_TABLES = ("articles", "mentions", "tags", "feed_polls")
# What most of the others are made from is worth keeping; the others are asked once.
_KEPT_VIEWS = ("article_days", "company_coverage", "topic_coverage", "feed_outages")
_VIEWS = (
    "coverage_gaps",
    "share_of_voice",
    "frame_weeks",
    "lead_lag",
    "movers",
    "source_league",
)


@contextmanager
def excerpt(
    con: duckdb.DuckDBPyConnection, *, since: date, as_of: datetime
) -> Iterator[None]:
    """Let what was published from *since* on, and seen by *as_of*, stand for all."""
    made: list[str] = []
    try:
        for table in _TABLES:
            queries.rows_for(con, f"excerpt.{table}", {"since": since, "as_of": as_of})
            made.append(f"table temp.{table}")
        for kind, names in (("table", _KEPT_VIEWS), ("view", _VIEWS)):
            for name in names:
                con.execute(f"create temp {kind} {name} as {_select(con, name)}")
                made.append(f"{kind} temp.{name}")
        yield
    finally:
        for each in reversed(made):
            con.execute(f"drop {each}")


def _select(con: duckdb.DuckDBPyConnection, view: str) -> str:
    [path] = [p for p in (SQL / "views").iterdir() if p.name[3:] == f"{view}.sql"]
    made, *_comments = con.extract_statements(path.read_text(encoding="utf-8"))
    _, _, select = made.query.partition(f"create or replace view {view} as\n")
    return select
