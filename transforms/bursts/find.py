"""Search for bursts: days and intervals far above a subject's usual count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from math import ceil, log
from operator import attrgetter
from typing import Literal

from transforms.bursts.pool import MIN_HISTORY, Pool
from transforms.bursts.usual import LARGEST_LEVEL, Usual, UsualDay
from transforms.models import Burst, DayCount
from transforms.trends.significance import q_values

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
