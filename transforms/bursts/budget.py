"""How sure a burst must be, so that false alarms stay within a budget.

The budget is an expected number of false alarms a day over all subjects together, the
per-family error rate; it holds whatever else happens that day, for by the linearity of
the mean it needs no independence of subjects. Dividing it by the number of subjects
(Bonferroni) would spend only part of it: counts are discrete, so each subject can only
be tested at the few sizes that its distribution has, and those of a quiet subject lie
far below the level. So the level is the largest one whose *attainable* sizes sum up to
the budget: Tarone 1990, *A modified Bonferroni method for discrete data*, Biometrics
46; Gilbert 2005, *A modified false discovery rate multiple-comparisons procedure for
discrete data*, J. R. Stat. Soc. C 54.

Beside it every burst has its q-value by Benjamini & Hochberg 1995, which answers
another question: of the bursts of that day as sure as this one, which share is chance?
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from transforms.bursts.usual import LARGEST_LEVEL, Usual


def steps(
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


def level(attainable: Iterable[tuple[float, float]], *, budget: float) -> float:
    """Return the p up to which a count is a burst, for *budget* false alarms."""
    spent, found = 0.0, 0.0
    for p, mass in sorted(attainable):
        spent += mass
        if spent > budget:
            break
        found = p
    return found
