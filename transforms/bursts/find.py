"""Search for bursts: days and intervals far above a subject's usual count.

The subjects of a pool share the rhythm of the week, holidays, days on which the whole
press is busy or half of the feeds are silent, and how much counts scatter. A day that
was unlike its weekday for all of them enters the levels with its own exposure, so a
holiday neither teaches a low level nor makes a burst of the first day after it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import chain
from math import ceil, log, prod
from operator import add, attrgetter, mul, sub
from typing import Literal

from transforms.bursts.usual import LARGEST_LEVEL, PRIOR_STORIES, Usual, UsualDay, holidays
from transforms.models import Burst, DayCount
from transforms.trends.significance import q_values

_WINDOW = 28  # four whole weeks: every weekday is in the level four times
MIN_HISTORY = 14  # two of each weekday; with fewer a weekday factor is noise
# Stories that a weekday or a holiday must bring before its factor may move far from 1.
_PRIOR_FACTOR = 20.0
# The pool's dispersion until there is an estimate: common among counts of news.
_PRIOR_DISPERSION = 0.3
# With a pool of this many stories a day, a day without any is an outage of ours
# (chance: e^-10), and would teach every subject too low a level.
_POOL_NEVER_SILENT = 10.0
# Which part of the rare counts is of chance is an estimate, kept within bounds, that starts
# from as many as below. The lower one lets a lasting rise become the new level.
_CHANCE = (0.5, 1.25)
_PRIOR_RARE = 20.0
# A pool of this few equal subjects cannot tell a busy day from a burst.
_FEW_SUBJECTS = 5
_Kind = Literal["company", "topic"]
FALSE_ALARMS_A_WEEK = 2.0
_MIN_COUNT = 3
# An unfinished day is looked at again and again, each time with new chances to be wrong,
# and once more when it is over: then it has the whole budget, before only so much of it.
_EARLY = 0.25
# At midnight nothing is usual yet, and under a mean of nothing any story is a miracle.
_LEAST_SHARE = 0.02
# Stories that the profile of the day must have seen before it may move far from an
# even flow of news around the clock.
_PRIOR_HOURS = 48.0


@dataclass
class Pool:
    """Subjects of one kind, with their daily counts and a cleaned copy of these."""

    first_day: date
    subjects: Sequence[str]
    counts: Sequence[Sequence[int]]  # by day, then in the order of the subjects
    _remembered: list[Sequence[int]] = field(init=False)
    _squares: list[Sequence[float]] = field(init=False)
    _totals: list[int] = field(init=False)
    _dispersion: float = _PRIOR_DISPERSION
    # Counts of a p up to LARGEST_LEVEL, expected and seen, the older the less.
    _rare: tuple[float, float] = (_PRIOR_RARE, _PRIOR_RARE)
    _stories: list[int] = field(default_factory=list)
    _summed: int = -1
    _learnt: int = 0  # days before this one have taught what holidays are like
    # By holiday: stories of the pool on such days, and on as many ordinary ones.
    _lessons: dict[str, tuple[float, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._remembered = list(self.counts)
        self._squares = [list(map(mul, day, day)) for day in self.counts]
        self._totals = [sum(day) for day in self.counts]

    def usual_day(self, index: int, *, so_far: float = 1.0) -> UsualDay | None:
        """Return the usual distribution of the day of *index*; None without history.

        Call it in order of days. *so_far* is the usual share of the day's stories by now.
        """
        stories = self._stories_before(index)
        days = self._days_observed(max(0, index - _WINDOW), index)
        if len(days) < MIN_HISTORY:
            return None
        rows = [self._remembered[day] for day in days]
        noise = _Noise.of(stories, len(days), self._dispersion)
        mean, weekdays, exposures = self._shared(days, noise)
        self._dispersion = _dispersion(
            rows, [self._squares[day] for day in days], stories, exposures, self._dispersion
        )
        usual = UsualDay(
            stories=stories,
            exposure=sum(exposures),
            factor=weekdays[index % 7] * self._holiday(index, mean) * so_far,
            dispersion=self._dispersion,
            doubt=self._dispersion / len(days) + _weekday_doubt(stories, noise, len(days)),
        )
        return replace(usual, factor=usual.factor * self._busy(index, usual, noise))

    def remember(
        self, index: int, usual: UsualDay, rare: Collection[int], *, expected: float
    ) -> None:
        """Add the day to the history, with its *rare* counts replaced by expected ones.

        So a burst does not hide the next one, and a lasting rise still becomes the new
        level within some days. *expected* is the number of such rare counts by chance.
        """
        self._rare = (
            self._rare[0] * (1 - 1 / _WINDOW) + expected,
            self._rare[1] * (1 - 1 / _WINDOW) + len(rare),
        )
        if not rare:
            return
        chance = min(_CHANCE[1], max(_CHANCE[0], self._rare[0] / self._rare[1]))
        day = list(self.counts[index])
        squares: list[float] = list(self._squares[index])
        for subject in rare:
            day[subject], squares[subject] = usual.each[subject].remembered(chance)
        self._remembered[index] = day
        self._squares[index] = squares
        self._totals[index] = sum(day)

    def _stories_before(self, index: int) -> list[int]:
        """Return the sums of the window; all but the first time from those before."""
        if index != self._summed + 1:
            rows = self._remembered[max(0, index - _WINDOW) : index]
            stories = [sum(column) for column in zip(*rows, strict=True)]
        else:
            stories = list(map(add, self._stories, self._remembered[index - 1]))
            if index > _WINDOW:
                stories = list(map(sub, stories, self._remembered[index - 1 - _WINDOW]))
        self._stories, self._summed = stories, index
        return stories

    def _days_observed(self, start: int, end: int) -> Sequence[int]:
        busy = [total for total in self._totals[:end] if total]
        if not busy or sum(busy) / len(busy) < _POOL_NEVER_SILENT:
            return range(start, end)
        return [day for day in range(start, end) if self._totals[day]]

    def _shared(
        self, days: Sequence[int], noise: _Noise
    ) -> tuple[float, Sequence[float], Sequence[float]]:
        """Return the pool's mean of an ordinary day, its weekdays, and the days' exposures.

        Weekdays are by the remainder of a day's index by seven.
        """
        plain = [day for day in days if not self._names(day)]
        ordinary = plain if len(plain) >= MIN_HISTORY else days
        mean = sum(self._totals[day] for day in ordinary) / len(ordinary)
        weekdays = _weekdays(self._totals, ordinary, mean)
        self._learn(days, weekdays, mean)
        exposures = []
        for day in days:
            calendar = weekdays[day % 7] * self._holiday(day, mean)
            seen = self._totals[day] / (mean * calendar) if mean else 1.0
            exposures.append(calendar * noise.beyond(seen))
        return mean, weekdays, exposures

    def _learn(self, days: Sequence[int], weekdays: Sequence[float], mean: float) -> None:
        for day in days:
            if day < self._learnt:
                continue
            for name in self._names(day):
                stories, usual = self._lessons.get(name, (0.0, 0.0))
                self._lessons[name] = (
                    stories + self._totals[day],
                    usual + mean * weekdays[day % 7],
                )
        self._learnt = days[-1] + 1

    def _holiday(self, day: int, mean: float) -> float:
        """Return the product of the factors of the day's holidays, each shrunk to 1."""
        prior = max(_PRIOR_FACTOR, mean)  # as if one such day had been an ordinary one
        lessons = [self._lessons.get(name, (0.0, 0.0)) for name in self._names(day)]
        return prod((prior + seen) / (prior + usual) for seen, usual in lessons)

    def _busy(self, day: int, usual: UsualDay, noise: _Noise) -> float:
        """Return by how much everything is busier on the day itself, at least 1.

        A working Sunday before a holiday, or feeds that were added yesterday, are no
        burst of every subject. A day that is quieter than usual has no such say: half
        of the feeds may be silent, and the other half is as ever.
        """
        expected = (
            (sum(usual.stories) + PRIOR_STORIES * len(usual.stories))
            / usual.exposure
            * usual.factor
        )
        seen = sum(
            count if count <= subject.near else min(count, subject.cap)
            for count, subject in zip(self.counts[day], usual.each, strict=True)
            if count
        )
        return max(1.0, noise.beyond(seen / expected)) if expected else 1.0

    def _names(self, day: int) -> tuple[str, ...]:
        return holidays(self.first_day + timedelta(days=day))


