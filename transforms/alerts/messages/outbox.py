"""Messages of alerts, one per channel, and when to retry them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from transforms.alerts.rules.parse import AlertRules
from transforms.models import Alert, Message, Severity

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
# Ten attempts span four hours and more: who is down longer wants a person to look.
MOST_ATTEMPTS = 10
# Up to this share is added to a pause, so that what failed together does not
# come back together.
JITTER = 0.25
SEVEREST: tuple[Severity, ...] = ("urgent", "normal", "low")
# What channels were told, and how severe it was: (channel, story) and (channel, alert).
Heard = Mapping[tuple[str, str], Severity]
_NOTHING: Heard = {}


def messages_for(
    alerts: Iterable[Alert],
    rules: AlertRules,
    told: Heard = _NOTHING,
) -> list[Message]:
    """Return the messages of what is to be sent: nothing of a suppressed alert.

    A channel that hears of a story once hears again of what is more severe than all that
    it was *told* of the story. There an update goes only where its first alert went, but a
    further turn of an affair as a first alert does. Of several rules that fire at once the
    most severe speaks.
    """
    channels = rules.channels_of
    once = {c.channel_id for c in rules.channels.values() if c.once}
    known = {key: SEVEREST.index(severity) for key, severity in told.items()}
    sent: dict[str, set[str]] = {}
    alerts = list(alerts)
    for alert in sorted(alerts, key=_first_severe):
        if alert.state == "pending":
            sent[alert.alert_id] = {
                channel_id
                for channel_id in channels.get(alert.rule_id, ())
                if channel_id not in once or _is_news(alert, channel_id, known)
            }
            for channel_id in sent[alert.alert_id]:
                for key in filter(None, (alert.alert_id, alert.story_id)):
                    before = known.get((channel_id, key), len(SEVEREST))
                    known[channel_id, key] = min(before, SEVEREST.index(alert.severity))
    return [
        Message(
            message_id=message_id(alert.alert_id, channel_id),
            alert_id=alert.alert_id,
            channel_id=channel_id,
            created_at=alert.created_at,
        )
        for alert in alerts
        for channel_id in channels.get(alert.rule_id, ())
        if channel_id in sent.get(alert.alert_id, ())
    ]


def _first_severe(alert: Alert) -> tuple[bool, int, bool]:
    """Put what opens stories before updates, the most severe first, then what is a turn."""
    severity = SEVEREST.index(alert.severity)
    return not alert.opens_story, severity, alert.updates_alert_id is None


def _is_news(alert: Alert, channel_id: str, known: Mapping[tuple[str, str], int]) -> bool:
    if not alert.opens_story:
        return (channel_id, alert.updates_alert_id or "") in known
    if alert.story_id is None:
        return True
    told = known.get((channel_id, alert.story_id), len(SEVEREST))
    return SEVEREST.index(alert.severity) < told


def message_id(alert_id: str, channel_id: str) -> str:
    """Return the id that a receiver may use to know a message again."""
    return hashlib.sha256(f"{alert_id}\n{channel_id}".encode()).hexdigest()[:20]


def bundle_id(channel_id: str, message_ids: Sequence[str]) -> str:
    """Return the id of a digest: the same members make the same digest."""
    members = "\n".join((channel_id, *message_ids))
    return hashlib.sha256(members.encode()).hexdigest()[:20]


def next_attempt(
    message_id: str,
    attempt: int,
    *,
    now: datetime,
    retry_after: float | None = None,
) -> datetime | None:
    """Return when to try again after attempt number *attempt* failed; None to give up.

    *retry_after* are the seconds that the receiver asked for, kept within bounds. One that
    was taken up again after MOST_ATTEMPTS has as many before it, with pauses as at first.
    """
    before = max(attempt - 1, 0) % MOST_ATTEMPTS
    if before == MOST_ATTEMPTS - 1:
        return None
    pause = min(FIRST_PAUSE * (1 << before), LONGEST_PAUSE)
    pause += pause * JITTER * _share(message_id, attempt)
    if retry_after is not None:
        asked = timedelta(seconds=min(max(retry_after, 0), LONGEST_PAUSE.total_seconds()))
        pause = max(pause, asked)
    return now + pause


def _share(message_id: str, attempt: int) -> float:
    """Return a number from 0 to 1 that differs from message to message."""
    digest = hashlib.sha256(f"{message_id} {attempt}".encode()).digest()
    return int.from_bytes(digest[:4]) / 2**32
