"""Alerts: decided once, kept with their phase, their updates and the reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import fields
from datetime import datetime

import duckdb

from transforms.models import Alert
from warehouse import queries

_ALERT_FIELDS = tuple(f.name for f in fields(Alert))


def append_alerts(con: duckdb.DuckDBPyConnection, alerts: Iterable[Alert]) -> set[str]:
    """Append *alerts*; return the ids of those that were new.

    There is never a second one for the same rule, subject and story, unless it says
    which alert it updates.
    """
    added = queries.append(con, "alerts.append_alerts", alerts, _ALERT_FIELDS)
    return {alert_id for (alert_id,) in added}


def alerted_keys(
    con: duckdb.DuckDBPyConnection, story_ids: Collection[str] | None = None
) -> set[tuple[str, str | None, str]]:
    """Return (rule, company, story) of every alert on a story, or on *story_ids*."""
    ids = None if story_ids is None else sorted(set(story_ids))
    found = queries.run(con, "alerts.alerted_keys", {"story_id": ids})
    return {(rule_id, company_id, story_id) for rule_id, company_id, story_id in found}


def last_alert_at(
    con: duckdb.DuckDBPyConnection,
) -> dict[tuple[str, str | None], datetime]:
    """Return when each rule last alerted of each company."""
    found = queries.run(con, "alerts.last_alert_at")
    return {(rule_id, company_id): at for rule_id, company_id, at in found}


def publishers_of(
    con: duckdb.DuckDBPyConnection, story_ids: Iterable[str]
) -> dict[str, int]:
    """Return how many outlets tell each story that has an article."""
    params = {"story_id": sorted(set(story_ids))}
    return dict(queries.run(con, "alerts.publishers_of", params))


def alert_counts(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return the number of alerts by state."""
    return dict(queries.run(con, "alerts.alert_counts"))


def list_alerts(
    con: duckdb.DuckDBPyConnection,
    *,
    state: str | None = None,
    rule_id: str | None = None,
    company_id: str | None = None,
    since: datetime | None = None,
    limit: int = 50,
) -> list[queries.Row]:
    """Return alerts, the newest first."""
    params = {
        "state": state,
        "rule_id": rule_id,
        "company_id": company_id,
        "since": since,
        "limit": limit,
    }
    return queries.rows(con, "alerts.list_alerts", params)


def explain(con: duckdb.DuckDBPyConnection, alert_id: str) -> dict[str, list[queries.Row]]:
    """Return the alert, where its article names the company, and each attempt."""
    params = {"alert_id": alert_id}
    return {
        "alert": queries.rows(con, "alerts.alert", params),
        "mentions": queries.rows(con, "alerts.alert_mentions", params),
        "messages": queries.rows(con, "alerts.alert_messages", params),
        "attempts": queries.rows(con, "alerts.alert_attempts", params),
    }
