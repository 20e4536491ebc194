"""The pipeline's clock: the real one, or a moment that a replay pretends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def real_clock() -> datetime:
    """Return this very moment."""
    return datetime.now(UTC)


def clock_at(moment: datetime | None) -> Clock:
    """Return a clock that stands at *moment*, or the real one where there is none."""
    if moment is None:
        return real_clock
    return lambda: moment
