"""The outbox: messages delivered at least once, in order, every attempt on record."""

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


def append_messages(
    con: duckdb.DuckDBPyConnection, messages: Iterable[Message]
) -> set[str]:
    """Put *messages* into the outbox; return the ids of those that were new."""
    added = queries.append(con, "outbox.append_messages", messages, _MESSAGE_FIELDS)
    return {message_id for (message_id,) in added}


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
    claimed = queries.run(con, "outbox.claim_messages", params)
    return notices(con, [message_id for (message_id,) in claimed])


def record_deliveries(
    con: duckdb.DuckDBPyConnection, deliveries: Sequence[Delivery]
) -> None:
    """Write attempts into the ledger and move their messages and alerts on."""
    ledger = [name for name in _DELIVERY_FIELDS if name != "next_attempt_at"]
    queries.append(con, "outbox.append_deliveries", deliveries, ledger)
    queries.append(
        con,
        "outbox.settle_messages",
        deliveries,
        ("message_id", "attempt", "outcome", "next_attempt_at"),
    )
    _settle_alerts(con, {delivery.alert_id for delivery in deliveries})


def notices(con: duckdb.DuckDBPyConnection, message_ids: Collection[str]) -> list[Notice]:
    """Return what a channel shows of these messages, the oldest first."""
    params = {"message_id": list(message_ids)}
    return [_notice(row) for row in queries.rows(con, "outbox.notices", params)]


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
    freed = queries.run(con, "outbox.unpark_messages", params)
    _settle_alerts(con, {alert_id for _, alert_id in freed})
    return len(freed)


def message_counts(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, int]]:
    """Return the number of messages by channel, then by state."""
    counts: dict[str, dict[str, int]] = {}
    for channel_id, state, messages in queries.run(con, "outbox.message_counts"):
        counts.setdefault(channel_id, {})[state] = messages
    return counts


def _settle_alerts(con: duckdb.DuckDBPyConnection, alert_ids: Collection[str]) -> None:
    if alert_ids:
        queries.run(con, "outbox.settle_alerts", {"alert_id": sorted(alert_ids)})


def _notice(row: queries.Row) -> Notice:
    # These are the story's in a notice, and the alert's own in the alert.
    own = {
        "companies": tuple(row["company_ids"]),
        "publishers": row["alert_publishers"],
        "languages": tuple(row["alert_languages"]),
    }
    shown = {name: row[name] for name in _ALERT_FIELDS if name not in own}
    return Notice(
        message_id=row["message_id"],
        alert=Alert(**shown, **own),
        channel_id=row["channel_id"],
        attempt=row["attempts"] + 1,
        company_name=row["company_name"],
        company_name_zh=row["company_name_zh"],
        companies=tuple(row["companies"]),
        companies_zh=tuple(row["companies_zh"]),
        topic_name=row["topic_name"],
        topic_name_zh=row["topic_name_zh"],
        publisher=row["publisher"],
        language=row["language"],
        summary=row["summary"],
        published_at=row["published_at"],
        alias=row["alias"],
        publishers=tuple(row["publishers"]),
    )


def told_stories(
    con: duckdb.DuckDBPyConnection, story_ids: Iterable[str]
) -> frozenset[tuple[str, str]]:
    return frozenset()
