"""Whether p-values are what they say: how many are small, against how many should be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from transforms.bursts.find import judged_days
from transforms.models import DayCount

THRESHOLDS = (0.1, 0.01, 0.001)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Of so many subjects' days, how many had a p up to a threshold, and should have."""

    threshold: float
    tests: int
    expected: float
    observed: int


def calibrate(
    counts: Sequence[DayCount],
    *,
    first_day: date,
    until: date,
    thresholds: Sequence[float] = THRESHOLDS,
) -> list[Calibration]:
    """Return expected and observed numbers of small p-values, by threshold.

    What is expected is not threshold times tests, for counts are discrete and few
    distributions have a p of just that size: it is the sum of the sizes they do have.
    True bursts are among the observed, so of real news expect more at the small end.
    """
    tests = 0
    expected, observed = [0.0] * len(thresholds), [0] * len(thresholds)
    for judged in judged_days(counts, first_day=first_day, until=until):
        tests += len(judged.pool.subjects)
        for usual, number in judged.usual.groups():
            sizes = [p for p, _ in usual.tail(0)]
            for row, threshold in enumerate(thresholds):
                size = next((p for p in sizes if p <= threshold), 0.0)
                expected[row] += number * size
        for count, usual in zip(
            judged.pool.counts[judged.index], judged.usual.each, strict=True
        ):
            if count > usual.mean:
                p = usual.p(count)
                for row, threshold in enumerate(thresholds):
                    observed[row] += p <= threshold
    return [
        Calibration(threshold=t, tests=tests, expected=e, observed=o)
        for t, e, o in zip(thresholds, expected, observed, strict=True)
    ]
