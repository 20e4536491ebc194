"""Days to come, as headlines write them. What could be read in two ways is not read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_NAME = rf"(?P<name>{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,? (?P<year>20\d\d))?"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_NAME} {_DAY}{_YEAR}",
        rf"{_DAY} {_NAME}{_YEAR}",
        r"(?:(?P<year>20\d\d)年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号號]",
    )
)
# 下下周 is the week after the next, and no match: one 下 only.
_NEXT_WEEK = re.compile(
    r"next week|下个?(?:周|週|星期)(?P<weekday>[一二三四五六日天])?", re.IGNORECASE
)
_WEEKDAYS = {name: index for index, name in enumerate("一二三四五六日")} | {"天": 6}


@dataclass(frozen=True, slots=True)
class Due:
    """A day to come, or the days among which it is; both ends are included."""

    first: date
    last: date


def due(said: str, published: date) -> Due | None:
    """Return the days that *said* means in a headline published on *published*.

    A date without a year is the next one with that month and day.
    """
    if week := _NEXT_WEEK.fullmatch(said):
        return _next_week(week["weekday"], published)
    for pattern in _DATES:
        if found := pattern.fullmatch(said):
            return _dated(found.groupdict(), published)
    return None


def _next_week(weekday: str | None, published: date) -> Due:
    monday = published + timedelta(days=7 - published.weekday())
    if weekday is None:
        return Due(monday, monday + timedelta(days=6))
    day = monday + timedelta(days=_WEEKDAYS[weekday])
    return Due(day, day)


def _dated(parts: dict[str, str | None], published: date) -> Due | None:
    name, day = parts.get("name"), int(parts["day"] or 0)
    month = _MONTHS.index(name.lower()) + 1 if name else int(parts["month"] or 0)
    year = int(parts["year"] or published.year)
    if not parts["year"] and (month, day) < (published.month, published.day):
        year += 1
    try:
        named = date(year, month, day)
    except ValueError:  # a headline may name a 31st of February
        return None
    return Due(named, named)
