"""The rows that a brief is written from, each with the SQL that gave it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from transforms.dates.period import days_of
from warehouse import queries
from warehouse.asof import EVER, Hindsight, seen_by, seen_by_sql
from warehouse.runs import reporting_zone

KEYS = (
    "names",
    "window",
    "stories",
    "companies",
    "bursts",
    "entrants",
    "policy",
    "money",
    "gaps",
    "alerts",
    "sources",
    "quality",
    "share",
    "topics",
    "co_mentions",
    "emerging",
    "warming_up",
)
WEEKLY_KEYS = (
    "matrix",
    "themes",
    "wording",
    "frames",
    "overseas",
    "languages",
    "crackdown",
    "firsts",
    "spread",
    "ahead",
    "shifts",
    "arcs",
)
DATA_KEYS = ("freshness", "uncomputed")
# Recorded by the last run; as of an earlier moment they are computed anew.
COMPUTED = {"bursts", "emerging", "shifts"}


def brief_data(
    con: duckdb.DuckDBPyConnection,
    *,
    since: date | datetime,
    until: date | datetime,
    as_of: datetime | None = None,
    found: Hindsight | None = None,
) -> dict[str, Any]:
    """Return the rows of the brief of [*since*, *until*) by name.

    ``queries`` holds the SQL behind each name with its moments filled in, so that it
    can be pasted into a shell on the published file. Dates mean midnight in the
    reporting zone. Only a period of days has the rows of a weekly brief. Numbers of whole
    days are of as many as the period has, from the midnight nearest to its beginning.

    With *as_of* no row knows what was seen later: ``queries["as_of"]`` says how to see no
    more either. Bursts and terms are those of *found*, and how feeds do, known only as of
    the last run, is left out.
    """
    params = _period(since, until, ZoneInfo(reporting_zone(con)))
    params["as_of"] = as_of or EVER
    named = _named(params["until"] - params["since"])
    if as_of is not None:
        # All of its days are looked at just now.
        del named["sources"], named["uncomputed"]
    with seen_by(con, as_of, found):
        data: dict[str, Any] = {
            key: queries.rows_for(con, name, params) for key, name in named.items()
        }
    data["queries"] = {
        key: queries.filled(name, params) for key, name in named.items() if key != "names"
    }
    if as_of is not None:
        data["queries"]["as_of"] = seen_by_sql(con, as_of)
        for key in COMPUTED & set(data["queries"]):
            del data["queries"][key]
        if found:
            data["queries"] |= found.queries(as_of)
            # The counts hold no headline; these rows hold that of every burst.
            data["queries"]["burst_stories"] = queries.filled("brief.burst_stories", params)
    return data


def _named(span: timedelta) -> dict[str, str]:
    named = {key: f"brief.{key}" for key in KEYS}
    named |= {key: f"freshness.{key}" for key in DATA_KEYS}
    # The long views look back half a year; the page of a day has no room for them. A
    # day on which clocks go back is longer than a day.
    if span > timedelta(days=2):
        named |= {key: f"brief_week.{key}" for key in WEEKLY_KEYS}
    return named


def _period(since: date | datetime, until: date | datetime, zone: ZoneInfo) -> queries.Row:
    """Return the period's moments, and the days of the calendar that stand for it."""
    start, end = _instant(since, zone), _instant(until, zone)
    first, after = days_of(start, end, zone)
    return {"since": start, "until": end, "since_day": first, "until_day": after}


def _instant(value: date | datetime, zone: ZoneInfo) -> datetime:
    if isinstance(value, datetime):
        return value
    return datetime.combine(value, time(), zone)
