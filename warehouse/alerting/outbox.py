"""The outbox: delivery at least once, in order, every attempt in the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from transforms.models import (
    Alert,
    Delivery,
    Hold,
    Message,
    Notice,
    Sending,
    Severity,
    ToldClaim,
    Waiting,
)
from warehouse import appends, queries
from warehouse.queries import Connection


def append_messages(con: Connection, messages: Iterable[Message]) -> set[str]:
    """Append *messages* to the outbox; return the ids of the new ones."""
    return appends.append_fresh(
        con, "messages", "outbox.fresh_messages", messages, appends.names(Message)
    )


def waiting(
    con: Connection,
    now: datetime,
    *,
    lease: timedelta,
    limit: int,
    skip: Collection[str] = (),
) -> list[Waiting]:
    """Return undelivered messages in order of arrival, without the channels *skip*.

    A channel on which another deliverer holds a lease is skipped until its *lease* ends. A
    channel has at most *limit* new messages.
    """
    return queries.records(
        con, Waiting, "outbox.waiting", now=now, lease=lease, limit=limit, skip=set(skip)
    )


def recent_sendings(con: Connection, since: datetime) -> dict[str, dict[str, datetime]]:
    """Return the last attempt at each message or digest since then, by channel."""
    found: dict[str, dict[str, datetime]] = {}
    for channel_id, key, at in queries.run(con, "outbox.recent_sendings", since=since):
        found.setdefault(channel_id, {})[key] = at
    return found


def lease(
    con: Connection, sendings: Iterable[Sending], *, until: datetime, by: str
) -> None:
    """Lease the messages of *sendings* to the deliverer *by*."""
    rows = (
        {"message_id": message_id, "bundle_id": s.bundle_id, "held": s.why}
        for s in sendings
        for message_id in s.message_ids
    )
    params = {"leased_until": until, "leased_by": by}
    appends.append_rows(con, "outbox.lease_messages", rows, params)


def hold(con: Connection, holds: Iterable[Hold]) -> int:
    """Hold messages; return the number of those newly held."""
    news = appends.append(con, "outbox.hold_messages", holds, appends.names(Hold))
    return sum(count for (count,) in news)


def release(con: Connection, message_ids: Collection[str], *, by: str) -> None:
    """End the leases of messages that the deliverer *by* did not try."""
    if message_ids:
        queries.run(
            con, "outbox.release_messages", message_id=list(message_ids), leased_by=by
        )


def record_deliveries(
    con: Connection, deliveries: Sequence[Delivery], *, by: str | None = None
) -> None:
    """Append the attempts of *by* to the ledger; update their messages and alerts."""
    ledger = [name for name in appends.names(Delivery) if name != "next_attempt_at"]
    appends.append(con, "outbox.append_deliveries", deliveries, ledger)
    appends.append(
        con,
        "outbox.settle_messages",
        deliveries,
        ("message_id", "attempt", "outcome", "next_attempt_at"),
        {"leased_by": by},
    )
    _settle_alerts(con, {delivery.alert_id for delivery in deliveries})


def notices(con: Connection, message_ids: Collection[str]) -> list[Notice]:
    """Return the notices of these messages, oldest first within each batch."""
    return [
        _notice(row)
        # They hold whole texts, and a writer has little memory.
        for row in appends.each(
            con, "outbox.notices", size=appends.WIDE_BATCH, message_id=message_ids
        )
    ]


def retry(
    con: Connection,
    now: datetime,
    *,
    most_attempts: int,
    alert_ids: Collection[str] | None = None,
    channel_id: str | None = None,
) -> int:
    """Make parked messages pending again, due at *now*; return their number.

    After *most_attempts*, or twice as many and so on, a message was parked because it
    failed too often; after any other number because it was refused.
    """
    params = {
        "now": now,
        "most_attempts": most_attempts,
        "alert_id": None if alert_ids is None else sorted(set(alert_ids)),
        "channel_id": channel_id,
    }
    queries.create_temp(con, "unparked", "outbox.to_unpark", params)
    freed = con.execute("select alert_id from unparked").fetchall()
    queries.run(con, "outbox.unpark_messages", now=now, most_attempts=most_attempts)
    _settle_alerts(con, {alert_id for (alert_id,) in freed})
    return len(freed)


def held(con: Connection) -> list[queries.Row]:
    """Return the number of held messages by channel and reason, and the end of the hold."""
    return queries.rows(con, "outbox.held")


def in_hand(con: Connection, now: datetime, *, lease: timedelta) -> list[queries.Row]:
    """Return the number of leased messages and the end of the leases; no row if none."""
    return queries.rows(con, "outbox.in_hand", now=now, lease=lease)


def parked(con: Connection, *, limit: int) -> list[queries.Row]:
    """Return the parked messages, a row per alert and channel."""
    return queries.rows(con, "outbox.parked", limit=limit)


def told(
    con: Connection, story_ids: Iterable[str], alert_ids: Iterable[str]
) -> dict[tuple[str, str], Severity]:
    """Return the severity sent to each channel on these stories and alerts.

    The keys are (channel, story) and (channel, alert).
    """
    return {
        (channel_id, key): severity
        for channel_id, key, severity in queries.run(
            con, "outbox.told", story_id=set(story_ids), alert_id=set(alert_ids)
        )
    }


def _settle_alerts(con: Connection, alert_ids: Collection[str]) -> None:
    if alert_ids:
        queries.run(con, "outbox.settle_alerts", alert_id=set(alert_ids))


def _notice(row: queries.Row) -> Notice:
    # These are the story's in a notice, and the alert's own in the alert.
    own = {
        "companies": tuple(row["company_ids"]),
        "publishers": row["alert_publishers"],
        "languages": tuple(row["alert_languages"]),
    }
    shown = {name: row[name] for name in appends.names(Alert) if name not in own}
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
        publishers=tuple(row["told_by"]),
        corrects=row["corrects"],
        follows=row["follows"],
        claim=ToldClaim(**row["claim"]) if row["claim"] else None,
        measure=tuple(row["measure"]),
    )
