"""Find the days on which a subject has far more stories than its own recent level.

A count is compared with a negative binomial distribution: the level of the
trailing 28 days (the day itself left out) times a weekday factor that all
subjects share, with a dispersion that all subjects share too. One subject's 28
days are far too few to estimate either alone; pooling is what makes the test
hold at low counts. Over-dispersed counts of events, and why Poisson limits cry
wolf on them: Noufaily et al. 2013, *An improved algorithm for outbreak detection
in multiple surveillance systems*, Statistics in Medicine 32.

Hundreds of subjects are tested a day, so the p-values become q-values by the
step-up procedure of Benjamini & Hochberg 1995, *Controlling the false discovery
rate*, J. R. Stat. Soc. B 57: of the bursts reported, about ``fdr`` are chance.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, sqrt
from operator import attrgetter, mul
from typing import Literal

from transforms.models import Burst, DayCount
from transforms.significance import q_values, survival

Kind = Literal["company", "topic"]

WINDOW = 28  # four whole weeks: every weekday is in the level four times
MIN_HISTORY = 14  # two of each weekday; with fewer a weekday factor is noise
# Half a story is the Jeffreys prior of a Poisson rate: a subject that was never
# seen has a low level, not the level zero under which any story is a miracle.
PRIOR_STORIES = 0.5
# Stories that a weekday must bring before its factor may move far from 1.
PRIOR_WEEKDAY = 20.0
# With a pool of this many stories a day, a day without any is an outage of ours
# (chance: e^-10), and would teach every subject too low a level.
POOL_NEVER_SILENT = 10.0
# A burst counts in later levels only up to here: it neither hides the next burst
# nor keeps a lasting rise from becoming the new level within some days.
REMEMBERED_DEVIATIONS = 3.0


@dataclass(frozen=True, slots=True)
class _Usual:
    """What one subject's day would usually be: mean and dispersion of the count."""

    mean: float
    dispersion: float

    @property
    def deviation(self) -> float:
        return sqrt(self.mean + self.dispersion * self.mean**2)


def find_bursts(
    counts: Sequence[DayCount],
    *,
    first_day: date,
    until: date,
    fdr: float = 0.05,
    min_count: int = 3,
) -> list[Burst]:
    """Return the bursts of every day before *until*, in order of day, surest first.

    A subject's missing day is a day of no stories. Companies and topics are two
    families, each with its own pool. Days less than two weeks after *first_day*,
    the first day that was observed at all, are not tested (:func:`warming_up`).
    An unfinished last day may be included: that can only hide a burst.
    """
    bursts = [
        burst
        for kind, series in _families(counts, first_day, until).items()
        for burst in _family_bursts(kind, series, first_day, fdr, min_count)
    ]
    return sorted(bursts, key=lambda b: (b.day, b.q, b.p, b.kind, b.subject_id))


def warming_up(*, first_day: date | None, day: date) -> int:
    """Return how many days of history *day* lacks to be tested; 0 if none."""
    if first_day is None:
        return MIN_HISTORY
    return max(0, MIN_HISTORY - (day - first_day).days)


def _families(
    counts: Sequence[DayCount], first_day: date, until: date
) -> Mapping[Kind, dict[str, list[int]]]:
    days = max(0, (until - first_day).days)
    families: dict[Kind, dict[str, list[int]]] = defaultdict(dict)
    # In one order: sums of floats differ in their last bit by the order of their terms.
    for count in sorted(counts, key=attrgetter("kind", "subject_id", "day")):
        series = families[count.kind].setdefault(count.subject_id, [0] * days)
        index = (count.day - first_day).days
        if 0 <= index < days:
            series[index] += count.stories
    return families


