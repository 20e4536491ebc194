"""Messages of alerts, one per channel, and their times: quiet hours, rates, retries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from transforms.alerts.rules.alert_rules import AlertRules
from transforms.models import Alert, Held, Message, Rate, Schedule, Severity

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
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


def messages_for(
    alerts: Iterable[Alert],
    rules: AlertRules,
    told: Heard = _NOTHING,
) -> list[Message]:
    """Return the messages of *alerts*; suppressed alerts have none.

    A channel with ``once`` gets a further message on a story only for a higher severity
    than all it was *told* of it. There an update goes only where its first alert went, but
    a further turn of an affair counts as a first alert. Of several rules that fire at once
    the most severe is sent.
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
    """Return the id by which a receiver recognises a repeated message."""
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
    """Return the time of the next attempt after a failed one; None to give up.

    *retry_after* are the seconds that the receiver requested, clamped. A parked message
    that is retried after MOST_ATTEMPTS has as many attempts again, with the same pauses.
    """
    before = max(attempt - 1, 0) % MOST_ATTEMPTS
    if before == MOST_ATTEMPTS - 1:
        return None
    pause = min(FIRST_PAUSE * (1 << before), LONGEST_PAUSE)
    digest = hashlib.sha256(f"{message_id} {attempt}".encode()).digest()
    pause += pause * JITTER * (int.from_bytes(digest[:4]) / 2**32)
    if retry_after is not None:
        asked = timedelta(seconds=min(max(retry_after, 0), LONGEST_PAUSE.total_seconds()))
        pause = max(pause, asked)
    return now + pause


def hold(
    schedule: Schedule, created_at: datetime, now: datetime
) -> tuple[Held, datetime] | None:
    """Return the reason and end of the hold on a new message; None without a hold."""
    if schedule.digest and (at := _next_digest(schedule, created_at)) > now:
        return "digest", quiet_end(schedule, at) or at
    return ("quiet", end) if (end := quiet_end(schedule, now)) else None


def gathers(schedule: Schedule, created_at: datetime) -> Held | None:
    """Return the reason for putting a new message into a digest; None if it goes alone."""
    if schedule.digest:
        return "digest"
    return "quiet" if quiet_end(schedule, created_at) else None


def quiet_end(schedule: Schedule, now: datetime) -> datetime | None:
    """Return the end of the current quiet hours; None outside quiet hours."""
    if schedule.quiet is None:
        return None
    start, end = schedule.quiet
    # The end may be of the next day.
    later = _DAY if end <= start else timedelta(0)
    ends = [
        _moment(day + later, end, schedule.zone)
        for day in _days(now, schedule.zone)
        if _moment(day, start, schedule.zone) <= now
    ]
    return max((at for at in ends if at > now), default=None)


def _next_digest(schedule: Schedule, since: datetime) -> datetime:
    """Return the first digest at or after *since*."""
    moments = (
        _moment(day, at, schedule.zone)
        for day in _days(since, schedule.zone)
        for at in schedule.digest
    )
    return min(moment for moment in moments if moment >= since)


def _days(now: datetime, zone: str) -> list[date]:
    """Return the days around *now*: hours of the day before may last until now."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return [today + n * _DAY for n in (-1, 0, 1)]


@lru_cache(maxsize=4096)
def _moment(day: date, at: time, zone: str) -> datetime:
    """Return the first moment at which the clocks of *zone* show *at*, or a later time."""
    wall = datetime.combine(day, at, ZoneInfo(zone))
    early, late = sorted(wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if _shows(early, wall):
        return early
    # The clocks skip it: the moment at which they do lies between the two.
    while late - early > _SECOND:
        middle = early + (late - early) // 2
        early, late = (early, middle) if _shows(middle, wall) else (middle, late)
    return late.replace(microsecond=0)


def _shows(moment: datetime, wall: datetime) -> bool:
    """Tell whether the clocks show *wall*, or a later time, at *moment*."""
    return moment.astimezone(wall.tzinfo).replace(tzinfo=None) >= wall.replace(tzinfo=None)


@dataclass(slots=True)
class RateWindow:
    """Sendings within the rate limit's period, by key; a retry counts once."""

    rate: Rate | None
    now: datetime
    sent: dict[str, datetime]

    @classmethod
    def of(
        cls, rate: Rate | None, recent: Mapping[str, datetime], now: datetime
    ) -> RateWindow:
        """Return the window ending at *now*, with the sendings of *recent* in it."""
        if rate is None:
            return cls(None, now, {})
        sent = {key: at for key, at in recent.items() if now - rate.period < at <= now}
        return cls(rate, now, sent)

    def free(self, wanted: int) -> int:
        """Return the number of new sendings allowed now; *wanted* without a limit."""
        return wanted if self.rate is None else max(self.rate.count - len(self.sent), 0)

    def takes(self, key: str) -> bool:
        """Tell whether the rate limit allows the sending *key*; a retry is allowed."""
        return key in self.sent or self.free(1) > 0

    def note(self, key: str) -> None:
        """Count the sending *key* at *now*."""
        self.sent[key] = self.now

    def frees_at(self) -> datetime:
        """Return the time at which the rate limit allows one more sending."""
        if self.rate is None or self.free(1) > 0:
            return self.now
        oldest = sorted(self.sent.values())
        return oldest[len(oldest) - self.rate.count] + self.rate.period
