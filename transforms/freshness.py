"""Freshness and completeness of the data, and warnings about them.

The warehouse has their freshness (``freshness``); the threshold depends on the polling
frequency, so the caller passes it in.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from transforms.models import Doubts, Freshness

# Of a hundred feeds some are always down; from one in twenty on a reader should know.
FEW = 0.05
# The pauses between polls of the slowest feed, passes and publications, as settings have
# them by default.
PATIENCE = timedelta(hours=7, minutes=15)


def doubts_of(freshness: Freshness, *, at: datetime, patience: timedelta) -> Doubts:
    """Return the doubts about the data for a reader *at* a moment.

    The data are late if nothing arrived for longer than *patience* before it.
    """
    as_of = freshness.as_of
    return Doubts(
        freshness=freshness,
        is_late=as_of is None or at - as_of > patience,
        has_failures=freshness.asked - freshness.answered > FEW * freshness.asked,
    )


def warnings(doubts: Doubts) -> list[str]:
    """Return *doubts* as sentences for a terminal; empty without doubts."""
    known = doubts.freshness
    said = []
    if doubts.is_late and known.as_of is None:
        said.append("there are no data: no poll has succeeded and nothing was imported")
    elif doubts.is_late:
        said.append(f"the data are old: nothing came since {stamp(known.as_of)}")
    if doubts.has_failures:
        said.append(f"only {known.answered} of {known.asked} feeds answered")
    return said


def stamp(at: datetime | None) -> str:
    """Return a moment in the format of commands."""
    return "never" if at is None else f"{at:%Y-%m-%d %H:%M} UTC"
