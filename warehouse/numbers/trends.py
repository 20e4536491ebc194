"""Counts for trend statistics, their results, and the signals of alerts.

Days are calendar days of the reporting zone, and a period of days includes both its ends.
``as_of`` leaves out rows seen later; rules and story ids are today's.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Literal, cast

from transforms.models import Burst, DayCount, EmergingTerm, LevelShift
from warehouse import appends, queries
from warehouse.numbers.brief import (
    EVER,
    Hindsight,
    seen_by,
)
from warehouse.queries import Connection

_ROWS = 20
_OVERVIEW = (
    "share_of_voice",
    "movers",
    "changes",
    "level_shifts",
    "topics",
    "emerging_terms",
    "co_mentions",
    "not_yet_in_english",
    "lead_lag",
    "source_league",
)


def today(con: Connection, now: datetime) -> date:
    """Return the calendar day of *now* in the reporting zone."""
    return cast("date", queries.scalar(con, "trends.today", now=now))


def first_day(con: Connection, *, as_of: datetime | None = None) -> date | None:
    """Return the first day with an article; None while there is none."""
    found = queries.scalar(con, "trends.first_day", as_of=as_of or EVER)
    return cast("date | None", found)


def last_day(con: Connection) -> date | None:
    """Return the last day with an article; None while there is none."""
    return cast("date | None", queries.scalar(con, "trends.last_day"))


def day_counts(
    con: Connection, *, since: date, until: date, as_of: datetime | None = None
) -> list[DayCount]:
    """Return stories by company or topic and day; days without any are left out."""
    period = _period(since, until, as_of)
    return queries.records(con, DayCount, "trends.day_counts", **period)


def hours(
    con: Connection, *, since: date, until: date, as_of: datetime | None = None
) -> list[int]:
    """Return the stories of the period by hour of the day, 24 numbers."""
    found = dict(queries.run(con, "trends.hours", **_period(since, until, as_of)))
    return [found.get(hour, 0) for hour in range(24)]


def panel_counts(
    con: Connection, *, since: date, until: date, as_of: datetime | None = None
) -> list[DayCount]:
    """Return :func:`day_counts`, limited to outlets present in the whole window."""
    period = _period(since, until, as_of)
    return queries.records(con, DayCount, "trends.panel_counts", **period)


def replace_bursts(
    con: Connection, bursts: Iterable[Burst], *, since: date, until: date
) -> None:
    """Replace the bursts recorded for the period."""
    queries.run(con, "trends.delete_bursts", since=since, until=until)
    appends.append(con, "trends.insert_bursts", bursts, appends.names(Burst))


def replace_level_shifts(con: Connection, shifts: Iterable[LevelShift]) -> None:
    """Replace all recorded level shifts."""
    queries.run(con, "trends.delete_shifts")
    appends.append(con, "trends.insert_shifts", shifts, appends.names(LevelShift))


def has_columns_of(con: Connection, day: date) -> bool:
    """Tell whether the outlets' columns were computed on *day*."""
    return bool(queries.run(con, "trends.columns_are_of", day=day))


def refresh_columns(con: Connection, *, until: date) -> None:
    """Recompute which headlines belong to columns, up to the day *until*."""
    queries.run_each(con, "trends.delete_columns", "trends.insert_columns", until=until)


def titles_for_terms(
    con: Connection, *, week: date, weeks: int, as_of: datetime | None = None
) -> tuple[list[tuple[str, str, str]], list[tuple[str, str, str]]]:
    """Return (headline, language, outlet) of *week*, and of *weeks* weeks before.

    One per story and language, so that copies of a headline count once.
    """
    params = _period(week - timedelta(weeks=weeks), week, as_of)
    titles = queries.run(con, "trends.titles", **params)
    return (
        [(title, *of) for monday, title, *of in titles if monday == week],
        [(title, *of) for monday, title, *of in titles if monday < week],
    )


def replace_emerging_terms(
    con: Connection, terms: Iterable[EmergingTerm], *, week: date
) -> None:
    """Replace the emerging terms recorded for the week."""
    queries.run(con, "trends.delete_terms", week=week)
    appends.append(con, "trends.insert_terms", terms, appends.names(EmergingTerm))


def known_subjects(con: Connection, kind: Literal["company", "topic"]) -> dict[str, str]:
    """Return company or topic ids by id and name in lower case."""
    table = {"company": "companies", "topic": "topics"}[kind]
    rows = queries.rows(con, f"watchlist.{table}")
    keys = ("name_zh", "name", f"{kind}_id")
    return {row[key].lower(): row[f"{kind}_id"] for key in keys for row in rows if row[key]}


def trends(
    con: Connection,
    *,
    since: date,
    until: date,
    company: str | None = None,
    topic: str | None = None,
    as_of: datetime | None = None,
    found: Hindsight | None = None,
) -> dict[str, list[queries.Row]]:
    """Return the tables of a period by name; for one company or topic, day by day.

    A company includes its brands and subsidiaries. ``warming_up`` names the tables that
    lack history. With *as_of* bursts, shifts and terms are those of *found*.
    """
    period = _period(since, until, as_of)
    if company:
        names: tuple[str, ...] = ("company_days", "company_topics", "level_shifts")
        own = {"company_id": company}
    elif topic:
        names = ("topic_days", "topic_companies", "level_shifts")
        own = {"topic_id": topic}
    else:
        names = _OVERVIEW
        own = {}
    subjects = [company or topic] if own else None
    wanted = {**period, **own, "limit": _ROWS, "subjects": subjects}
    with seen_by(con, as_of, found):
        warming_up = queries.rows(con, "trends.warming_up")
        parts = {
            name: queries.rows_for(con, f"trends.{name}", wanted)
            for name in (*names, "bursts")
        }
    return parts | ({"warming_up": warming_up} if warming_up else {})


def _period(since: date, until: date, as_of: datetime | None) -> queries.Row:
    return {"since": since, "until": until, "as_of": as_of or EVER}


def bursts(con: Connection, since: date, until: date) -> list[queries.Row]:
    """Return the bursts from day *since* to day *until*, with a headline each.

    A row has subject_id, kind, day, observed, expected, name, name_zh, story_id,
    article_id, headline, url, is_told.
    """
    return queries.rows(con, "signals.bursts", since=since, until=until)


def shifts(con: Connection, today: date) -> list[queries.Row]:
    """Return the subjects whose level changed in the four weeks before *today*.

    A row has subject_id, kind, since, ratio, name, name_zh.
    """
    return queries.rows(con, "signals.shifts", today=today)


def silences(con: Connection) -> list[queries.Row]:
    """Return the feeds that once answered and now fail or fall silent.

    A row has feed_id, name, kind, state, reason.
    """
    return queries.rows(con, "signals.silences")


def dates_due(con: Connection, first_day: date, last_day: date) -> list[queries.Row]:
    """Return the dates of a day or a week that fall before *last_day*, and are not off.

    A row is one of ``dates_ahead``.
    """
    return queries.rows(con, "signals.dates_due", first_day=first_day, last_day=last_day)


def healthy_feeds(con: Connection) -> dict[str, str]:
    """Return the outlet names of the healthy feeds, by feed."""
    return dict(queries.run(con, "signals.healthy_feeds"))


def good_runs(con: Connection) -> list[tuple[datetime, datetime]]:
    """Return the start and end of the last two successful runs, newest first."""
    return [(start, end) for start, end in queries.run(con, "signals.good_runs")]
