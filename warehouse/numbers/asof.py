"""Restrict a connection to what had been seen by a moment, or to stories of a period.

Temporary tables and views come before those of the file wherever they are named, in its
views and macros too. So every number of an earlier moment comes from the query that gives
today's: what had not been seen by then is left out below it. Bursts, shifts and terms are
recorded with all that is known today, so those found by then stand in for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta

import duckdb

from transforms.models import Burst, EmergingTerm, LevelShift
from warehouse import queries

# Later than any clock of ours, and still a date that Python can read.
EVER = datetime(9999, 1, 1, tzinfo=UTC)
BURST_FIELDS = tuple(f.name for f in fields(Burst))
TERM_FIELDS = tuple(f.name for f in fields(EmergingTerm))
SHIFT_FIELDS = tuple(f.name for f in fields(LevelShift))
# The days that say how much of a day has usually come by an hour (transforms.bursts).
HOURS_OF = timedelta(days=28)
_NOTES = {
    "bursts": (
        "-- As of an earlier moment bursts are computed anew, in Python, from the counts\n"
        "-- that this query gives; the table bursts knows what came later.\n"
    ),
    "emerging": (
        "-- As of an earlier moment terms are computed anew, in Python, from the\n"
        "-- headlines that this query gives; emerging_terms knows what came later.\n"
    ),
    "hours": (
        "-- A day that was not over is compared with the part of a day's stories that\n"
        "-- had usually come by that hour.\n"
    ),
    "shifts": (
        "-- As of an earlier moment shifts are computed anew, in Python, from the counts\n"
        "-- that this query gives; the table level_shifts knows what came later.\n"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindsight:
    """What was found from the articles seen by a moment, and the days they are of."""

    bursts: Sequence[Burst]
    terms: Sequence[EmergingTerm]
    counted: tuple[date, date]
    titled: tuple[date, date]
    shifts: Sequence[LevelShift] = ()
    shifted: tuple[date, date] | None = None

    def queries(self, as_of: datetime) -> Mapping[str, str]:
        """Return the SQL of the rows that the statistics were given."""
        last = self.counted[1]
        asked = {
            "bursts": ("trends.day_counts", self.counted),
            "hours": ("trends.hours", (last - HOURS_OF, last - timedelta(days=1))),
            "emerging": ("trends.titles", self.titled),
        }
        if self.shifted:
            asked["shifts"] = ("trends.panel_counts", self.shifted)
        return {
            key: _NOTES[key]
            + queries.filled(name, {"since": since, "until": until, "as_of": as_of})
            for key, (name, (since, until)) in asked.items()
        }


_LIVE = {"articles": "asof.live_articles", "coverage": "asof.live_coverage"}
_SEEN = (
    *("articles", "coverage", "roll_ups", "feed_marks", "feed_polls", "poll_days"),
    "feed_arrivals",
)
_RECORDED = ("bursts", "emerging_terms", "level_shifts")


@contextmanager
def seen_by(
    con: duckdb.DuckDBPyConnection, as_of: datetime | None, found: Hindsight | None
) -> Iterator[None]:
    """Hide what was first seen after *as_of*; *found* replaces the recorded statistics.

    Nothing is copied: views leave out what came later. Without *as_of* all is seen.
    """
    with ExitStack() as stack:
        if as_of is not None:
            stack.enter_context(_recorded(con, found))
            for view in _SEEN:
                stack.callback(con.execute, f"drop view if exists temp.{view}")
            con.execute(seen_by_sql(con, as_of))
        yield


def seen_by_sql(con: duckdb.DuckDBPyConnection, as_of: datetime) -> str:
    """Return the statements by which what had been seen by *as_of* stands for all."""
    # A view of the same name can reach the file's own table by the file's name alone.
    name = con.execute("select current_database()").fetchall()[0][0]
    sql = queries.filled("asof.seen_by", {"as_of": as_of})
    return sql.replace("from file.", f'from "{name}".main.')


@contextmanager
def of_live_stories(
    con: duckdb.DuckDBPyConnection,
    *,
    since: datetime,
    until: datetime,
    as_of: datetime | None = None,
) -> Iterator[datetime]:
    """Let articles and coverage be those of the stories of a period, as seen by *as_of*.

    Yields when the oldest of these stories began.

    Nothing that ranks or tells these is left out, and what is older than the oldest of
    them is not read: joined to a million articles they would take ten times as long, and
    more memory than the desk has.
    """
    period = {"since": since, "until": until}
    [(began, _)] = queries.run(con, "asof.live", period)
    params = {**period, "began": began or since, "as_of": as_of or EVER}
    made = []
    queries.run(con, "asof.live_alone")
    try:
        for table, name in _LIVE.items():
            queries.create_temp(con, table, name, params)
            made.append(table)
        yield params["began"]
    finally:
        for table in made:
            con.execute(f"drop table temp.{table}")
        con.execute("drop view temp.roll_ups")


@contextmanager
def _recorded(con: duckdb.DuckDBPyConnection, found: Hindsight | None) -> Iterator[None]:
    """Replace the recorded statistics by *found*, or by none."""
    with ExitStack() as stack:
        for table in _RECORDED:
            con.execute(f"create temp table {table} as from {table} limit 0")
            stack.callback(con.execute, f"drop table temp.{table}")
        if found is not None:
            queries.append(con, "trends.insert_bursts", found.bursts, BURST_FIELDS)
            queries.append(con, "trends.insert_terms", found.terms, TERM_FIELDS)
            queries.append(con, "trends.insert_shifts", found.shifts, SHIFT_FIELDS)
        yield
