"""Usual counts of a day: each subject's own level, and the pool's common factors.

The subjects of a pool share the rhythm of the week, holidays, days on which the whole
press is busy or half of the feeds are silent, and how much counts scatter. A day that
was unlike its weekday for all of them enters the levels with its own exposure, so a
holiday neither teaches a low level nor makes a burst of the first day after it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import prod
from operator import add, mul, sub

from transforms.bursts.usual import PRIOR_STORIES, UsualDay, holidays

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