def _family_bursts(
    kind: Kind, series: dict[str, list[int]], first_day: date, fdr: float, min_count: int
) -> Iterator[Burst]:
    totals = [sum(day) for day in zip(*series.values(), strict=True)]
    remembered = {subject: list(counts) for subject, counts in series.items()}
    for index in range(MIN_HISTORY, len(totals)):
        usual = _usual_day(remembered, totals, index)
        # p above fdr is never rejected, so only counts above the mean need one.
        tested = {
            subject: survival(
                series[subject][index], mean=day.mean, dispersion=day.dispersion
            )
            for subject, day in usual.items()
            if series[subject][index] >= max(min_count, day.mean)
        }
        qs = q_values(list(tested.values()), tests=len(usual))
        for (subject, p), q in zip(tested.items(), qs, strict=True):
            if q > fdr:
                continue
            day, observed = usual[subject], series[subject][index]
            cap = ceil(day.mean + REMEMBERED_DEVIATIONS * day.deviation)
            remembered[subject][index] = min(observed, cap)
            yield Burst(
                subject_id=subject,
                kind=kind,
                day=first_day + timedelta(days=index),
                observed=observed,
                expected=day.mean,
                p=p,
                q=q,
            )


def _usual_day(
    series: Mapping[str, list[int]], totals: Sequence[int], index: int
) -> dict[str, _Usual]:
    start = max(0, index - WINDOW)
    days = _days_observed(totals, start, index)
    if len(days) < MIN_HISTORY:
        return {}
    factors = _weekday_factors(totals, days)
    exposures = [factors[day % 7] for day in days]
    windows = {
        subject: [counts[day] for day in days]
        if len(days) < index - start
        else counts[start:index]
        for subject, counts in series.items()
    }
    dispersion = _dispersion(list(windows.values()), exposures)
    exposure, today = sum(exposures), factors[index % 7]
    return {
        subject: _usual(sum(window), exposure, today, dispersion, len(days))
        for subject, window in windows.items()
    }


def _days_observed(totals: Sequence[int], start: int, end: int) -> list[int]:
    busy = [total for total in totals[:end] if total]
    if not busy or sum(busy) / len(busy) < POOL_NEVER_SILENT:
        return list(range(start, end))
    return [day for day in range(start, end) if totals[day]]


def _weekday_factors(totals: Sequence[int], days: Sequence[int]) -> list[float]:
    """Return the factor of each residue of the day's index by seven, its mean near 1."""
    mean = sum(totals[day] for day in days) / len(days)
    stories, usual = [PRIOR_WEEKDAY] * 7, [PRIOR_WEEKDAY] * 7
    for day in days:
        stories[day % 7] += totals[day]
        usual[day % 7] += mean
    return [seen / expected for seen, expected in zip(stories, usual, strict=True)]


def _dispersion(windows: Sequence[Sequence[int]], exposures: Sequence[float]) -> float:
    """Estimate the pooled dispersion by the method of moments.

    Var(y) = mu + dispersion·mu², summed over all subjects and days. The fitted
    level of each subject costs one degree of freedom.
    """
    exposure, squares = sum(exposures), sum(map(mul, exposures, exposures))
    excess = weight = 0.0
    freedom = len(exposures) / (len(exposures) - 1)
    for window in windows:
        stories = sum(window)
        level = stories / exposure
        # The sum of (y - level·f)², multiplied out: no list per subject and day.
        residual = (
            sum(map(mul, window, window))
            - 2 * level * sum(map(mul, window, exposures))
            + level**2 * squares
        )
        excess += residual * freedom - stories
        weight += level**2 * squares
    return max(0.0, excess / weight) if weight else 0.0


def _usual(
    stories: int, exposure: float, today: float, dispersion: float, days: int
) -> _Usual:
    """Return the predictive distribution of the count of a day.

    The level is an estimate: its own relative variance, 1/stories from counting
    and dispersion/days from over-dispersion, widens the distribution. It is exact
    for Poisson counts, where a gamma posterior makes the prediction negative binomial.
    """
    known = stories + PRIOR_STORIES
    return _Usual(known / exposure * today, dispersion * (1 + 1 / days) + 1 / known)
