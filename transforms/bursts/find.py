"""Test every subject's day against what is usual, and keep what the budget allows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from operator import attrgetter
from typing import Literal

from transforms.bursts.budget import level, steps
from transforms.bursts.pool import MIN_HISTORY, Pool
from transforms.bursts.usual import LARGEST_LEVEL, UsualDay
from transforms.models import Burst, DayCount
from transforms.trends.significance import q_values

Kind = Literal["company", "topic"]
FALSE_ALARMS_A_WEEK = 2.0
MIN_COUNT = 3
# An unfinished day is looked at again and again, each time with new chances to be wrong,
# and once more when it is over: then it has the whole budget, before only so much of it.
EARLY = 0.25
# At midnight nothing is usual yet, and under a mean of nothing any story is a miracle.
LEAST_SHARE = 0.02
# Stories that the profile of the day must have seen before it may move far from an
# even flow of news around the clock.
PRIOR_HOURS = 48.0


def find_bursts(
    counts: Sequence[DayCount],
    *,
    first_day: date,
    until: date,
    false_alarms_a_week: float = FALSE_ALARMS_A_WEEK,
    so_far: float = 1.0,
) -> list[Burst]:
    """Return the bursts of every day before *until*, in order of day, surest first.

    A subject's missing day is a day of no stories. Companies and topics are two pools,
    each with its own rhythm, and share the budget of false alarms. Days less than two
    weeks after *first_day*, the first day that was observed at all, are not tested
    (:func:`warming_up`). Of an unfinished last day *so_far* is the share of the stories
    that has usually come by now (:func:`share_so_far`); left at 1 it can only hide a
    burst.
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
    """Return the share of a day's stories that has usually come by *hour*.

    *hours* are the stories of earlier days by hour of the day. The share is never more
    than 1 and, where little is known, near the part of the day that is over.
    """
    past = sum(
        stories * min(1.0, max(0.0, hour - start)) for start, stories in enumerate(hours)
    )
    prior = PRIOR_HOURS * hour / 24
    return min(1.0, (past + prior) / (sum(hours) + PRIOR_HOURS))


def usual_days(
    counts: Sequence[DayCount], *, first_day: date, until: date
) -> dict[tuple[Kind, str], list[float | None]]:
    """Return what was usual of each subject on each day from *first_day* to *until*.

    It is what :func:`transforms.bursts.intervals` compares counts with. Days without
    enough history before them have None.
    """
    days = max(0, (until - first_day).days)
    found: dict[tuple[Kind, str], list[float | None]] = {}
    for judged in judged_days(counts, first_day=first_day, until=until):
        for subject, usual in zip(judged.pool.subjects, judged.usual.each, strict=True):
            means = found.setdefault((judged.kind, subject), [None] * days)
            means[judged.index] = usual.mean
    return found


@dataclass(frozen=True, slots=True)
class JudgedDay:
    """One day of one pool, what would have been usual, and which subjects burst."""

    kind: Kind
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
    """Yield every day that has a history before it, once for each kind."""
    pools = _pools(counts, first_day, until)
    days = (until - first_day).days
    for index in range(MIN_HISTORY, days):
        share = max(LEAST_SHARE, so_far) if index == days - 1 else 1.0
        usual = {
            kind: day
            for kind, pool in pools.items()
            if (day := pool.usual_day(index, so_far=share)) is not None
        }
        attainable = {
            kind: steps(day.groups(), min_count=MIN_COUNT) for kind, day in usual.items()
        }
        bar = level(
            chain.from_iterable(attainable.values()),
            budget=false_alarms_a_week / 7 * _spent(share),
        )
        for kind, day in usual.items():
            pool = pools[kind]
            rare = _rare(pool.counts[index], day)
            bursts = [subject for subject, p in rare.items() if p <= bar]
            expected = sum(mass for _, mass in attainable[kind])
            pool.remember(index, day, rare, expected=expected)
            yield JudgedDay(kind, pool, index, day, bursts)


def _spent(share: float) -> float:
    return 1.0 if share >= 1 else EARLY * share


def _pools(counts: Sequence[DayCount], first_day: date, until: date) -> dict[Kind, Pool]:
    days = max(0, (until - first_day).days)
    families: dict[Kind, dict[str, list[int]]] = defaultdict(dict)
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
        if count >= MIN_COUNT and count > of.near and (p := of.p(count)) <= LARGEST_LEVEL
    }


def _described(judged: JudgedDay) -> Iterator[Burst]:
    if not judged.bursts:
        return
    usual, counts = judged.usual.each, judged.pool.counts[judged.index]
    # Only a p near 1 is left out, and such a one moves no other's q.
    ps = {
        subject: of.p(count)
        for subject, (count, of) in enumerate(zip(counts, usual, strict=True))
        if count >= max(MIN_COUNT, of.mean)
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