@dataclass(frozen=True, slots=True)
class _Noise:
    """Chance variation of the pool's total on a day."""

    variance: float  # relative
    weight: float  # that the pool's own day has, 0 to 1

    @classmethod
    def of(cls, stories: Sequence[int], days: int, dispersion: float) -> _Noise:
        total = sum(stories)
        if not total:
            return cls(1.0, 0.0)
        concentration = sum(map(mul, stories, stories)) / total**2
        weight = max(0.0, 1 - _FEW_SUBJECTS * concentration)
        return cls(days / total + dispersion * concentration, weight)

    def beyond(self, ratio: float) -> float:
        """Return *ratio* shrunk to 1 as far as chance explains it.

        The positive-part rule of James & Stein, or Breiman's garrote of 1995: nothing
        is left within one standard deviation, and nearly all beyond three. Where a few
        subjects are the whole pool nothing is left: they are what is tested.
        """
        off = ratio - 1
        if off**2 <= self.variance:
            return 1.0
        return 1 + off * (1 - self.variance / off**2) * self.weight


def _weekday_doubt(stories: Sequence[int], noise: _Noise, days: int) -> float:
    """Return the relative variance of a weekday's factor, which is itself shrunk."""
    seen = sum(stories) / 7
    return noise.variance * 7 / days * (seen / (seen + _PRIOR_FACTOR)) ** 2


