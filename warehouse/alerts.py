"""Alerts and their outbox: decided once, delivered at least once, every try on record."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import datetime, timedelta

import duckdb

from transforms.models import Alert, Delivery, Message, Notice
from warehouse import queries

_ALERT_FIELDS = tuple(f.name for f in fields(Alert))
_MESSAGE_FIELDS = tuple(f.name for f in fields(Message))
_DELIVERY_FIELDS = tuple(f.name for f in fields(Delivery))


def append_alerts(con: duckdb.DuckDBPyConnection, alerts: Iterable[Alert]) -> set[str]:
    """Append *alerts*; return the ids of those that were new.

    There is never a second one for the same rule, subject and story, unless it says
    which alert it updates.
    """
    added = queries.append(con, "alerts.append_alerts", alerts, _ALERT_FIELDS)
    return {alert_id for (alert_id,) in added}


def append_messages(
    con: duckdb.DuckDBPyConnection, messages: Iterable[Message]
) -> set[str]:
    """Put *messages* into the outbox; return the ids of those that were new."""
    added = queries.append(con, "alerts.append_messages", messages, _MESSAGE_FIELDS)
    return {message_id for (message_id,) in added}


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


def claim_messages(
    con: duckdb.DuckDBPyConnection,
    now: datetime,
    *,
    lease: timedelta,
    limit: int = 500,
    force: bool = False,
    skip: Collection[str] = (),
) -> list[Notice]:
    """Take pending messages in hand for *lease*, the oldest first, but none of *skip*.

    Nobody else gets them until they are recorded or the lease is over. *force* takes
    those too whose next attempt is not due yet.
    """
    params = {
        "now": now,
        "leased_until": now + lease,
        "limit": limit,
        "force": force,
        "skip": sorted(skip),
    }
    claimed = queries.run(con, "alerts.claim_messages", params)
    return notices(con, [message_id for (message_id,) in claimed])


def record_deliveries(
    con: duckdb.DuckDBPyConnection, deliveries: Sequence[Delivery]
) -> None:
    """Write attempts into the ledger and move their messages and alerts on."""
    ledger = [name for name in _DELIVERY_FIELDS if name != "next_attempt_at"]
    queries.append(con, "alerts.append_deliveries", deliveries, ledger)
    queries.append(
        con,
        "alerts.settle_messages",
        deliveries,
        ("message_id", "attempt", "outcome", "next_attempt_at"),
    )
    _settle_alerts(con, {delivery.alert_id for delivery in deliveries})


def notices(con: duckdb.DuckDBPyConnection, message_ids: Collection[str]) -> list[Notice]:
    """Return what a channel shows of these messages, the oldest first."""
    params = {"message_id": list(message_ids)}
    return [_notice(row) for row in queries.rows(con, "alerts.notices", params)]


def retry(
    con: duckdb.DuckDBPyConnection,
    now: datetime,
    *,
    alert_ids: Collection[str] | None = None,
    channel_id: str | None = None,
) -> int:
    """Make parked messages pending again, due at *now*; return how many."""
    params = {
        "now": now,
        "alert_id": None if alert_ids is None else sorted(set(alert_ids)),
        "channel_id": channel_id,
    }
    freed = queries.run(con, "alerts.unpark_messages", params)
    _settle_alerts(con, {alert_id for _, alert_id in freed})
    return len(freed)


def message_counts(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, int]]:
    """Return the number of messages by channel, then by state."""
    counts: dict[str, dict[str, int]] = {}
    for channel_id, state, messages in queries.run(con, "alerts.message_counts"):
        counts.setdefault(channel_id, {})[state] = messages
    return counts


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


def _settle_alerts(con: duckdb.DuckDBPyConnection, alert_ids: Collection[str]) -> None:
    if alert_ids:
        queries.run(con, "alerts.settle_alerts", {"alert_id": sorted(alert_ids)})


def _notice(row: queries.Row) -> Notice:
    alert = Alert(**{name: row[name] for name in _ALERT_FIELDS})
    return Notice(
        message_id=row["message_id"],
        alert=alert,
        channel_id=row["channel_id"],
        attempt=row["attempts"] + 1,
        company_name=row["company_name"],
        company_name_zh=row["company_name_zh"],
        publisher=row["publisher"],
        language=row["language"],
        summary=row["summary"],
        published_at=row["published_at"],
        alias=row["alias"],
        publishers=tuple(row["publishers"]),
    )
