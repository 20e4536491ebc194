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

from collections.abc import Iterable, Iterator
from math import ceil

from transforms.bursts.pool import Usual

# A budget that few subjects cannot spend honestly is not spent: with five subjects and
# two false alarms a week, a level of one in eighteen would make bursts of bustle.
LARGEST_LEVEL = 0.01


def level(subjects: Iterable[tuple[Usual, int]], *, budget: float, min_count: int) -> float:
    """Return the p-value up to which a count is a burst, for *budget* false alarms.

    *subjects* says how many have a distribution. Counts below *min_count*, or not above
    the mean, are no burst whatever their p, so they spend nothing.
    """
    spent, found = 0.0, 0.0
    for p, mass in sorted(_steps(subjects, min_count)):
        spent += mass
        if spent > budget:
            break
        found = p
    return found


def _steps(
    subjects: Iterable[tuple[Usual, int]], min_count: int
) -> Iterator[tuple[float, float]]:
    """Yield every attainable p, and how many subjects are expected to have just that."""
    for usual, number in subjects:
        start = max(min_count, ceil(usual.near))
        for p, mass in usual.tail(start):
            if p <= LARGEST_LEVEL:
                yield p, number * mass