def _weekdays(totals: Sequence[int], days: Iterable[int], mean: float) -> list[float]:
    """Return the factor of each remainder of the day's index by seven, its mean near 1."""
    stories, usual = [_PRIOR_FACTOR] * 7, [_PRIOR_FACTOR] * 7
    for day in days:
        stories[day % 7] += totals[day]
        usual[day % 7] += mean
    return [seen / expected for seen, expected in zip(stories, usual, strict=True)]


def _dispersion(
    rows: Sequence[Sequence[int]],
    squares: Sequence[Sequence[float]],
    stories: Sequence[int],
    exposures: Sequence[float],
    guess: float,
) -> float:
    """Estimate the pooled dispersion by the method of moments.

    Var(y) = mu + dispersion·mu², where mu is a level that was fitted to the same counts
    times the day's exposure. Subjects weigh by how well they tell the dispersion, for
    which a *guess* is needed: without weights, the few largest would decide alone.
    """
    exposure, second = sum(exposures), sum(e**2 for e in exposures)
    third = sum(e**3 for e in exposures)
    weights = [(1 + guess * seen / exposure) ** -2 for seen in stories]
    weighted = list(map(mul, weights, stories))
    total, levels = sum(weighted), sum(map(mul, weighted, stories))
    # The sum of (y - level·e)², multiplied out: no list per subject and day.
    residual = levels * second / exposure**2
    for row, square, e in zip(rows, squares, exposures, strict=True):
        residual += sum(map(mul, weights, square))
        residual -= 2 * e / exposure * sum(map(mul, weighted, row))
    # The two parts of the variance that fitting leaves; and the squared levels, which
    # are themselves too large by what scatters.
    share = second / exposure**2
    excess = residual - total * (1 - share)
    left = second - 2 * third / exposure + second**2 / exposure**2
    per_unit = (levels - total) / exposure**2 * left - share * excess
    return max(0.0, excess / per_unit) if per_unit > 0 else 0.0


