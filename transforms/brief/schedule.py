"""When a brief that goes out on schedule is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from transforms.models import ScheduledBrief

LATEST = timedelta(hours=6)


def due_at(
    brief: ScheduledBrief, *, told_at: datetime | None, now: datetime
) -> datetime | None:
    """Return the moment for which *brief* is to be told *now*; None where none is.

    That is its last declared time, unless it was *told_at* that time or later, or is
    more than LATEST ago. An hour that the clocks skip is told as if they had not
    changed; one that they have twice, at its first.
    """
    moment = last_time(brief, now)
    if now - moment > LATEST or (told_at is not None and told_at >= moment):
        return None
    return moment


def last_time(brief: ScheduledBrief, now: datetime) -> datetime:
    """Return the last moment up to *now* that *brief* declares, in UTC."""
    zone = ZoneInfo(brief.zone)
    # The clock may say an hour less than it did at the moment: begin a day later.
    day = now.astimezone(zone).date() + timedelta(days=1)
    while True:
        moment = datetime.combine(day, brief.at, zone).astimezone(UTC)
        if moment <= now and brief.weekday in (None, day.weekday()):
            return moment
        day -= timedelta(days=1)
