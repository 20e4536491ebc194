"""Whether bursts keep their budget of false alarms, and find more than simple rules do.

    python benchmarks/bursts.py [--seeds 5]
    python benchmarks/bursts.py --heat FILE.jsonl.gz [--month 2026-03]
    python benchmarks/bursts.py --published data/sinowire.duckdb

Without a file: 400 subjects on 200 days, over-dispersed, with weekends; first nothing
happens, then one subject in four hundred is in the news each day. With a file of
topics of hot lists: the companies in them, tagged by the shipped watchlist, the bursts
of a month and the topics of those days. With a published file: how well its own p-values
are calibrated over a year.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import exp, sqrt
from pathlib import Path
from zoneinfo import ZoneInfo

from transforms.bursts import MIN_HISTORY, WINDOW, find_bursts
from transforms.bursts.find import judged_days
from transforms.mentions import mentions_in
from transforms.models import Burst, DayCount
from transforms.tagging import compile_tagger
from transforms.watchlist import parse_watchlist
from warehouse.file.connect import open_published
from warehouse.numbers.trends import day_counts as counted_days
from warehouse.numbers.trends import first_day, today

ROOT = Path(__file__).resolve().parents[1]

SUBJECTS, DAYS = 400, 200
FIRST = date(2026, 3, 9)  # a Monday; no holiday of many days follows
WEEK = (1.2, 1.2, 1.2, 1.2, 1.2, 0.5, 0.5)
ONE_IN = 400  # subject-days with a planted burst
WEEKS = (DAYS - MIN_HISTORY) / 7
BUDGETS = (0.5, 1.0, 2.0, 5.0, 10.0)
ZONE = ZoneInfo("Asia/Shanghai")
CASES = ((0.1, -0.7), (0.3, -0.7), (0.8, -0.7), (0.3, 0.5), (0.8, 0.5))
THRESHOLDS = (0.1, 0.01, 0.001)
LOOKS = range(10, 25, 2)  # hours at which an unfinished day is looked at
Cell = tuple[int, int]  # subject, day
Table = list[list[int]]  # by subject, then day


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Of so many subjects' days, how many had a p up to a threshold, and should have."""

    threshold: float
    tests: int
    expected: float
    observed: int


def main() -> None:
    """Simulate, or read real curves, and print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--heat", type=Path, nargs="+")
    parser.add_argument("--published", type=Path)
    parser.add_argument("--month", default="2026-03")
    parser.add_argument("--budget", type=float, default=2.0)
    options = parser.parse_args()
    print(
        f"python {platform.python_version()}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}"
    )
    if options.heat:
        read_by_hand(options.heat, options.month, options.budget)
    elif options.published:
        calibrate_published(options.published)
    else:
        simulate(range(options.seeds))


def simulate(seeds: Sequence[int]) -> None:
    """Print what is stated beside what is observed."""
    print("\nFalse alarms a week, nothing planted; observed over stated:")
    print("dispersion  mean | " + " | ".join(f"{b:5g} a week" for b in BUDGETS))
    for dispersion, level in CASES:
        quiet = [draw_table(seed, dispersion=dispersion, level=level) for seed in seeds]
        row = [observed(quiet, budget) / budget for budget in BUDGETS]
        mean = exp(level + 0.5)
        print(f"{dispersion:10} {mean:5.1f} | " + " | ".join(f"{r:12.2f}" for r in row))

    print("\nSmall p-values, dispersion 0.3, one seed:")
    show(calibrate(day_counts(draw_table(0)), first_day=FIRST, until=last_day()))

    print("\nRecall of planted bursts, every rule with as many false alarms:")
    print("stated | false alarms | sinowire | mean+k·sigma | ratio | to sigma | to ratio")
    for budget in (1.0, 2.0, 5.0):
        compare(seeds, budget)

    print(
        "\nAn unfinished day, looked at every two hours; false alarms a week, two stated:"
    )
    at_end, ever = afternoons(30 * len(seeds))
    print(f"at the day's end {at_end:.2f}, at any look {ever:.2f}")

    counts = day_counts(draw_table(0, days=365))
    start = time.process_time()
    find_bursts(counts, first_day=FIRST, until=FIRST + timedelta(days=365))
    print(f"\nA year of {SUBJECTS} subjects: {time.process_time() - start:.2f} s of CPU")


def show(lines: Sequence[Calibration]) -> None:
    """Print a calibration."""
    print("p up to | expected | observed")
    for line in lines:
        print(f"{line.threshold:7} | {line.expected:8.1f} | {line.observed:8}")


def calibrate_published(path: Path) -> None:
    """Print the calibration of a warehouse's last year but for today."""
    with open_published(path) as con:
        last = today(con, datetime.now(ZONE)) - timedelta(days=1)
        since = last - timedelta(days=365)
        counts = counted_days(con, since=since, until=last)
        start = max(since, first_day(con) or last)
    show(calibrate(counts, first_day=start, until=last + timedelta(days=1)))