def find_bursts(
    counts: Sequence[DayCount],
    *,
    first_day: date,
    until: date,
    false_alarms_a_week: float = FALSE_ALARMS_A_WEEK,
    so_far: float = 1.0,
) -> list[Burst]:
    """Return the bursts of every day before *until*, by day, most significant first.

    A subject's missing day is a day of no stories. Companies and topics are two pools,
    each with its own rhythm, and share the budget of false alarms. Days less than two
    weeks after *first_day*, the first day that was observed at all, are not
    tested. Of an unfinished last day *so_far* is the share of the stories that has usually
    come by now (:func:`share_so_far`); left at 1 it can only hide a burst.
    """
    found = [
        burst
        for judged in judged_days(
            counts,
            first_day=first_day,
            until=until,
            false_alarms_a_week=false_alarms_a_week,
            so_far=so_far,
        )
        for burst in _described(judged)
    ]
    return sorted(found, key=lambda b: (b.day, b.q, b.p, b.kind, b.subject_id))


def share_so_far(hours: Sequence[int], hour: float) -> float:
    """Return the usual share of a day's stories by *hour*.

    *hours* are the stories of earlier days by hour of the day. The share is never more
    than 1 and, where little is known, near the part of the day that is over.
    """
    past = sum(
        stories * min(1.0, max(0.0, hour - start)) for start, stories in enumerate(hours)
    )
    prior = _PRIOR_HOURS * hour / 24
    return min(1.0, (past + prior) / (sum(hours) + _PRIOR_HOURS))


def usual_days(
    counts: Sequence[DayCount], *, first_day: date, until: date
) -> dict[tuple[_Kind, str], list[float | None]]:
    """Return the usual count of each subject on each day from *first_day* to *until*.

    It is what :func:`transforms.bursts.find` compares counts with. Days without
    enough history before them have None.
    """
    days = max(0, (until - first_day).days)
    found: dict[tuple[_Kind, str], list[float | None]] = {}
    for judged in judged_days(counts, first_day=first_day, until=until):
        for subject, usual in zip(judged.pool.subjects, judged.usual.each, strict=True):
            means = found.setdefault((judged.kind, subject), [None] * days)
            means[judged.index] = usual.mean
    return found


@dataclass(frozen=True, slots=True)
class JudgedDay:
    """A day of a pool with its usual counts and its bursting subjects."""

    kind: _Kind
    pool: Pool
    index: int
    usual: UsualDay
    bursts: Sequence[int]


def judged_days(
    counts: Sequence[DayCount],
    *,
    first_day: date,
    until: date,
    false_alarms_a_week: float = FALSE_ALARMS_A_WEEK,
    so_far: float = 1.0,
) -> Iterator[JudgedDay]:
    """Yield every day with enough history, once per kind."""
    pools = _pools(counts, first_day, until)
    days = (until - first_day).days
    for index in range(MIN_HISTORY, days):
        share = max(_LEAST_SHARE, so_far) if index == days - 1 else 1.0
        usual = {
            kind: day
            for kind, pool in pools.items()
            if (day := pool.usual_day(index, so_far=share)) is not None
        }
        attainable = {
            kind: _steps(day.groups(), min_count=_MIN_COUNT) for kind, day in usual.items()
        }
        bar = _level(
            chain.from_iterable(attainable.values()),
            budget=false_alarms_a_week / 7 * (1.0 if share >= 1 else _EARLY * share),
        )
        for kind, day in usual.items():
            pool = pools[kind]
            rare = _rare(pool.counts[index], day)
            bursts = [subject for subject, p in rare.items() if p <= bar]
            expected = sum(mass for _, mass in attainable[kind])
            pool.remember(index, day, rare, expected=expected)
            yield JudgedDay(kind, pool, index, day, bursts)


def _pools(counts: Sequence[DayCount], first_day: date, until: date) -> dict[_Kind, Pool]:
    days = max(0, (until - first_day).days)
    families: dict[_Kind, dict[str, list[int]]] = defaultdict(dict)
    # In one order: sums of floats differ in their last bit by the order of their terms.
    for count in sorted(counts, key=attrgetter("kind", "subject_id", "day")):
        series = families[count.kind].setdefault(count.subject_id, [0] * days)
        index = (count.day - first_day).days
        if 0 <= index < days:
            series[index] += count.stories
    return {
        kind: Pool(first_day, list(series), list(zip(*series.values(), strict=True)))
        for kind, series in families.items()
    }


