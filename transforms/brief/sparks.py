"""Sparklines with their description."""

from __future__ import annotations

from transforms.brief.desk import Desk
from transforms.brief.model import Spark


def spark(desk: Desk, days: tuple[int, ...]) -> Spark:
    """Return the sparkline of *days* with its description."""
    high, last = max(days, default=0), days[-1] if days else 0
    return Spark(days, desk.word("spark", n=len(days), high=high, last=last))
