"""Refresh of what is computed rather than viewed: bursts, shifts, terms, framings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import duckdb

from flows.home import Config
from flows.steps.summary import Clock, Report
from flows.steps.trends.statistics import (
    compute_bursts,
    compute_shifts,
    kept_from,
    monday,
    searched_from,
    terms_by_week,
)
from flows.steps.turns import EACH_ITS_OWN, Turns
from transforms.headlines.frames import framings, shipped_frames
from transforms.models import Burst
from warehouse.file.connect import REWRITING, transaction
from warehouse.numbers import frames as frame_store
from warehouse.numbers import trends as trend_store
from warehouse.numbers.freshness import record_computed

WEEK = timedelta(weeks=1)
# A refresh has the writer's turn: a million headlines take ten seconds, so the history
# of a large warehouse is read over some refreshes.
AT_ONCE = 300_000
BATCH = 50_000


def refresh_trends(
    config: Config,
    clock: Clock,
    *,
    report: Report,
    since: datetime | None = None,
    turns: Turns = EACH_ITS_OWN,
) -> list[Burst]:
    """Recompute what is found of four weeks up to the clock's day; return the bursts.

    With *since*, the history from there on is computed as well.
    """
    with turns.open(config.settings, "trends", report, memory=REWRITING) as con:
        now = clock()
        today = trend_store.today(con, now)
        first = kept_from(today)
        if since is not None:
            first = min(
                first,
                max(trend_store.today(con, since), trend_store.first_day(con) or today),
            )
        with transaction(con):
            bursts = _bursts(con, config, since=first, until=today, now=now)
            _terms(con, since=first if since else today, until=today, now=now)
            _shifts(con, until=today, now=now)
            _columns(con, until=today, now=now, is_new=since is not None)
            while not refresh_frames(con) and since is not None:
                report("reading the headlines")
            record_computed(con, "frame_weeks", since=first, until=today, now=now)
    return bursts


def _bursts(
    con: duckdb.DuckDBPyConnection,
    config: Config,
    *,
    since: date,
    until: date,
    now: datetime,
) -> list[Burst]:
    bursts = compute_bursts(
        con,
        since=since,
        until=until,
        now=now,
        false_alarms_a_week=config.settings.false_alarms_a_week,
    )
    trend_store.replace_bursts(con, bursts, since=since, until=until)
    record_computed(con, "bursts", since=since, until=until, now=now)
    return bursts


def _terms(
    con: duckdb.DuckDBPyConnection, *, since: date, until: date, now: datetime
) -> None:
    for week, terms in terms_by_week(con, list(_weeks(since, until))):
        trend_store.replace_emerging_terms(con, terms, week=week)
    first = monday(since)
    record_computed(con, "emerging_terms", since=first, until=until, now=now)


def _shifts(con: duckdb.DuckDBPyConnection, *, until: date, now: datetime) -> None:
    """Look for shifts up to the newest day with an article; after it all is zero."""
    last = min(trend_store.last_day(con) or until, until)
    trend_store.replace_level_shifts(con, compute_shifts(con, until=last))
    since = searched_from(con, until=last)
    record_computed(con, "level_shifts", since=since, until=last, now=now)


def _columns(
    con: duckdb.DuckDBPyConnection, *, until: date, now: datetime, is_new: bool
) -> None:
    """Look for the columns of outlets once a day, and where history *is_new*."""
    if is_new or not trend_store.has_columns_of(con, until):
        trend_store.refresh_columns(con, until=until)
        record_computed(con, "outlet_columns", since=until, until=until, now=now)


def _weeks(since: date, until: date) -> Iterator[date]:
    week = monday(since)
    while week <= until:
        yield week
        week += WEEK


def refresh_frames(con: duckdb.DuckDBPyConnection) -> bool:
    """Bring the framings up to date, inside the caller's transaction.

    Returns whether all headlines are read now.
    """
    frames = shipped_frames()
    after = frame_store.start_frames(con, frames.rows, version=frames.version)
    for _ in range(AT_ONCE // BATCH):
        titles, read_to = frame_store.unread_titles(con, after=after, limit=BATCH)
        if read_to == after:
            return True
        frame_store.append_framings(
            con, framings(titles, frames), version=frames.version, read_to=read_to
        )
        after = read_to
    return False
