"""Stories that build on one another: a model, its price, its agent; a listing's steps.

An affair is of one group, and about one matter: a version of a product, a listing, or
what few headlines are about. It goes on while a next turn comes within days, and a
fortnight at most: what comes later is another chapter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from transforms.stories.concepts import telling
from transforms.stories.features import features

QUIET = timedelta(days=5)
LONGEST = timedelta(days=14)
# Told of a product, a listing or a quarrel by every second headline of its firm.
_LISTING = "list"
_BARE_VERSION = "v"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A story of a group: what may be a step of one of its affairs."""

    group_id: str
    story_id: str
    headline: str
    began_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A story's place in an affair, from 1."""

    affair_id: str
    story_id: str
    step: int
    group_id: str


@dataclass(slots=True)
class _Affair:
    first: Turn
    matter: frozenset[str]
    turns: list[Turn] = field(default_factory=list)

    def is_over(self, at: datetime) -> bool:
        """Tell whether nothing that begins at a moment can be a turn of it."""
        return at - self.turns[-1].began_at > QUIET or at - self.first.began_at > LONGEST


def affairs_of(turns: Iterable[Turn]) -> list[Step]:
    """Return the steps of the affairs that *turns*, of any groups, make.

    A turn joins the affair of its group with which it shares most of its matter, the
    older one of equals. Affairs of one story are none.
    """
    ordered = sorted(turns, key=attrgetter("group_id", "began_at", "story_id"))
    return [
        step
        for _, of_group in groupby(ordered, key=attrgetter("group_id"))
        for affair in _linked(list(of_group))
        if len(affair.turns) > 1
        for step in _steps(affair)
    ]


def matter_of(headline: str) -> frozenset[str]:
    """Return what a headline is about, beside who acts: versions, rare things and acts."""
    parts = features(headline)
    versions = {
        f"{family} {version.number}"
        for version in parts.versions
        for family in version.families - {_BARE_VERSION}
    }
    concepts = parts.concepts
    listing = concepts.action & {_LISTING}
    return frozenset(versions) | listing | telling(concepts.thing | concepts.action)


def _linked(turns: Sequence[Turn]) -> list[_Affair]:
    affairs: list[_Affair] = []
    open_: list[_Affair] = []
    for turn in turns:
        open_ = [affair for affair in open_ if not affair.is_over(turn.began_at)]
        matter = matter_of(turn.headline)
        near = [affair for affair in open_ if affair.matter & matter]
        if near:
            max(near, key=lambda affair: len(affair.matter & matter)).turns.append(turn)
        elif matter:
            made = _Affair(turn, matter, [turn])
            affairs.append(made)
            open_.append(made)
    return affairs


def _steps(affair: _Affair) -> Iterator[Step]:
    affair_id = f"{affair.first.story_id}-{affair.first.group_id}"
    for number, turn in enumerate(affair.turns, 1):
        yield Step(
            affair_id=affair_id,
            story_id=turn.story_id,
            step=number,
            group_id=turn.group_id,
        )