def _rare(counts: Sequence[int], usual: UsualDay) -> dict[int, float]:
    """Return the p of the subjects that may be bursts."""
    return {
        subject: p
        for subject, (count, of) in enumerate(zip(counts, usual.each, strict=True))
        if count >= _MIN_COUNT and count > of.near and (p := of.p(count)) <= LARGEST_LEVEL
    }


def _described(judged: JudgedDay) -> Iterator[Burst]:
    if not judged.bursts:
        return
    usual, counts = judged.usual.each, judged.pool.counts[judged.index]
    # Only a p near 1 is left out, and such a one moves no other's q.
    ps = {
        subject: of.p(count)
        for subject, (count, of) in enumerate(zip(counts, usual, strict=True))
        if count >= max(_MIN_COUNT, of.mean)
    }
    qs = dict(zip(ps, q_values(list(ps.values()), tests=len(counts)), strict=True))
    for subject in judged.bursts:
        yield Burst(
            subject_id=judged.pool.subjects[subject],
            kind=judged.kind,
            day=judged.pool.first_day + timedelta(days=judged.index),
            observed=counts[subject],
            expected=usual[subject].mean,
            p=ps[subject],
            q=qs[subject],
        )


def _steps(
    subjects: Iterable[tuple[Usual, int]], *, min_count: int
) -> list[tuple[float, float]]:
    """Return every attainable p, and how many subjects are expected to have just that.

    *subjects* says how many have a distribution. Counts below *min_count*, or not above
    the mean, are no burst whatever their p, so they spend nothing.
    """
    return [
        (p, number * mass)
        for usual, number in subjects
        for p, mass in usual.tail(max(min_count, ceil(usual.near)))
        if p <= LARGEST_LEVEL
    ]


def _level(attainable: Iterable[tuple[float, float]], *, budget: float) -> float:
    """Return the p up to which a count is a burst, for *budget* false alarms."""
    spent, found = 0.0, 0.0
    for p, mass in sorted(attainable):
        spent += mass
        if spent > budget:
            break
        found = p
    return found


@dataclass(frozen=True, slots=True)
class Interval:
    """Days [*start*, *end*) of raised rate, as indices of the counts.

    The weight is the interval's saving in cost before the cost of the transition: the
    log-likelihood ratio of the raised rate.
    """

    start: int
    end: int
    weight: float


def intervals(
    counts: Sequence[int], usual: Sequence[float], *, s: float = 2.0, gamma: float = 1.0
) -> list[Interval]:
    """Return the intervals of raised rate, in order of days.

    *usual* are the expected counts of each day (:func:`transforms.bursts.usual_days`). The
    transition down is free, and of equal costs the lower state wins.
    """
    # Poisson: -log likelihood of the low state less that of the high one.
    gains = [
        count * log(s) - rate * (s - 1) for count, rate in zip(counts, usual, strict=True)
    ]
    rise = gamma * log(len(gains)) if gains else 0.0
    return [
        Interval(start, end, sum(gains[start:end])) for start, end in _raised(gains, rise)
    ]


def _raised(gains: Sequence[float], rise: float) -> list[tuple[int, int]]:
    """Return the runs of the high state on the cheapest path (Viterbi)."""
    low, high = 0.0, -rise
    came_low: list[tuple[bool, bool]] = []  # by day: does low, does high come from low?
    for gain in gains:
        came_low.append((low >= high, low - rise >= high))
        low, high = max(low, high), max(low - rise, high) + gain
    found: list[tuple[int, int]] = []
    is_high = high > low
    for day in range(len(gains) - 1, -1, -1):
        if is_high:
            found = _extended(found, day)
        is_high = not came_low[day][is_high]
    return found[::-1]


def _extended(found: list[tuple[int, int]], day: int) -> list[tuple[int, int]]:
    if found and found[-1][0] == day + 1:
        return [*found[:-1], (day, found[-1][1])]
    return [*found, (day, day + 1)]
