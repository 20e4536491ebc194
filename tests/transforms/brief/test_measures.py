"""When a number may be said, and which."""

from __future__ import annotations

import pytest

from transforms.brief.tables import lift, log_lift, percent, robust_z
from transforms.words import change


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        pytest.param(4, 9, "", id="never under ten"),
        pytest.param(3, 10, "30 %", id="from ten on"),
        pytest.param(1, 30, "3.3 %", id="small shares keep a digit"),
        pytest.param(0, 30, "0 %", id="nothing is nothing"),
        pytest.param(188, 400, "47 %", id="rounded"),
    ],
)
def test_percent(part, whole, expected):
    """A percentage is given only where its base has ten stories."""
    assert plain(percent(part, whole)) == expected


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        pytest.param(4, 1, "", id="no arrow under five"),
        pytest.param(5, 1, "↑", id="an arrow from five on"),
        pytest.param(12, 9, "↑", id="no percentage while one side is under ten"),
        pytest.param(34, 21, "↑ 62 %", id="up"),
        pytest.param(15, 24, "↓ 38 %", id="down"),
        pytest.param(7, 7, "→", id="level"),
        pytest.param(9, None, "", id="nothing to compare with"),
    ],
)
def test_change(now, before, expected):
    """Arrow and percentage appear only as far as the counts carry them."""
    assert plain(change(now, before)) == expected


def test_robust_z_is_that_of_the_specification():
    """(n - median) / max(1.4826 MAD, sqrt(mean), 1), over the days before."""
    assert robust_z([*[4, 6] * 14, 15]) == pytest.approx(10 / 5**0.5)
    assert robust_z([*[0] * 27, 3]) == 3.0
    assert robust_z([0, 100] * 14 + [50]) == 0.0
    assert robust_z([7]) is None
    assert robust_z([]) is None


def test_lift_is_smoothed():
    """One story against none is no wonder; a doubling of many is one doubling."""
    assert lift(1, 0) == pytest.approx(1.2)
    assert log_lift(395, 195) == pytest.approx(1.0)
    assert log_lift(0, 5) == pytest.approx(-1.0)
