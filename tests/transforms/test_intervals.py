"""Kleinberg's intervals, against paths worked out by hand."""

from __future__ import annotations

from itertools import product
from math import log

import pytest

from transforms.bursts.find import Interval, intervals


def test_a_worked_example():
    """Of six days at one story, two with four save more than the rise costs."""
    found = intervals([1, 1, 4, 4, 1, 1], [1.0] * 6, s=2, gamma=1)

    # A day of four saves 4·ln 2 - 1 = 1.773; the rise costs ln 6 = 1.792. The one story
    # before and after loses ln 2 - 1 = -0.307, so neither is taken in.
    assert found == [Interval(2, 4, pytest.approx(8 * log(2) - 2))]


def test_one_day_may_not_pay_for_the_rise():
    """A day of four saves 1.773, a little less than the rise costs."""
    counts = [1, 1, 4, 1, 1, 1]

    assert intervals(counts, [1.0] * 6) == []
    assert intervals(counts, [1.0] * 6, gamma=0.5) == [
        Interval(2, 3, pytest.approx(4 * log(2) - 1))
    ]


def test_a_quiet_day_between_two_loud_ones_is_bridged():
    """Falling back is free but rising again is not, so an arc stays one."""
    counts = [1, 1, 6, 1, 6, 1, 1, 1]

    assert [(i.start, i.end) for i in intervals(counts, [1.0] * 8)] == [(2, 5)]
    apart = intervals([1, 9, 0, 0, 0, 0, 9, 1], [1.0] * 8)
    assert [(i.start, i.end) for i in apart] == [(1, 2), (6, 7)]


def test_what_is_usual_of_the_day_counts():
    """Five stories are an arc where one is usual, and none where five are."""
    counts, quiet, busy = [1, 1, 5, 5, 1, 1], [1.0] * 6, [1, 1, 5, 5, 1, 1]

    assert [(i.start, i.end) for i in intervals(counts, quiet)] == [(2, 4)]
    assert intervals(counts, busy) == []


def test_an_arc_may_last_to_the_last_day():
    """What has begun and not ended reaches to the end of the counts."""
    assert [(i.start, i.end) for i in intervals([0, 0, 0, 5, 5], [1.0] * 5)] == [(3, 5)]
    assert intervals([], []) == []
    assert intervals([9], [1.0]) == [Interval(0, 1, pytest.approx(9 * log(2) - 1))]


@pytest.mark.parametrize("counts", list(product([0, 2, 5], repeat=5))[::7])
def test_no_other_path_is_cheaper(counts):
    """The intervals are those of the best of all sequences of states."""
    usual, rise = [1.0, 1.0, 2.0, 1.0, 1.0], log(5)
    gains = [c * log(2) - u for c, u in zip(counts, usual, strict=True)]

    def worth(path):
        rises = sum(b > a for a, b in zip((0, *path), path, strict=False))
        return sum(g for g, state in zip(gains, path, strict=True) if state) - rise * rises

    best = max(worth(path) for path in product([0, 1], repeat=5))
    found = intervals(list(counts), usual)
    assert sum(i.weight for i in found) - rise * len(found) == pytest.approx(best)
