"""The distribution of a subject's count on a day on which nothing in particular happens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, exp, log, sqrt
from typing import NamedTuple

from transforms.trends.significance import survival, upper_tail

# Half a story is the Jeffreys prior of a Poisson rate: a subject that was never
# seen has a low level, not the level zero under which any story is a miracle.
PRIOR_STORIES = 0.5
# A p above this is never a burst. A budget that few subjects cannot spend honestly is not
# spent: with five subjects and two false alarms a week, a level of one in eighteen would
# make bursts of bustle. Counts below it are remembered as chance would have them.
LARGEST_LEVEL = 0.01
# A count moves the estimate of how busy a day is up to so many deviations.
BUSY_DEVIATIONS = 3.0
# Subjects with more stories in the window are grouped by steps of their logarithm.
EACH_APART = 20
STEP = 0.1
# So many deviations above the mean lie below the quantiles of any level in use.
NEAR = 2.0


class Usual(NamedTuple):
    """The predictive distribution of a count (:mod:`transforms.trends.significance`)."""

    mean: float
    dispersion: float
    doubt: float
    deviation: float

    @property
    def cap(self) -> int:
        """Return the largest count that enters the estimate of how busy the day is."""
        return ceil(self.mean + BUSY_DEVIATIONS * self.deviation)

    @property
    def near(self) -> float:
        """Return a count below which no p is small."""
        return self.mean + NEAR * self.deviation

    def remembered(self, chance: float) -> tuple[int, float]:
        """Return what a rare count is remembered as, and its square.

        Both are what one expects of a count that is among the rarest of chance with the
        probability *chance*, and else hides an ordinary one. So what is learnt of days
        on which nothing happened keeps its mean and its variance.
        """
        start = ceil(self.near)
        tail = enumerate(self.tail(start), start)
        rare = [(k, mass) for k, (p, mass) in tail if p <= LARGEST_LEVEL]
        weight = sum(mass for _, mass in rare)
        first = sum(k * mass for k, mass in rare)
        second = sum(k * k * mass for k, mass in rare)
        square = self.mean**2 + self.deviation**2
        rest = 1 - weight
        mean = chance * first / weight + (1 - chance) * (self.mean - first) / rest
        return (
            round(mean),
            chance * second / weight + (1 - chance) * (square - second) / rest,
        )

    def p(self, count: int) -> float:
        """Return the chance of *count* stories or more."""
        return survival(count, mean=self.mean, dispersion=self.dispersion, doubt=self.doubt)

    def tail(self, start: int) -> list[tuple[float, float]]:
        """Return p and chance of every count from *start* on."""
        return upper_tail(
            start, mean=self.mean, dispersion=self.dispersion, doubt=self.doubt
        )


@dataclass(frozen=True)
class UsualDay:
    """What a day would usually be, for subjects by the stories they had in the window.

    A level is an estimate. Its relative variance is 1/stories from counting, and from
    what scatters each day, over-dispersion and the pool's weekday, the *doubt*.
    """

    stories: Sequence[int]
    exposure: float
    factor: float
    dispersion: float
    doubt: float

    def of(self, stories: int) -> Usual:
        """Return the distribution of a subject with so many *stories* in the window."""
        known = stories + PRIOR_STORIES
        mean = known / self.exposure * self.factor
        doubt = 1 / known + self.doubt
        spread = self.dispersion + doubt + self.dispersion * doubt
        return Usual(mean, self.dispersion, doubt, sqrt(mean + spread * mean**2))

    def groups(self) -> list[tuple[Usual, int]]:
        """Return distributions and how many subjects have them, for sums over all.

        Large levels that differ by less than a tenth are taken together.
        """
        alike = Counter(map(_rounded, self.stories))
        return [(self.of(stories), number) for stories, number in alike.items()]

    @cached_property
    def each(self) -> Sequence[Usual]:
        """Return the distribution of every subject."""
        alike = {stories: self.of(stories) for stories in set(self.stories)}
        return [alike[stories] for stories in self.stories]


def _rounded(stories: int) -> int:
    if stories <= EACH_APART:
        return stories
    return round(exp(round(log(stories) / STEP) * STEP))
