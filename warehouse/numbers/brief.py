"""Rows of a brief, each with its SQL, for today or as of a past day.

Temporary tables and views shadow those of the file, in its views and macros too. So numbers
as of an earlier moment come from today's queries, over views without the rows seen later.
Recorded bursts, shifts and terms use all rows, so statistics recomputed for that moment
replace them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from transforms.dates.zones import days_of, start_of
from transforms.models import Answers, Burst, EmergingTerm, Freshness, LevelShift, Query
from warehouse import appends, queries
from warehouse.queries import Connection, read
from warehouse.runs import reporting_zone

# Known as of the last run alone; of the days of an earlier moment all are looked at now.
OF_LAST_RUN = {"sources", "uncomputed"}
# Recorded by the last run; as of an earlier moment they are computed anew.
COMPUTED = {"bursts", "emerging", "shifts"}
# Asked in this order, of the stories that go on in the period and no more.
LIVE = ("stories", "story_articles")
# What things are called, articles of stories that were found before, and what is for
# programs alone: nothing that a reader sees comes from these.
UNSHOWN = {"names", "story_articles", "movers"}
# Later than any clock of ours, and still a date that Python can read.
EVER = datetime(9999, 1, 1, tzinfo=UTC)
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
_LIVE = {"articles": "asof.live_articles", "coverage": "asof.live_coverage"}
_SEEN = (
    *("articles", "coverage", "roll_ups", "feed_marks", "feed_polls", "poll_days"),
    "feed_arrivals",
)
_RECORDED = ("bursts", "emerging_terms", "level_shifts")


def brief_data(
    con: Connection,
    asked: Iterable[Query[Any]],
    *,
    since: date | datetime,
    until: date | datetime,
    as_of: datetime | None = None,
    found: Hindsight | None = None,
) -> Answers:
    """Return the rows of the queries *asked* for the brief of [*since*, *until*).

    The SQL has its moments filled in, so that it can be pasted into a shell on the
    published file. Dates mean midnight in the reporting zone. Numbers of whole days are
    of as many as the period has, from the midnight nearest to its beginning. A query may
    ask for the stories that one before it gave.

    With *as_of*, rows first seen later are left out, as ``sql["as_of"]`` does in SQL.
    Bursts and terms are those of *found*; feed health, known only as of the last run, is
    left out.

    Raises:
        RowError: A query does not give what its record declares.
    """
    params = _period(since, until, ZoneInfo(reporting_zone(con)))
    params["as_of"] = as_of or EVER
    known = [q for q in asked if as_of is None or q.key not in OF_LAST_RUN]
    rows: dict[str, Sequence[Any]] = {}
    live = sorted((q for q in known if q.key in LIVE), key=lambda q: LIVE.index(q.key))
    with of_live_stories(con, since=params["since"], until=params["until"], as_of=as_of):
        for query in live:
            rows[query.key] = read(con, query, params)
            params["story_ids"] = [story.story_id for story in rows["stories"]]
    with seen_by(con, as_of, found):
        for query in known:
            if query.key not in LIVE:
                rows[query.key] = read(con, query, params)
    shown = {q.key: queries.filled(q.name, params) for q in known if q.key not in UNSHOWN}
    if as_of is None:
        return Answers(rows, shown)
    return Answers(rows, _looked_back(shown, params, seen_by_sql(con, as_of), found))


def _looked_back(
    sql: Mapping[str, str], params: queries.Row, seen: str, found: Hindsight | None
) -> Mapping[str, str]:
    """Return the SQL as of an earlier moment: of what is computed, that of its counts."""
    kept = {key: text for key, text in sql.items() if key not in COMPUTED}
    if not found:
        return {**kept, "as_of": seen}
    return {
        **kept,
        **found.queries(params["as_of"]),
        # The counts hold no headline; these rows hold that of every burst.
        "burst_stories": queries.filled("brief.burst_stories", params),
        "as_of": seen,
    }


def _period(since: date | datetime, until: date | datetime, zone: ZoneInfo) -> queries.Row:
    """Return the period's moments, and the days of the calendar that stand for it."""
    start, end = start_of(since, zone), start_of(until, zone)
    first, after = days_of(start, end, zone)
    return {"since": start, "until": end, "since_day": first, "until_day": after}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindsight:
    """Statistics over the articles seen by a moment, with the days they cover."""

    bursts: Sequence[Burst]
    terms: Sequence[EmergingTerm]
    counted: tuple[date, date]
    titled: tuple[date, date]
    shifts: Sequence[LevelShift] = ()
    shifted: tuple[date, date] | None = None

    def queries(self, as_of: datetime) -> Mapping[str, str]:
        """Return the SQL of the input rows of the statistics."""
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
def seen_by(
    con: Connection, as_of: datetime | None, found: Hindsight | None
) -> Iterator[None]:
    """Hide rows first seen after *as_of*; *found* replaces the recorded statistics.

    Views filter the rows, without a copy. Without *as_of* nothing is hidden.
    """
    with ExitStack() as stack:
        if as_of is not None:
            stack.enter_context(_recorded(con, found))
            for view in _SEEN:
                stack.callback(con.execute, f"drop view if exists temp.{view}")
            con.execute(seen_by_sql(con, as_of))
        yield