def calibrate(
    counts: Sequence[DayCount],
    *,
    first_day: date,
    until: date,
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


def observed(tables: Sequence[Table], budget: float) -> float:
    """Return the bursts a week that are found where there are none."""
    found = sum(len(bursts_of(table, budget)) for table in tables)
    return found / (WEEKS * len(tables))


def afternoons(days: int) -> tuple[float, float]:
    """Return the false alarms a week of the last look at a day, and of all looks."""
    at_end = ever = 0
    for seed in range(days):
        rng = random.Random(f"hours {seed}")
        table = draw_table(1000 + seed, days=43 + seed % 7)
        hours = [[rng.uniform(0, 24) for _ in range(series[-1])] for series in table]
        looks = [_look(table, hours, look) for look in LOOKS]
        at_end += len(looks[-1])
        ever += len(set().union(*looks))
    return at_end / days * 7, ever / days * 7


def _look(table: Table, hours: Sequence[Sequence[float]], look: int) -> set[Cell]:
    for series, came in zip(table, hours, strict=True):
        series[-1] = sum(hour < look for hour in came)
    last = len(table[0]) - 1
    found = find_bursts(
        day_counts(table),
        first_day=FIRST,
        until=FIRST + timedelta(days=last + 1),
        so_far=look / 24,
    )
    return {cell for cell in map(cell_of, found) if cell[1] == last}


def compare(seeds: Sequence[int], budget: float) -> None:
    """Print the recall of three rules at the number of false alarms of the first."""
    hits = {"sinowire": 0, "sigma": 0, "ratio": 0}
    planted_all = alarms_all = 0
    for seed in seeds:
        table, planted = with_bursts(draw_table(seed), seed)
        found = {cell_of(burst) for burst in bursts_of(table, budget)}
        false = len(found - planted)
        hits["sinowire"] += len(found & planted)
        for name, rule in (("sigma", sigmas), ("ratio", ratios)):
            hits[name] += recall_at(rule(table), planted, false)
        planted_all += len(planted)
        alarms_all += false
    recall = {name: hit / planted_all for name, hit in hits.items()}
    print(
        f"{budget:6} | {alarms_all / WEEKS / len(seeds):12.2f} | "
        f"{recall['sinowire']:8.3f} | {recall['sigma']:12.3f} | {recall['ratio']:5.3f} | "
        f"{recall['sinowire'] / recall['sigma']:8.2f} | "
        f"{recall['sinowire'] / recall['ratio']:8.2f}"
    )


def recall_at(scores: Mapping[Cell, float], planted: set[Cell], false: int) -> int:
    """Return how many of the planted score above all but *false* of the others."""
    others = sorted((s for cell, s in scores.items() if cell not in planted), reverse=True)
    bar = others[false] if false < len(others) else 0.0
    return sum(scores.get(cell, 0.0) > bar for cell in planted)


def sigmas(table: Table) -> dict[Cell, float]:
    """Score by deviations of the trailing 28 days, three stories at least."""
    return dict(_scores(table, lambda y, mean, sd: (y - mean) / max(sd, 1e-9)))


def ratios(table: Table) -> dict[Cell, float]:
    """Score by the ratio to the mean of the trailing 28 days, three stories at least."""
    return dict(_scores(table, lambda y, mean, _: y / max(mean, 1e-9)))


def _scores(
    table: Table, score: Callable[[int, float, float], float]
) -> Iterator[tuple[Cell, float]]:
    for subject, series in enumerate(table):
        for day in range(MIN_HISTORY, len(series)):
            if series[day] >= 3:
                window = series[max(0, day - WINDOW) : day]
                mean = sum(window) / len(window)
                variance = sum((y - mean) ** 2 for y in window) / (len(window) - 1)
                yield (subject, day), score(series[day], mean, sqrt(variance))


def draw_table(
    seed: int, *, dispersion: float = 0.3, level: float = -0.7, days: int = DAYS
) -> Table:
    """Return counts of subjects at levels of every size, with a weekly rhythm."""
    rng = random.Random(seed)
    levels = [exp(rng.gauss(level, 1.0)) for _ in range(SUBJECTS)]
    return [
        [_draw(rng, mean * WEEK[day % 7], dispersion) for day in range(days)]
        for mean in levels
    ]


def with_bursts(table: Table, seed: int) -> tuple[Table, set[Cell]]:
    """Return the table with bursts of a day, and where they are.

    A burst adds four to twelve stories, and one to three times the level.
    """
    rng = random.Random(f"bursts {seed}")
    planted = set()
    counts = [list(series) for series in table]
    for subject, series in enumerate(table):
        level = sum(series) / len(series)
        for day in range(MIN_HISTORY, len(series)):
            if rng.random() < 1 / ONE_IN:
                more = rng.uniform(4, 12) + rng.uniform(1, 3) * level
                counts[subject][day] += round(more)
                planted.add((subject, day))
    return counts, planted


def _draw(rng: random.Random, mean: float, dispersion: float) -> int:
    """Draw from a negative binomial: a Poisson count of a gamma level."""
    level = rng.gammavariate(1 / dispersion, mean * dispersion)
    count, waited = 0, rng.expovariate(1)
    while waited < level:
        count, waited = count + 1, waited + rng.expovariate(1)
    return count


def bursts_of(table: Table, budget: float) -> list[Burst]:
    """Return what sinowire finds."""
    return find_bursts(
        day_counts(table), first_day=FIRST, until=last_day(), false_alarms_a_week=budget
    )


def day_counts(table: Table) -> list[DayCount]:
    """Return the table as the product has it."""
    return [
        DayCount(
            subject_id=str(subject),
            kind="company",
            day=FIRST + timedelta(days=day),
            stories=stories,
        )
        for subject, series in enumerate(table)
        for day, stories in enumerate(series)
        if stories
    ]


def cell_of(burst: Burst) -> Cell:
    """Return subject and day as the table numbers them."""
    return int(burst.subject_id), (burst.day - FIRST).days


def last_day() -> date:
    """Return the day after the simulation."""
    return FIRST + timedelta(days=DAYS)


def read_by_hand(files: Sequence[Path], month: str, budget: float) -> None:
    """Print the bursts of a month with the topics of their days, to be judged."""
    topics = companies_of(files)
    counts = [
        DayCount(subject_id=company, kind="company", day=day, stories=len(titles))
        for (company, day), titles in topics.items()
    ]
    first, last = (pick(count.day for count in counts) for pick in (min, max))
    print(f"{len({c.subject_id for c in counts})} companies, {first} to {last}")
    show(calibrate(counts, first_day=first, until=last + timedelta(days=1)))
    found = find_bursts(
        counts,
        first_day=first,
        until=last + timedelta(days=1),
        false_alarms_a_week=budget,
    )
    months: dict[str, int] = defaultdict(int)
    for burst in found:
        months[f"{burst.day:%Y-%m}"] += 1
    print("\nbursts by month:", dict(months))
    for burst in found:
        if f"{burst.day:%Y-%m}" == month:
            print(
                f"\n{burst.day:%Y-%m-%d %a} {burst.subject_id} {burst.observed} "
                f"(usually {burst.expected:.1f}) p {burst.p:.1e} q {burst.q:.3f}"
            )
            for title in topics[burst.subject_id, burst.day]:
                print("   ", title)


def companies_of(files: Sequence[Path]) -> dict[tuple[str, date], list[str]]:
    """Return the topics that name a company, by company and day of first sight."""
    tagger = compile_tagger(parse_watchlist((ROOT / "watchlist.toml").read_text("utf-8")))
    found: dict[tuple[str, date], dict[str, None]] = defaultdict(dict)
    for file in files:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                seen = datetime.fromisoformat(row["first_seen"]).astimezone(ZONE).date()
                document = tagger.read(row["title"], "")
                for mention in mentions_in(document, tagger.mentions):
                    found[mention.company_id, seen][row["title"]] = None
    return {key: list(titles) for key, titles in found.items()}


if __name__ == "__main__":
    main()
