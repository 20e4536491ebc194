"""The days of the calendar that stand for a period of hours."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from math import ceil

_DAY = timedelta(days=1)
# A day may be this much shorter: clocks go forward.
_CLOCK_CHANGE = timedelta(hours=1)


def days_of(since: datetime, until: datetime, zone: tzinfo) -> tuple[date, date]:
    """Return the first day and the day after the last, in *zone*.

    The first begins at the midnight nearest to *since*, and there are as many as the
    period has, begun ones included: Monday to Sunday for the seven days up to nine on a
    Monday morning, and for those up to Sunday noon that began at a midnight.
    """
    first = (since + _DAY / 2).astimezone(zone).date()
    days = max(ceil((until - since - _CLOCK_CHANGE) / _DAY), 1)
    return first, first + days * _DAY
