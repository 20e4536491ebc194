"""Level shifts: the day from which a subject's stories settled at a new level.

A burst is a day, a shift stays. For each subject the day is sought that best divides
its last 26 weeks into two levels: the likelihood of two Poisson rates against that of
one, as in Chen & Gupta 2012, *Parametric Statistical Change Point Analysis*, ch. 4. The
exposure of a day is what all other subjects had on it: a holiday or an outage of ours
changes that too, and is no shift. An outlet that comes or goes changes the mix, so only
outlets present in the whole window should be counted.

News comes in clumps, so counts spread wider than Poisson and the gain is divided by how
much wider: measured between neighbouring weeks, where one shift shows only once. The
gain must then exceed a penalty of the kind of Schwarz 1978 (BIC), four times the
logarithm of the days searched; docs/measured/level-shifts.md has what that amounts to in
false alarms and in delay.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from math import exp, log, sqrt
from operator import attrgetter
from typing import Literal

from transforms.models import DayCount, LevelShift

Kind = Literal["company", "topic"]

WINDOW = 182  # 26 weeks
WEEK = 7
MIN_SIDE = 14  # two weeks: a level that has stood for less may be a burst
# Fewer weeks than this say nothing of how widely weeks differ.
MIN_HISTORY = 56
# Stories on the two sides together; with fewer no ratio is worth a sentence.
MIN_STORIES = 12
# And on each side so many are to be expected at one level for both: of a time in which
# hardly anything was seen at all, nothing is known.
MIN_EXPECTED = 5.0
# A change by less than half is nothing to tell of, however sure.
MIN_RATIO = 1.5
PENALTY = 4.0
# Of the whole weeks since, this part must lie on the new side of the middle: a burst at
# the start of a fortnight lifts its mean, and is no new level.
MIN_STANDING = 0.75
# The spread of one subject's weeks is an estimate from few; this many weeks of the
# pooled one are added.
PRIOR_WEEKS = 12.0
NORMAL_95 = 1.96


@dataclass(frozen=True, slots=True)
class _Series:
    """One subject's days, summed up to each, and what the others had."""

    stories: Sequence[int]
    exposure: Sequence[float]

    def rate(self, start: int, end: int) -> float:
        return self.count(start, end) / self.seen(start, end)

    def count(self, start: int, end: int) -> int:
        return self.stories[end] - self.stories[start]

    def seen(self, start: int, end: int) -> float:
        # A day without other stories still has a minimal exposure.
        return self.exposure[end] - self.exposure[start] + 1e-9


def find_shifts(
    counts: Sequence[DayCount], *, first_day: date, until: date
) -> list[LevelShift]:
    """Return each subject's latest shift in 26 weeks, most significant first.

    *first_day* is the first observed day; a subject's missing day has no stories. An
    unfinished last day may be included, as all subjects share it.
    """
    start = max(first_day, until - timedelta(days=WINDOW))
    days = (until - start).days
    if days < MIN_HISTORY:
        return []
    found = [
        shift
        for kind, family in _families(counts, start, days).items()
        for shift in _family_shifts(kind, family, start, days)
    ]
    return sorted(found, key=lambda s: (-s.gain, s.kind, s.subject_id))


def _families(
    counts: Sequence[DayCount], start: date, days: int
) -> dict[Kind, dict[str, list[int]]]:
    families: dict[Kind, dict[str, list[int]]] = defaultdict(dict)
    for count in sorted(counts, key=attrgetter("kind", "subject_id", "day")):
        index = (count.day - start).days
        if 0 <= index < days:
            series = families[count.kind].setdefault(count.subject_id, [0] * days)
            series[index] += count.stories
    return families


def _family_shifts(
    kind: Kind, family: dict[str, list[int]], start: date, days: int
) -> Iterator[LevelShift]:
    totals = [sum(day) for day in zip(*family.values(), strict=True)]
    known = {
        subject: _Series(
            list(accumulate(stories, initial=0)),
            list(
                accumulate(
                    (t - y for t, y in zip(totals, stories, strict=True)), initial=0.0
                )
            ),
        )
        for subject, stories in family.items()
        if sum(stories) >= MIN_STORIES
    }
    spreads = _spreads(known, days)
    for subject, series in known.items():
        if found := _latest(series, spreads[subject], days):
            yield _shift(subject, kind, series, spreads[subject], found, start)


