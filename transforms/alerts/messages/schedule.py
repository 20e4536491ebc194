"""When a message may go out: digests at times of the day, and quiet hours.

Times are local to a named zone. Where a clock change skips or repeats a time, it counts
once: at the first moment when the clock shows it or a later time.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from transforms.models import Held, Schedule

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


def hold(
    schedule: Schedule, created_at: datetime, now: datetime
) -> tuple[Held, datetime] | None:
    """Return what holds a new message back and until when; None where it may go out."""
    if schedule.digest and (at := _next_digest(schedule, created_at)) > now:
        return "digest", quiet_end(schedule, at) or at
    if end := quiet_end(schedule, now):
        return "quiet", end
    return None


def gathers(schedule: Schedule, created_at: datetime) -> Held | None:
    """Return the reason why a new message goes into a digest; None if it goes alone."""
    if schedule.digest:
        return "digest"
    return "quiet" if quiet_end(schedule, created_at) else None


def quiet_end(schedule: Schedule, now: datetime) -> datetime | None:
    """Return when the current quiet hours end; None outside quiet hours."""
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
