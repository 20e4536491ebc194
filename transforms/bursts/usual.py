"""Usual counts of a subject on a day: level, weekday and holidays."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from math import ceil, exp, log, sqrt
from typing import NamedTuple

from transforms.trends.significance import survival, upper_tail

# Half a story is the Jeffreys prior of a Poisson rate: a subject that was never
# seen has a low level, not the level zero under which any story is a miracle.
PRIOR_STORIES = 0.5
# A p above this is never a burst. A budget that few subjects cannot spend honestly is not
# spent: with five subjects and two false alarms a week, a level of one in eighteen would
# make bursts of bustle. Counts below it are remembered as chance would have them.
LARGEST_LEVEL = 0.01
# A count moves the estimate of how busy a day is up to so many deviations.
_BUSY_DEVIATIONS = 3.0
# Subjects with more stories in the window are grouped by steps of their logarithm.
_EACH_APART = 20
_STEP = 0.1
# So many deviations above the mean lie below the quantiles of any level in use.
_NEAR = 2.0
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


class Usual(NamedTuple):
    """The predictive distribution of a count (:mod:`transforms.trends.significance`)."""

    mean: float
    dispersion: float
    doubt: float
    deviation: float

    @property
    def cap(self) -> int:
        """Return the largest count that enters the estimate of the day's volume."""
        return ceil(self.mean + _BUSY_DEVIATIONS * self.deviation)

    @property
    def near(self) -> float:
        """Return a count below which no p-value is small."""
        return self.mean + _NEAR * self.deviation

    def remembered(self, chance: float) -> tuple[int, float]:
        """Return the count, and its square, that replaces a rare one in the history.

        Both are expectations for a count that is a chance extreme with probability
        *chance*, and an ordinary count otherwise. So the history of uneventful days keeps
        its mean and variance.
        """
        start = ceil(self.near)
        tail = enumerate(self.tail(start), start)
        rare = [(k, mass) for k, (p, mass) in tail if p <= LARGEST_LEVEL]
        weight = sum(mass for _, mass in rare)
        first = sum(k * mass for k, mass in rare)
        second = sum(k * k * mass for k, mass in rare)
        square = self.mean**2 + self.deviation**2
        rest = 1 - weight
        mean = chance * first / weight + (1 - chance) * (self.mean - first) / rest
        return (
            round(mean),
            chance * second / weight + (1 - chance) * (square - second) / rest,
        )

    def p(self, count: int) -> float:
        """Return the probability of *count* stories or more."""
        return survival(count, mean=self.mean, dispersion=self.dispersion, doubt=self.doubt)

    def tail(self, start: int) -> list[tuple[float, float]]:
        """Return the p-value and probability of every count from *start* on."""
        return upper_tail(
            start, mean=self.mean, dispersion=self.dispersion, doubt=self.doubt
        )


@dataclass(frozen=True)
class UsualDay:
    """Predictive distributions of a day, by the subjects' stories in the window.

    A level is an estimate. Its relative variance is 1/stories from counting, and from
    what scatters each day, over-dispersion and the pool's weekday, the *doubt*.
    """

    stories: Sequence[int]
    exposure: float
    factor: float
    dispersion: float
    doubt: float

    def of(self, stories: int) -> Usual:
        """Return the distribution of a subject with *stories* in the window."""
        known = stories + PRIOR_STORIES
        mean = known / self.exposure * self.factor
        doubt = 1 / known + self.doubt
        spread = self.dispersion + doubt + self.dispersion * doubt
        return Usual(mean, self.dispersion, doubt, sqrt(mean + spread * mean**2))

    def groups(self) -> list[tuple[Usual, int]]:
        """Return the distinct distributions with their numbers of subjects.

        Large levels that differ by less than a tenth share one distribution.
        """
        alike = Counter(map(_rounded, self.stories))
        return [(self.of(stories), number) for stories, number in alike.items()]

    @cached_property
    def each(self) -> Sequence[Usual]:
        """Return the distribution of every subject."""
        alike = {stories: self.of(stories) for stories in set(self.stories)}
        return [alike[stories] for stories in self.stories]


def _rounded(stories: int) -> int:
    if stories <= _EACH_APART:
        return stories
    return round(exp(round(log(stories) / _STEP) * _STEP))


def holidays(day: date) -> tuple[str, ...]:
    """Return the names of the holidays on *day*; mostly none.

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
