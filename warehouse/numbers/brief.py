"""The rows that a brief is written from, each with the SQL that gave it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from transforms.dates.zones import days_of
from transforms.models import Answers, Query
from warehouse import queries
from warehouse.numbers.asof import EVER, Hindsight, of_live_stories, seen_by, seen_by_sql
from warehouse.runs import reporting_zone
from warehouse.typed import read

# Known as of the last run alone; of the days of an earlier moment all are looked at now.
OF_LAST_RUN = {"sources", "uncomputed"}
# Recorded by the last run; as of an earlier moment they are computed anew.
COMPUTED = {"bursts", "emerging", "shifts"}
# Asked in this order, of the stories that go on in the period and no more.
LIVE = ("stories", "story_articles")
# What things are called, articles of stories that were found before, and what is for
# programs alone: nothing that a reader sees comes from these.
UNSHOWN = {"names", "story_articles", "movers"}


def brief_data(
    con: duckdb.DuckDBPyConnection,
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

    With *as_of* no row knows what was seen later: ``sql["as_of"]`` says how to see no
    more either. Bursts and terms are those of *found*, and how feeds do, known only as of
    the last run, is left out.

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
    start, end = _instant(since, zone), _instant(until, zone)
    first, after = days_of(start, end, zone)
    return {"since": start, "until": end, "since_day": first, "until_day": after}


def _instant(value: date | datetime, zone: ZoneInfo) -> datetime:
    if isinstance(value, datetime):
        return value
    return datetime.combine(value, time(), zone)
