"""One headline as it is compared with another: its words, who is named, when and where."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import log1p

from transforms.stories.concepts import firms_of
from transforms.stories.features import Features
from transforms.stories.numbers import shared_numbers

FACETS = frozenset({"profit", "loss", "revenue", "sales", "forecast"})
WORTH = frozenset({"valuation", "market-value"})
# A headline that shares more than this tells nothing more by it.
MOST_TOLD = 3.0
_HOUR = timedelta(hours=1)
# What is taken where a time is not known.
_USUAL_HOURS = 6.0


@dataclass(frozen=True, slots=True)
class Side:
    """One of two headlines, read; no time and no publisher where they are not known.

    ``actors`` are the companies that it names, and those that its persons stand for;
    ``headlined`` the companies of its title, where these are known apart.
    """

    parts: Features
    companies: frozenset[str]
    published_at: datetime | None
    publisher: str = ""
    headlined: frozenset[str] = frozenset()
    actors: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        people = self.parts.concepts.person
        actors = self.companies.union(*map(firms_of, people)) if people else self.companies
        object.__setattr__(self, "actors", actors)


def other_facets(a: Side, b: Side) -> bool:
    """Tell whether two headlines tell other figures of one company's results.

    The profit here and the revenue there are two numbers of one release.
    """
    mine, other = a.parts.concepts.thing & FACETS, b.parts.concepts.thing & FACETS
    return (
        bool(mine and other) and mine.isdisjoint(other) and bool(a.companies & b.companies)
    )


def other_roles(a: Side, b: Side) -> bool:
    """Tell whether one headline alone gives a firm's worth: what it raised is less."""
    mine, other = a.parts.concepts.thing & WORTH, b.parts.concepts.thing & WORTH
    return bool(mine) != bool(other)


def other_figure(a: Side, b: Side) -> bool:
    """Tell whether two headlines put another number on one facet of a company's results."""
    both = a.parts.concepts.thing & b.parts.concepts.thing & FACETS
    return bool(
        both
        and a.companies & b.companies
        and a.parts.numbers
        and b.parts.numbers
        and not shared_numbers(a.parts.numbers, b.parts.numbers)
    )


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


def same_publisher(a: Side, b: Side) -> float:
    """Return 1 where one outlet wrote both: it seldom tells an event twice."""
    return float(bool(a.publisher) and a.publisher == b.publisher)
