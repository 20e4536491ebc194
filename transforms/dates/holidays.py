"""Days on which newsrooms of China and the United States work otherwise than usual.

Most follow from a rule. Three Chinese festivals follow the moon, whose calendar needs
astronomy: their dates are a table, 2020 to 2035. Weekend days that China works to make
up for a holiday are decreed each autumn and are not known here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache

_DAY = timedelta(days=1)
_MONDAY, _THURSDAY, _SATURDAY, _SUNDAY = 0, 3, 5, 6

# Month and day of Spring Festival, Dragon Boat and Mid-Autumn: the first of the first,
# the fifth of the fifth and the fifteenth of the eighth lunar month. Computed with the
# package lunardate 0.3.0.
_LUNAR = {
    2020: ((1, 25), (6, 25), (10, 1)),
    2021: ((2, 12), (6, 14), (9, 21)),
    2022: ((2, 1), (6, 3), (9, 10)),
    2023: ((1, 22), (6, 22), (9, 29)),
    2024: ((2, 10), (6, 10), (9, 17)),
    2025: ((1, 29), (5, 31), (10, 6)),
    2026: ((2, 17), (6, 19), (9, 25)),
    2027: ((2, 6), (6, 9), (9, 15)),
    2028: ((1, 26), (5, 28), (10, 3)),
    2029: ((2, 13), (6, 16), (9, 22)),
    2030: ((2, 3), (6, 5), (9, 12)),
    2031: ((1, 23), (6, 24), (10, 1)),
    2032: ((2, 11), (6, 12), (9, 19)),
    2033: ((1, 31), (6, 1), (9, 8)),
    2034: ((2, 19), (6, 20), (9, 27)),
    2035: ((2, 8), (6, 10), (9, 16)),
}


def holidays(day: date) -> tuple[str, ...]:
    """Return the names of the holidays that *day* is part of; of most days none.

    Days of one name are alike and can learn of each other. Shopping festivals are
    among them: on 18 June and 11 November there is more news, not less.
    """
    return _year(day.year).get(day, ())


@cache
def _year(year: int) -> Mapping[date, tuple[str, ...]]:
    days: dict[date, tuple[str, ...]] = defaultdict(tuple)
    for name, first, length in (*_chinese(year), *_american(year)):
        for offset in range(length):
            days[first + offset * _DAY] += (name,)
    return dict(days)


def _chinese(year: int) -> Iterator[tuple[str, date, int]]:
    yield "new-year", date(year, 1, 1), 1
    yield "qingming", date(year, 4, _qingming(year)), 1
    yield "labour-day", date(year, 5, 1), 5
    yield "national-day", date(year, 10, 1), 7
    yield "shopping", date(year, 6, 18), 1
    yield "shopping", date(year, 11, 11), 1
    if year in _LUNAR:
        spring, boats, moon = (date(year, *at) for at in _LUNAR[year])
        yield "spring-festival", spring - _DAY, 8  # from the eve to the seventh day
        yield "dragon-boat", boats, 1
        yield "mid-autumn", moon, 1


def _qingming(year: int) -> int:
    """Return the day in April; the usual approximation of the solar term, 2000 to 2099."""
    since = year % 100
    return int(0.2422 * since + 4.81) - since // 4


def _american(year: int) -> Iterator[tuple[str, date, int]]:
    """Yield the federal holidays (5 U.S.C. 6103), observed on a weekday."""
    for month, weekday, nth in (
        (1, _MONDAY, 3),
        (2, _MONDAY, 3),
        (5, _MONDAY, -1),
        (9, _MONDAY, 1),
        (10, _MONDAY, 2),
    ):
        yield "us-holiday", _nth(year, month, weekday, nth), 1
    for month, day in ((6, 19), (7, 4), (11, 11)):
        yield "us-holiday", _observed(date(year, month, day)), 1
    # Few work on the Friday after, and few between Christmas Eve and Boxing Day.
    yield "thanksgiving", _nth(year, 11, _THURSDAY, 4), 2
    yield "christmas", date(year, 12, 24), 3


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    if nth < 0:
        end = date(year, month + 1, 1) - _DAY
        return end - (end.weekday() - weekday) % 7 * _DAY
    first = date(year, month, 1)
    return first + ((weekday - first.weekday()) % 7 + 7 * (nth - 1)) * _DAY


def _observed(day: date) -> date:
    return day + {_SATURDAY: -_DAY, _SUNDAY: _DAY}.get(day.weekday(), 0 * _DAY)