def _spreads(known: dict[str, _Series], days: int) -> dict[str, float]:
    """Return how many times wider than Poisson the weeks of each subject spread."""
    pairs = {subject: list(_week_pairs(series, days)) for subject, series in known.items()}
    everyone = [pair for found in pairs.values() for pair in found]
    # Over-dispersion grows with the level: variance = mean + dispersion · mean².
    excess = sum(deviation - 1 for deviation, _ in everyone)
    level = sum(mean for _, mean in everyone)
    dispersion = max(0.0, excess / level) if level else 0.0
    return {
        subject: max(
            1.0,
            (
                sum(deviation for deviation, _ in found)
                + PRIOR_WEEKS * (1 + dispersion * _mean([mean for _, mean in found]))
            )
            / (len(found) + PRIOR_WEEKS),
        )
        for subject, found in pairs.items()
    }


def _week_pairs(series: _Series, days: int) -> Iterator[tuple[float, float]]:
    """Yield, for neighbouring weeks, chi-square of their difference and their mean."""
    for end in range(days, 2 * WEEK - 1, -WEEK):
        a, b = (end - 2 * WEEK, end - WEEK), (end - WEEK, end)
        both, seen = series.count(a[0], end), series.seen(a[0], end)
        if not both or series.seen(*a) < 1 or series.seen(*b) < 1:
            continue
        expected = [both * series.seen(*week) / seen for week in (a, b)]
        deviation = sum(
            (series.count(*week) - mean) ** 2 / mean
            for week, mean in zip((a, b), expected, strict=True)
        )
        yield deviation, both / 2


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _latest(series: _Series, spread: float, days: int) -> tuple[int, int, int] | None:
    """Return the stretch before the latest shift, the shift and the end, as indexes."""
    begin, end, found = 0, days, None
    # Each shift divides what lies after it anew, until nothing more is found there.
    while cut := _best(series, spread, begin, end):
        if end - cut < MIN_SIDE:
            # Too young to be a level: it may pass, so it is looked for without it.
            end = cut
            continue
        if _stands(series, begin, cut, end):
            found = (begin, cut, end)
        begin = cut
    if found is None:
        return None
    begin, cut, end = found
    # And what lies before it, so that it is measured against the level that it left.
    while earlier := _best(series, spread, begin, cut, last=cut - MIN_SIDE):
        begin = earlier
    return (begin, cut, end) if _stands(series, begin, cut, end) else None


def _best(
    series: _Series, spread: float, begin: int, end: int, *, last: int | None = None
) -> int | None:
    """Return the day that best divides the stretch, if that is worth its penalty."""
    cuts = range(begin + MIN_SIDE, (end - WEEK if last is None else last) + 1)
    whole, rate = _fit(series, begin, end), series.rate(begin, end)
    gain, cut = max(
        (
            (2 * (_fit(series, begin, day) + _fit(series, day, end) - whole), day)
            for day in cuts
            if rate * min(series.seen(begin, day), series.seen(day, end)) >= MIN_EXPECTED
        ),
        default=(0.0, 0),
    )
    return cut if gain / spread > PENALTY * log(WINDOW) else None


def _gain(series: _Series, begin: int, cut: int, end: int) -> float:
    return 2 * (
        _fit(series, begin, cut) + _fit(series, cut, end) - _fit(series, begin, end)
    )


def _fit(series: _Series, begin: int, end: int) -> float:
    stories = series.count(begin, end)
    return stories * log(series.rate(begin, end)) if stories else 0.0


def _stands(series: _Series, begin: int, cut: int, end: int) -> bool:
    before, after = _rates(series, begin, cut, end)
    if max(before, after) < MIN_RATIO * min(before, after):
        return False
    middle, rises = sqrt(before * after), after > before
    weeks = [(day, day + WEEK) for day in range(cut, end - WEEK + 1, WEEK)]
    standing = sum((series.rate(*week) > middle) == rises for week in weeks)
    return standing >= MIN_STANDING * len(weeks)


def _rates(series: _Series, begin: int, cut: int, end: int) -> tuple[float, float]:
    # Half a story added on each side gives a subject without earlier stories a ratio too.
    return (
        (series.count(begin, cut) + 0.5) / series.seen(begin, cut),
        (series.count(cut, end) + 0.5) / series.seen(cut, end),
    )


def _shift(
    subject: str,
    kind: Kind,
    series: _Series,
    spread: float,
    found: tuple[int, int, int],
    start: date,
) -> LevelShift:
    begin, cut, end = found
    before, after = _rates(series, begin, cut, end)
    told, tells = series.count(begin, cut), series.count(cut, end)
    reach = NORMAL_95 * sqrt(spread * (1 / (told + 0.5) + 1 / (tells + 0.5)))
    return LevelShift(
        subject_id=subject,
        kind=kind,
        since=start + timedelta(days=cut),
        until=start + timedelta(days=end - 1),
        before=told * WEEK / (cut - begin),
        after=tells * WEEK / (end - cut),
        ratio=after / before,
        low=after / before * exp(-reach),
        high=after / before * exp(reach),
        gain=_gain(series, begin, cut, end) / spread,
    )
