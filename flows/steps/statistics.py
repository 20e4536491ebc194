"""Bursts and emerging terms, of everything or of what had been seen by a moment."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import duckdb

from transforms.bursts import find_bursts
from transforms.models import Burst, EmergingTerm
from transforms.terms import emerging_terms
from warehouse import trends as trend_store
from warehouse.hindsight import Hindsight

# The weekly brief looks back four weeks; each of those days needs four of its own.
KEPT = timedelta(days=28)
TERM_WEEKS = 4
DAY = timedelta(days=1)


def compute_bursts(
    con: duckdb.DuckDBPyConnection,
    *,
    since: date,
    until: date,
    as_of: datetime | None = None,
) -> list[Burst]:
    """Return the bursts of the days from *since* to *until*."""
    start = _counted_from(since)
    found = find_bursts(
        trend_store.day_counts(con, since=start, until=until, as_of=as_of),
        first_day=max(start, trend_store.first_day(con, as_of=as_of) or until),
        until=until + DAY,
    )
    return [burst for burst in found if burst.day >= since]


def compute_terms(
    con: duckdb.DuckDBPyConnection, *, week: date, as_of: datetime | None = None
) -> list[EmergingTerm]:
    """Return the terms that stand out in *week*, given by its Monday."""
    current, before = trend_store.titles_for_terms(
        con, week=week, weeks=TERM_WEEKS, as_of=as_of
    )
    return emerging_terms(current, before, week=week)


def look_back(
    con: duckdb.DuckDBPyConnection, *, since: date, until: date, as_of: datetime
) -> Hindsight:
    """Return what would have been found of these days by *as_of*, under today's rules.

    Terms are those of the week in their middle.
    """
    # Never fewer days than a refresh keeps: earlier bursts bear on later levels.
    first = min(since, kept_from(until))
    week = monday(since + (until - since) / 2)
    return Hindsight(
        bursts=compute_bursts(con, since=first, until=until, as_of=as_of),
        terms=compute_terms(con, week=week, as_of=as_of),
        counted=(_counted_from(first), until),
        titled=(week - timedelta(weeks=TERM_WEEKS), week),
    )


def kept_from(day: date) -> date:
    """Return the first of the days up to *day* whose bursts are kept."""
    return day - KEPT + DAY


def monday(day: date) -> date:
    """Return the Monday of *day*'s week."""
    return day - timedelta(days=day.weekday())


def _counted_from(since: date) -> date:
    return since - KEPT - DAY
