"""Alerts on their way: one message a channel, and when to try it again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from transforms.alerts.parse import AlertRules
from transforms.models import Alert, Message

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
# Ten attempts span most of a day: who is down longer wants a person to look.
MOST_ATTEMPTS = 10
# Up to this share is added to a pause, so that what failed together does not
# come back together.
JITTER = 0.25


def messages_for(
    alerts: Iterable[Alert],
    rules: AlertRules,
    told: frozenset[tuple[str, str]] = frozenset(),
) -> list[Message]:
    """Return the messages of what is to be sent: nothing of a suppressed alert."""
    channels = {rule.rule_id: rule.channels for rule in rules.rules}
    return [
        Message(
            message_id=message_id(alert.alert_id, channel_id),
            alert_id=alert.alert_id,
            channel_id=channel_id,
            created_at=alert.created_at,
        )
        for alert in alerts
        if alert.state == "pending"
        for channel_id in channels.get(alert.rule_id, ())
    ]


def message_id(alert_id: str, channel_id: str) -> str:
    """Return the id that a receiver may use to know a message again."""
    return hashlib.sha256(f"{alert_id}\n{channel_id}".encode()).hexdigest()[:20]


def next_attempt(
    message_id: str,
    attempt: int,
    *,
    now: datetime,
    retry_after: float | None = None,
) -> datetime | None:
    """Return when to try again after attempt number *attempt* failed; None to give up.

    *retry_after* are the seconds that the receiver asked for, kept within bounds.
    """
    if attempt >= MOST_ATTEMPTS:
        return None
    pause = min(FIRST_PAUSE * (1 << max(attempt - 1, 0)), LONGEST_PAUSE)
    pause += pause * JITTER * _share(message_id, attempt)
    if retry_after is not None:
        asked = timedelta(seconds=min(max(retry_after, 0), LONGEST_PAUSE.total_seconds()))
        pause = max(pause, asked)
    return now + pause


def _share(message_id: str, attempt: int) -> float:
    """Return a number from 0 to 1 that differs from message to message."""
    digest = hashlib.sha256(f"{message_id} {attempt}".encode()).digest()
    return int.from_bytes(digest[:4]) / 2**32
