"""Bursts, shifts and terms as they stood at an earlier moment, not the recorded ones.

The tables ``bursts``, ``level_shifts`` and ``emerging_terms`` hold what everything seen
so far says. A look back must not know that, so what was found from the articles seen by
then stands in for them: temporary tables of one connection, which come before those of
the file wherever a query names them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

import duckdb

from transforms.models import Burst, EmergingTerm, LevelShift
from warehouse import queries

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


@contextmanager
def standing_in(con: duckdb.DuckDBPyConnection, found: Hindsight | None) -> Iterator[None]:
    """Let *found*, or nothing at all, stand in for what is recorded."""
    con.execute("create temp table bursts as from bursts limit 0")
    con.execute("create temp table emerging_terms as from emerging_terms limit 0")
    con.execute("create temp table level_shifts as from level_shifts limit 0")
    try:
        if found is not None:
            queries.append(con, "trends.insert_bursts", found.bursts, BURST_FIELDS)
            queries.append(con, "trends.insert_terms", found.terms, TERM_FIELDS)
            queries.append(con, "trends.insert_shifts", found.shifts, SHIFT_FIELDS)
        yield
    finally:
        con.execute("drop table temp.bursts")
        con.execute("drop table temp.emerging_terms")
        con.execute("drop table temp.level_shifts")
