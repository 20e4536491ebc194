"""The newest article of each feed, kept in step with sightings and dates of articles.

Each function is called in the transaction that changes these.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import duckdb

from warehouse import queries

# A feed that loses its newest article has another one not long before, as a rule.
_BEFORE = timedelta(days=30)


def note_arrivals(con: duckdb.DuckDBPyConnection, at: Iterable[int]) -> None:
    """Record the newest article of the feeds that the articles *at* places were seen in."""
    if seqs := sorted(set(at)):
        queries.run(con, "arrivals.stage", {"seq": seqs})
        _exchange(con)


def recount_arrivals(con: duckdb.DuckDBPyConnection, at: Iterable[int]) -> None:
    """Do so where the articles *at* places have another date now, maybe an earlier one."""
    if not (seqs := sorted(set(at))):
        return
    [(feeds, last)] = queries.run(con, "arrivals.feeds", {"seq": seqs})
    left = set(feeds or ())
    for since in (last and last - _BEFORE, None):
        if left:
            told = {"feed_id": sorted(left), "since": since}
            queries.run(con, "arrivals.stage_again", told)
            left -= _exchange(con)


def refresh_all_arrivals(con: duckdb.DuckDBPyConnection) -> None:
    """Derive every row anew."""
    queries.run(con, "arrivals.derive")


def _exchange(con: duckdb.DuckDBPyConnection) -> set[str]:
    """Put what was staged in its place; return the feeds."""
    feeds = {feed_id for (feed_id,) in queries.run(con, "arrivals.exchange")}
    queries.run(con, "arrivals.drop_staged")
    return feeds
