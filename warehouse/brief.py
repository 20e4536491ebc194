"""The rows that a brief is written from, each with the SQL that gave it."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from warehouse import queries
from warehouse.hindsight import Hindsight, standing_in
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
# Later than any clock of ours, and still a date that Python can read.
EVER = datetime(9999, 1, 1, tzinfo=UTC)


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
    reporting zone. Only a period of days has the rows of a weekly brief.

    With *as_of* no row knows what was seen later: bursts and terms are those of
    *found*, and how feeds do, known only as of the last run, is left out.
    """
    zone = ZoneInfo(reporting_zone(con))
    params = {
        "since": _instant(since, zone),
        "until": _instant(until, zone),
        "as_of": as_of or EVER,
    }
    named = _named(params["until"] - params["since"])
    if as_of is not None:
        # All of its days are looked at just now.
        del named["sources"], named["uncomputed"]
    with standing_in(con, found) if as_of else nullcontext():
        data: dict[str, Any] = {
            key: queries.rows_for(con, name, params) for key, name in named.items()
        }
    data["queries"] = {
        key: queries.filled(name, params) for key, name in named.items() if key != "names"
    }
    if as_of is not None:
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


def _instant(value: date | datetime, zone: ZoneInfo) -> datetime:
    if isinstance(value, datetime):
        return value
    return datetime.combine(value, time(), zone)
