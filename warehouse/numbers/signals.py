"""Signals that rules watch besides articles: bursts, shifts, feeds, and the pipeline."""

from __future__ import annotations

from datetime import date, datetime

import duckdb

from warehouse import queries


def bursts(con: duckdb.DuckDBPyConnection, since: date, until: date) -> list[queries.Row]:
    """Return the bursts from day *since* to day *until*, with a headline each.

    A row has subject_id, kind, day, observed, expected, name, name_zh, article_id,
    headline, url.
    """
    return queries.rows(con, "signals.bursts", {"since": since, "until": until})


def shifts(con: duckdb.DuckDBPyConnection, today: date) -> list[queries.Row]:
    """Return the subjects whose level changed in the four weeks before *today*.

    A row has subject_id, kind, since, ratio, name, name_zh.
    """
    return queries.rows(con, "signals.shifts", {"today": today})


def silences(con: duckdb.DuckDBPyConnection) -> list[queries.Row]:
    """Return the feeds that once answered and do not bring what they should.

    A row has feed_id, name, kind, state, reason.
    """
    return queries.rows(con, "signals.silences")


def healthy_feeds(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the outlets' names of the feeds that do well, by feed."""
    return dict(queries.run(con, "signals.healthy_feeds"))


def good_runs(con: duckdb.DuckDBPyConnection) -> list[tuple[datetime, datetime]]:
    """Return when the last two runs that went well started and ended, newest first."""
    return [(start, end) for start, end in queries.run(con, "signals.good_runs")]
