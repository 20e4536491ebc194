"""Arithmetic of a brief, and when a number is too small to be said.

Under 10 stories a percentage and under 5 an arrow would report noise as news.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log2, sqrt
from statistics import mean, median

MIN_PERCENT = 10
MIN_ARROW = 5
# With fewer headlines than this a month's share is noise: it is shown in grey.
FIRM = 30
# From here on coverage is too thin for any trend to be believed.
THIN_COVERAGE = 0.6
# Of a normal distribution the median absolute deviation is 1/1.4826 of the standard one.
MAD_TO_DEVIATION = 1.4826
# Stories added to both sides of a lift, so that 1 against 0 is not infinite.
LIFT_PRIOR = 5.0
NBSP = "\N{NO-BREAK SPACE}"


def robust_z(days: Sequence[int]) -> float | None:
    """Return how far the last day is from the median of those before it.

    A column to sort and fold by, never a gate: bursts have a test of their own.
    """
    if len(days) < 2:  # noqa: PLR2004 a day and something to compare it with
        return None
    *before, last = days
    middle = median(before)
    spread = MAD_TO_DEVIATION * median(abs(day - middle) for day in before)
    return (last - middle) / max(spread, sqrt(mean(before)), 1.0)


def percent(part: float, whole: float) -> str:
    """Return *part* of *whole* as a percentage, or nothing where the base is too small."""
    if whole < MIN_PERCENT:
        return ""
    share = 100 * part / whole
    return f"{share:.1f}{NBSP}%" if 0 < share < 10 else f"{share:.0f}{NBSP}%"  # noqa: PLR2004


def span(low: float, high: float, whole: float) -> str:
    """Return the interval of a percentage, or nothing where the base is too small."""
    if whole < MIN_PERCENT:
        return ""
    return f"{100 * low:.0f}–{100 * high:.0f}{NBSP}%"


def change(now: int, before: int | None) -> str:
    """Return an arrow with the change in percent, as far as the counts carry them."""
    if before is None or now < MIN_ARROW:
        return ""
    arrow = "↑" if now > before else "↓" if now < before else "→"
    if min(now, before) < MIN_PERCENT:
        return arrow
    return f"{arrow} {100 * abs(now - before) / before:.0f}{NBSP}%"


def lift(now: float, usual: float) -> float:
    """Return *now* over *usual*, both smoothed."""
    return (now + LIFT_PRIOR) / (usual + LIFT_PRIOR)


def log_lift(now: float, usual: float) -> float:
    """Return the lift in doublings."""
    return log2(lift(now, usual))


def level(expected: float) -> str:
    """Return an expected count; one far below a story keeps its first digit."""
    return f"{expected:.1f}" if expected >= 0.1 else f"{expected:.1g}"  # noqa: PLR2004


def small(q: float) -> str:
    """Return a probability with the digits that matter."""
    return f"{q:.3f}" if q >= 0.001 else f"<{NBSP}0.001"  # noqa: PLR2004
