"""Stretches of days on which a subject stayed in the news: Kleinberg's automaton.

Kleinberg 2002, *Bursty and hierarchical structure in streams*, Proc. 8th ACM SIGKDD: a
hidden automaton emits stories at the usual rate or at *s* times that rate, and to rise
costs *gamma* times the logarithm of the number of days. The cheapest sequence of states
gives the intervals. It is the batched version with two states; his batches are binomial
shares of all documents, these are counts against what is usual of the day, to which the
binomial tends where a subject is a small part of the news.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log


@dataclass(frozen=True, slots=True)
class Interval:
    """Days from *start* up to and without *end*, numbered as the counts are.

    The weight is what the interval saves in cost, before what it costs to rise: the
    logarithm of how much likelier the counts are at the raised rate.
    """

    start: int
    end: int
    weight: float


def intervals(
    counts: Sequence[int],
    usual: Sequence[float],
    *,
    s: float = 2.0,
    gamma: float = 1.0,
) -> list[Interval]:
    """Return the intervals of raised rate, in order of days.

    *usual* are the counts that each day would have had by itself
    (:func:`transforms.bursts.usual_days`). To fall back costs nothing, and of equal
    costs the lower state wins.
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
