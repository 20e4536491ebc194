"""How often a shift of level is found that is none, and how late one that is.

    python benchmarks/shifts.py [--worlds 5] [--seed 1]

Simulates worlds of subjects with a long tail of levels, weekends, a week of holidays,
over-dispersed days and news that lasts (an event of some days now and then), looks at
the end of every week of a year as a refresh would, and prints a table.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from datetime import date, timedelta

from transforms.models import DayCount, LevelShift
from transforms.trends.shifts import find_shifts

FIRST = date(2025, 1, 6)
YEAR, WINDOW = 364, 182
SUBJECTS = 120
HOLIDAY = range(270, 278)
LEVELS = (0.2, 0.5, 1, 3, 10)  # stories a day
RATIOS = (2.0, 3.0, 0.4)


def main() -> None:
    """Simulate, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    false_alarms(chance, options.worlds)
    delays(chance, options.worlds)


def false_alarms(chance: random.Random, worlds: int) -> None:
    """Print how many different shifts a year brings where nothing changes."""
    print("| nothing changes | false alarms per subject-year |\n|---|---:|")
    for name, lasting in (("days apart", 0.0), ("events that last some days", 0.01)):
        found = subjects = 0
        clock = time.perf_counter()
        for _ in range(worlds):
            series = {
                f"s{n}": simulated(chance, level(n), lasting=lasting)
                for n in range(SUBJECTS)
            }
            subjects += len(series)
            found += len(alarms(series))
        seconds = (time.perf_counter() - clock) / worlds / (YEAR / 7)
        print(f"| {name} | {found / subjects:.4f} |")
    print(f"\n{SUBJECTS} subjects of 26 weeks take {seconds:.2f} s\n")


def delays(chance: random.Random, worlds: int) -> None:
    """Print how long one subject's true shift takes to be found."""
    print(
        "| stories a day | changes to | found in 12 weeks | after days | off by | ratio |"
    )
    print("|---:|---:|---:|---:|---:|---:|")
    for base in LEVELS:
        for ratio in RATIOS:
            tries = [one_delay(chance, base, ratio) for _ in range(2 * worlds)]
            seen = sorted(t for t in tries if t is not None)
            if not seen:
                print(f"| {base} | {ratio} times | 0 % | | | |")
                continue
            days, off, told = (median([t[n] for t in seen]) for n in range(3))
            print(
                f"| {base} | {ratio} times | {100 * len(seen) / len(tries):.0f} % "
                f"| {days:.0f} | {off:.0f} | {told:.1f} |"
            )


def one_delay(
    chance: random.Random, base: float, ratio: float
) -> tuple[float, float, float] | None:
    """Return days until found, days that the date is off, and the ratio; None if never."""
    shift_at = WINDOW
    series = {f"s{n}": simulated(chance, level(n), lasting=0.01) for n in range(SUBJECTS)}
    series["it"] = simulated(chance, base, lasting=0.01, ratio=ratio, at=shift_at)
    for day in range(shift_at + 14, shift_at + 84 + 1):
        for shift in found_at(series, day):
            at = (shift.since - FIRST).days
            if shift.subject_id == "it" and abs(at - shift_at) <= 21:
                return day - shift_at, abs(at - shift_at), shift.ratio
    return None


def alarms(series: dict[str, list[int]]) -> set[tuple[str, int]]:
    """Return the subjects and dates (by three weeks) of all shifts found in the year."""
    return {
        (shift.subject_id, (shift.since - FIRST).days // 21)
        for day in range(56, YEAR + 1, 7)
        for shift in found_at(series, day)
    }


def found_at(series: dict[str, list[int]], day: int) -> list[LevelShift]:
    """Return what a refresh at the start of *day* finds."""
    first = max(0, day - WINDOW)
    counts = [
        DayCount(
            subject_id=s, kind="company", day=FIRST + timedelta(days=d), stories=days[d]
        )
        for s, days in series.items()
        for d in range(first, day)
        if days[d]
    ]
    return find_shifts(counts, first_day=FIRST, until=FIRST + timedelta(days=day))


def level(number: int) -> float:
    """Return the stories a day of the subject of that rank: a long tail."""
    return 12 / (1 + number) ** 0.9


def simulated(
    chance: random.Random,
    base: float,
    *,
    lasting: float,
    ratio: float = 1.0,
    at: int = 0,
    dispersion: float = 0.15,
) -> list[int]:
    """Return a year of counts of one subject."""
    days, boost = [], 0.0
    for day in range(YEAR):
        mean = base * (ratio if day >= at else 1.0)
        mean *= 0.5 if day % 7 >= 5 else 1.2
        mean *= 0.35 if day in HOLIDAY else 1.0
        # An event: at its height two to six times the level, gone within a week.
        boost = chance.uniform(1, 5) if chance.random() < lasting else boost * 0.6
        mean *= 1 + boost
        days.append(poisson(chance, mean * chance.gammavariate(1 / dispersion, dispersion)))
    return days


def poisson(chance: random.Random, mean: float) -> int:
    """Return a Poisson count."""
    limit, count, product = math.exp(-mean), 0, chance.random()
    while product > limit:
        count += 1
        product *= chance.random()
    return count


def median(values: list[float]) -> float:
    """Return the middle one."""
    return sorted(values)[len(values) // 2]


if __name__ == "__main__":
    main()