def seen_by_sql(con: Connection, as_of: datetime) -> str:
    """Return the statements that limit all relations to rows seen by *as_of*."""
    # A view of the same name can reach the file's own table by the file's name alone.
    name = con.execute("select current_database()").fetchall()[0][0]
    sql = queries.filled("asof.seen_by", {"as_of": as_of})
    return sql.replace("from file.", f'from "{name}".main.')


@contextmanager
def of_live_stories(
    con: Connection, *, since: datetime, until: datetime, as_of: datetime | None = None
) -> Iterator[datetime]:
    """Limit articles and coverage to the stories of a period, as seen by *as_of*.

    Yields the beginning of the oldest of these stories.

    Nothing that ranks or tells these is left out, and what is older than the oldest of
    them is not read: joined to a million articles they would take ten times as long, and
    more memory than the desk has.
    """
    period = {"since": since, "until": until}
    [(began, _)] = queries.run(con, "asof.live", **period)
    params = {**period, "began": began or since, "as_of": as_of or EVER}
    queries.run(con, "asof.live_alone")
    with ExitStack() as stack:
        stack.callback(con.execute, "drop view temp.roll_ups")
        for table, name in _LIVE.items():
            queries.create_temp(con, table, name, params)
            stack.callback(con.execute, f"drop table temp.{table}")
        yield params["began"]


@contextmanager
def _recorded(con: Connection, found: Hindsight | None) -> Iterator[None]:
    """Replace the recorded statistics by *found*, or by none."""
    with ExitStack() as stack:
        for table in _RECORDED:
            con.execute(f"create temp table {table} as from {table} limit 0")
            stack.callback(con.execute, f"drop table temp.{table}")
        if found is not None:
            appends.append(con, "trends.insert_bursts", found.bursts, appends.names(Burst))
            appends.append(
                con, "trends.insert_terms", found.terms, appends.names(EmergingTerm)
            )
            appends.append(
                con, "trends.insert_shifts", found.shifts, appends.names(LevelShift)
            )
        yield


def freshness(con: Connection, *, as_of: datetime | None = None) -> Freshness:
    """Return the freshness and completeness of the data, now or at *as_of*."""
    if as_of is None:
        [row] = queries.rows(con, "freshness.now")
    else:
        [row] = queries.rows(con, "freshness.freshness", as_of=as_of)
    names = ("as_of", "asked", "answered", "computed_until")
    return Freshness(**{name: row[name] for name in names})


def uncomputed(con: Connection, *, since: datetime, until: datetime) -> list[date]:
    """Return the days in [*since*, *until*) with articles but no computed bursts."""
    return queries.values(con, "freshness.uncomputed", since=since, until=until)


def record_computed(
    con: Connection, relation: str, *, since: date, until: date, now: datetime
) -> None:
    """Record that *relation* was computed for the days from *since* to *until*."""
    queries.run_each(
        con,
        *("freshness.forget_computed", "freshness.record_computed"),
        relation=relation,
        since=since,
        until=until,
        now=now,
    )


def record_import(con: Connection, *, entries: int, undated: int, now: datetime) -> None:
    """Record an import of a batch of rows."""
    queries.run(con, "freshness.record_import", entries=entries, undated=undated, now=now)


def totals(con: Connection) -> queries.Row:
    """Return the number of feeds, articles, mentions, stories, alerts and bursts."""
    return queries.rows(con, "totals.totals")[0]
