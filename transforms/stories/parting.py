"""Stories regrouped by verdicts on pairs of their articles.

A verdict says that a pair is one event or two, and newer verdicts take precedence: an older
one that contradicts them is overruled. Stories are merged if a verdict ties an article of
one to an article of the other. If two articles of a story are separated, each other one
follows the more similar of them, and tied articles stay together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

# How like two articles are, by their ids.
Likeness = Callable[[str, str], float]


class Member(NamedTuple):
    """An article with its story before any verdicts."""

    published_at: datetime
    article_id: str
    base_id: str


class EventPair(NamedTuple):
    """A verdict on two articles: whether they report one event."""

    verdict_id: int
    one: str
    other: str
    is_one: bool


class Regrouping(NamedTuple):
    """Story of each article, and the overruled verdicts."""

    stories: Mapping[str, str]
    overruled: tuple[int, ...]


_Unit = tuple[Member, ...]


class _Ties:
    """Articles that are together for sure, and pairs of them that are apart for sure."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._parents = {id_: id_ for id_ in ids}
        self.cuts: list[tuple[str, str]] = []
        self.overruled: list[int] = []

    def root(self, id_: str) -> str:
        while (parent := self._parents[id_]) != id_:
            id_ = parent
        return id_

    def tie(self, one: str, other: str) -> None:
        first, last = sorted((self.root(one), self.root(other)))
        self._parents[last] = first

    def accept(self, pair: EventPair) -> None:
        """Accept a verdict on a pair, unless it contradicts those accepted before."""
        ends = {self.root(pair.one), self.root(pair.other)}
        cut = any({self.root(a), self.root(b)} == ends for a, b in self.cuts)
        if (pair.is_one and cut) or (not pair.is_one and len(ends) == 1):
            self.overruled.append(pair.verdict_id)
        elif pair.is_one:
            self.tie(pair.one, pair.other)
        else:
            self.cuts.append((pair.one, pair.other))

    def units(self, members: Iterable[Member]) -> list[_Unit]:
        """Return the articles that are together, each group and all of them in order."""
        found: defaultdict[str, list[Member]] = defaultdict(list)
        for member in sorted(members):
            found[self.root(member.article_id)].append(member)
        return sorted(map(tuple, found.values()))


def regroup(
    members: Sequence[Member], pairs: Iterable[EventPair], likeness: Likeness
) -> Regrouping:
    """Return the story of each of *members* after the verdicts *pairs*.

    A story's id stays with the article that it is named after; of merged stories the oldest
    id is kept. Articles without verdicts keep their story.
    """
    ids = {member.article_id for member in members}
    ties, whole = _Ties(ids), _Ties(ids)
    for pair in sorted(pairs, reverse=True):
        if {pair.one, pair.other} <= ids:
            ties.accept(pair)
    for unit in ties.units(members):
        _tie_all(whole, (member.article_id for member in unit))
    for of_story in _by_base(members).values():
        _tie_all(whole, (member.article_id for member in of_story))
    stories: dict[str, str] = {}
    for story in whole.units(members):
        for story_id, group in _named(story, _groups(story, ties, likeness)):
            stories |= {member.article_id: story_id for member in group}
    return Regrouping(stories, tuple(sorted(ties.overruled)))


def _tie_all(ties: _Ties, ids: Iterable[str]) -> None:
    first, *others = ids
    for other in others:
        ties.tie(first, other)


def _by_base(members: Iterable[Member]) -> Mapping[str, list[Member]]:
    found: defaultdict[str, list[Member]] = defaultdict(list)
    for member in members:
        found[member.base_id].append(member)
    return found


def _groups(story: _Unit, ties: _Ties, likeness: Likeness) -> list[list[Member]]:
    """Part a story into groups such that no two of one group are apart."""
    units = ties.units(story)
    apart = defaultdict(set)
    for one, other in ties.cuts:
        apart[ties.root(one)].add(ties.root(other))
        apart[ties.root(other)].add(ties.root(one))
    roots = {unit: ties.root(unit[0].article_id) for unit in units}
    # Those that are apart first: what else there is goes with one of them.
    ordered = sorted(units, key=lambda unit: (roots[unit] not in apart, unit))
    groups: list[list[_Unit]] = []
    seeds: list[_Unit] = []
    for unit in ordered:
        open_ = [
            n
            for n, group in enumerate(groups)
            if not any(roots[other] in apart[roots[unit]] for other in group)
        ]
        if not open_:
            groups.append([unit])
            seeds.append(unit)
            continue
        best = max(open_, key=lambda n: (_nearness(unit, seeds[n], likeness), -n))
        groups[best].append(unit)
    return [[member for unit in group for member in unit] for group in groups]


def _nearness(unit: _Unit, seed: _Unit, likeness: Likeness) -> tuple[float, bool, float]:
    """Return how near two are: by their words, then by their story, then in time."""
    like = max(likeness(a.article_id, b.article_id) for a in unit for b in seed)
    bases = {member.base_id for member in unit}
    is_of_one = any(member.base_id in bases for member in seed)
    between = abs(unit[0].published_at - seed[0].published_at)
    return like, is_of_one, -between.total_seconds()


def _named(
    story: _Unit, groups: Sequence[list[Member]]
) -> Iterable[tuple[str, list[Member]]]:
    """Yield each group with the id of its story."""
    if len(groups) == 1 and len(_by_base(story)) == 1:
        yield story[0].base_id, groups[0]
        return
    names: dict[int, str] = {}
    for base_id, of_story in _by_base(story).items():
        heir = _heir(base_id, of_story, groups)
        names.setdefault(heir, base_id)
    for number, group in enumerate(groups):
        first = min(group, key=attrgetter("published_at", "article_id"))
        yield names.get(number, f"s{first.article_id}"), group


def _heir(base_id: str, of_story: Sequence[Member], groups: Sequence[list[Member]]) -> int:
    """Return the group that a story's id may stay with."""

    def claim(number: int) -> tuple[bool, int, int]:
        group = groups[number]
        founded = any(f"s{member.article_id}" == base_id for member in group)
        return founded, sum(member in of_story for member in group), -number

    return max(range(len(groups)), key=claim)
