"""One headline as it is compared with another: its words, who is named, when and where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log1p

from transforms.stories.features import Features

_HOUR = timedelta(hours=1)
# What is taken where a time is not known.
_USUAL_HOURS = 6.0


@dataclass(frozen=True, slots=True)
class Side:
    """One of two headlines, read; no time and no publisher where they are not known."""

    parts: Features
    companies: frozenset[str]
    published_at: datetime | None
    publisher: str = ""


def gap(a: Side, b: Side) -> timedelta:
    """Return the time between two headlines, nothing where one is not known."""
    if a.published_at is None or b.published_at is None:
        return timedelta(0)
    return abs(a.published_at - b.published_at)


def log_hours(a: Side, b: Side) -> float:
    """Return log(1 + hours between), since the first hours tell more than later ones.

    Less than one counts as one: feeds round, and guess.
    """
    if a.published_at is None or b.published_at is None:
        return log1p(_USUAL_HOURS)
    return log1p(max(1.0, gap(a, b) / _HOUR))


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of *one* and *other* that both have (Jaccard), 0 of nothing."""
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0


def same_publisher(a: Side, b: Side) -> float:
    """Return 1 where one outlet wrote both: it seldom tells an event twice."""
    return float(bool(a.publisher) and a.publisher == b.publisher)
