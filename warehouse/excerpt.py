"""A recent part of the warehouse in its place, as it was seen by a moment.

The published views look at all there is. Trends ask a dozen of them for some weeks: so
the articles of those weeks, with what was found in them, are copied once into temporary
tables. These come before those of the file wherever they are named, in its views and
macros too. What had not been seen by a moment is not copied, so that every number
becomes what it was then.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

import duckdb

from warehouse import queries

_TABLES = ("articles", "mentions", "tags", "feed_polls")
# What most of the others are made from is worth keeping; the others are asked once.
_KEPT_VIEWS = ("article_days", "company_coverage", "topic_coverage")


@contextmanager
def excerpt(
    con: duckdb.DuckDBPyConnection, *, since: date, as_of: datetime
) -> Iterator[None]:
    """Let what was published from *since* on, and seen by *as_of*, stand for all."""
    made: list[str] = []
    try:
        for table in _TABLES:
            queries.rows_for(con, f"excerpt.{table}", {"since": since, "as_of": as_of})
            made.append(table)
        for view in _KEPT_VIEWS:
            con.execute(f"create temp table {view} as from {view}")
            made.append(view)
        yield
    finally:
        for table in reversed(made):
            con.execute(f"drop table temp.{table}")
