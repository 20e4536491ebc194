"""Bursts, terms and level shifts, of all articles or of those seen by a moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb

from flows.steps.processes import at_hand, in_processes
from transforms.bursts.find import FALSE_ALARMS_A_WEEK, find_bursts, share_so_far
from transforms.models import Burst, EmergingTerm, LevelShift
from transforms.trends.shifts import WINDOW, find_shifts
from transforms.trends.terms import emerging_terms
from warehouse.news.articles import count_articles
from warehouse.numbers import trends as trend_store
from warehouse.numbers.brief import Hindsight
from warehouse.runs import reporting_zone

# The weekly brief looks back four weeks; each of those days needs four of its own.
KEPT = timedelta(days=28)
TERM_WEEKS = 4
# A process takes half a second to start: some weeks of a large warehouse, all of a small.
MANY_WEEKS = 16
MANY_ARTICLES = 100_000
DAY = timedelta(days=1)
Titles = Sequence[tuple[str, str, str]]


def compute_bursts(
    con: duckdb.DuckDBPyConnection,
    *,
    since: date,
    until: date,
    now: datetime,
    as_of: datetime | None = None,
    false_alarms_a_week: float = FALSE_ALARMS_A_WEEK,
) -> list[Burst]:
    """Return the bursts of the days from *since* to *until*.

    A day that is not over *now* is compared with what usually has come by then.
    """
    start = _counted_from(since)
    bursts = find_bursts(
        trend_store.day_counts(con, since=start, until=until, as_of=as_of),
        first_day=max(start, trend_store.first_day(con, as_of=as_of) or until),
        until=until + DAY,
        false_alarms_a_week=false_alarms_a_week,
        so_far=_so_far(con, until, now=now, as_of=as_of),
    )
    return [burst for burst in bursts if burst.day >= since]


def compute_terms(
    con: duckdb.DuckDBPyConnection, *, week: date, as_of: datetime | None = None
) -> list[EmergingTerm]:
    """Return the emerging terms of *week*, given by its Monday."""
    current, before = trend_store.titles_for_terms(
        con, week=week, weeks=TERM_WEEKS, as_of=as_of
    )
    return emerging_terms(current, before, week=week)


def terms_by_week(
    con: duckdb.DuckDBPyConnection, weeks: Sequence[date]
) -> Iterator[tuple[date, list[EmergingTerm]]]:
    """Yield each of *weeks* with its terms, in several processes where they are many."""
    is_short = len(weeks) < MANY_WEEKS or count_articles(con) < MANY_ARTICLES
    if is_short or at_hand() == 1:
        yield from ((week, compute_terms(con, week=week)) for week in weeks)
        return
    titles = (
        (week, *trend_store.titles_for_terms(con, week=week, weeks=TERM_WEEKS))
        for week in weeks
    )
    yield from zip(weeks, in_processes(_terms_of, titles), strict=True)


def _terms_of(titled: tuple[date, Titles, Titles]) -> list[EmergingTerm]:
    week, current, before = titled
    return emerging_terms(current, before, week=week)


def look_back(
    con: duckdb.DuckDBPyConnection,
    *,
    since: date,
    until: date,
    as_of: datetime,
    false_alarms_a_week: float = FALSE_ALARMS_A_WEEK,
) -> Hindsight:
    """Return the bursts and terms of these days as of *as_of*, under today's rules.

    Terms are those of the week in their middle.
    """
    # Never fewer days than a refresh keeps: earlier bursts bear on later levels.
    first = min(since, kept_from(until))
    week = monday(since + (until - since) / 2)
    return Hindsight(
        bursts=compute_bursts(
            con,
            since=first,
            until=until,
            now=as_of,
            as_of=as_of,
            false_alarms_a_week=false_alarms_a_week,
        ),
        terms=compute_terms(con, week=week, as_of=as_of),
        counted=(_counted_from(first), until),
        titled=(week - timedelta(weeks=TERM_WEEKS), week),
        shifts=compute_shifts(con, until=until, as_of=as_of),
        shifted=(searched_from(con, until=until, as_of=as_of), until),
    )


def kept_from(day: date) -> date:
    """Return the first day of the period, ending on *day*, whose bursts are kept."""
    return day - KEPT + DAY


def monday(day: date) -> date:
    """Return the Monday of *day*'s week."""
    return day - timedelta(days=day.weekday())


def _so_far(
    con: duckdb.DuckDBPyConnection, day: date, *, now: datetime, as_of: datetime | None
) -> float:
    local = now.astimezone(ZoneInfo(reporting_zone(con)))
    if local.date() != day:
        return 1.0
    hours = trend_store.hours(con, since=day - KEPT, until=day - DAY, as_of=as_of)
    return share_so_far(hours, local.hour + local.minute / 60)


def _counted_from(since: date) -> date:
    return since - KEPT - DAY


def compute_shifts(
    con: duckdb.DuckDBPyConnection, *, until: date, as_of: datetime | None = None
) -> list[LevelShift]:
    """Return the latest shift of each subject in the 26 weeks up to *until*.

    Only outlets present in the whole window count: a new outlet is not a shift.
    """
    start = searched_from(con, until=until, as_of=as_of)
    return find_shifts(
        trend_store.panel_counts(con, since=start, until=until, as_of=as_of),
        first_day=start,
        until=until + DAY,
    )


def searched_from(
    con: duckdb.DuckDBPyConnection, *, until: date, as_of: datetime | None = None
) -> date:
    """Return the first day up to *until* that is searched for shifts."""
    first = trend_store.first_day(con, as_of=as_of) or until
    return max(until - timedelta(days=WINDOW - 1), first)
