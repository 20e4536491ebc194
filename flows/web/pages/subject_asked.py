"""What is asked of one company or topic: a period, and filters of its stories."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flows.web.errors import BadRequest
from flows.web.reading import DAY, Reading

DAYS = 90
LONGEST = 366
FILTERS = ("day", "hours", "topic", "outlet", "language", "with", "company")
KNOWN = frozenset({*FILTERS, "since", "until", "sort", "page"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectPeriod:
    """The days of a page, both included, and the moments at which they begin and end."""

    first: date
    last: date
    since: datetime
    until: datetime

    @property
    def middle(self) -> date:
        """The day halfway."""
        return self.first + (self.last - self.first) / 2


def asked_period(reading: Reading) -> SubjectPeriod:
    """Return the period asked for, 90 days up to the newest where none is.

    Raises:
        BadRequest: It is too long, or none.
    """
    asked = reading.ask.period()
    if asked is None:
        last = reading.day_of(reading.publication.as_of)
        day = reading.ask.day("day")
        if day is not None and day < last - timedelta(days=DAYS - 1):
            last = day
        asked = (last - timedelta(days=DAYS - 1), last)
    first, last = asked
    if (last - first).days >= LONGEST:
        raise BadRequest(f"a period has at most {LONGEST} days; ask for fewer")
    return SubjectPeriod(
        first=first,
        last=last,
        since=reading.start_of(first),
        until=reading.start_of(last + DAY),
    )


def asked_stories(reading: Reading) -> dict[str, Any]:
    """Return the filters of the stories; what is not asked for is None."""
    ask = reading.ask
    until = reading.publication.as_of + timedelta.resolution
    hours = ask.number("hours", default=0, most=24 * LONGEST) if ask.text("hours") else 0
    return {
        "from": until - timedelta(hours=hours) if hours else None,
        "to": until if hours else None,
        "day": ask.day("day"),
        "outlet": ask.text("outlet"),
        "language": ask.one_of("language", "en", "zh"),
        "topic": ask.text("topic"),
        "named": ask.text("company"),
        "with": ask.text("with"),
    }
