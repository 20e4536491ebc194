"""How far the p-values of bursts can be trusted in a warehouse of yours.

    python benchmarks/bursts.py data/sinowire.duckdb

Prints how many p-values of the last year are small, beside how many should be. What
simulations and readings by hand came to: docs/measured/bursts.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from transforms.bursts.find import judged_days
from transforms.models import DayCount
from warehouse.file.connect import open_published
from warehouse.numbers.trends import day_counts, first_day, today

ZONE = ZoneInfo("Asia/Shanghai")
THRESHOLDS = (0.1, 0.01, 0.001)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Of so many subjects' days, how many had a p up to a threshold, and should have."""

    threshold: float
    tests: int
    expected: float
    observed: int


def main() -> None:
    """Print the calibration of a warehouse's last year but for today."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("published", type=Path)
    with open_published(parser.parse_args().published) as con:
        last = today(con, datetime.now(ZONE)) - timedelta(days=1)
        since = last - timedelta(days=365)
        counts = day_counts(con, since=since, until=last)
        start = max(since, first_day(con) or last)
    print("| p up to | expected | observed |\n|---:|---:|---:|")
    for line in calibrate(counts, first_day=start, until=last + timedelta(days=1)):
        print(f"| {line.threshold} | {line.expected:.1f} | {line.observed} |")


def calibrate(
    counts: Sequence[DayCount], *, first_day: date, until: date
) -> list[Calibration]:
    """Return expected and observed numbers of small p-values, by threshold.

    What is expected is not threshold times tests, for counts are discrete and few
    distributions have a p of just that size: it is the sum of the sizes they do have.
    True bursts are among the observed, so of real news expect more at the small end.
    """
    tests = 0
    expected, observed = [0.0] * len(THRESHOLDS), [0] * len(THRESHOLDS)
    for judged in judged_days(counts, first_day=first_day, until=until):
        tests += len(judged.pool.subjects)
        for usual, number in judged.usual.groups():
            sizes = [p for p, _ in usual.tail(0)]
            for row, threshold in enumerate(THRESHOLDS):
                size = next((p for p in sizes if p <= threshold), 0.0)
                expected[row] += number * size
        for count, usual in zip(
            judged.pool.counts[judged.index], judged.usual.each, strict=True
        ):
            if count > usual.mean:
                p = usual.p(count)
                for row, threshold in enumerate(THRESHOLDS):
                    observed[row] += p <= threshold
    return [
        Calibration(threshold=t, tests=tests, expected=e, observed=o)
        for t, e, o in zip(THRESHOLDS, expected, observed, strict=True)
    ]


if __name__ == "__main__":
    main()
