"""Reconciliation of stored and rebuilt stories: close calls stay as stored.

Each article has its stored story and its rebuilt one. Articles together in both stay
together. Headlines decide the rest: parts of one stored story are kept together if two of
their headlines may report one event, and two stored stories are joined only if two
headlines surely do. Stories of an earlier release were read, linked and alerted on: a score
close to the threshold does not change them. A story is named after its first article to
arrive, and the part with that article keeps the id.

Verdicts regroup them last. One says that a pair of articles is one event or two, and newer
ones take precedence: an older one that contradicts them is overruled. Stories are merged if
a verdict ties an article of one to an article of the other. If two articles of a story are
separated, each other one follows the more similar of them, and tied articles stay together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, combinations
from operator import attrgetter
from typing import NamedTuple

from transforms.grouping import first_of_pairs, grouped, grouped_pairs
from transforms.models import Regrouped, StoredStory, StoryMember
from transforms.stories.cluster import StoryHeadline, agree, first_of_each, head_of
from transforms.stories.concepts import ConceptLexicon
from transforms.stories.numbers import other_version
from transforms.stories.pairs.compared import Side, gap, same_publisher
from transforms.stories.pairs.demands import (
    FIRM,
    JOIN,
    MOST_AGAINST,
    NEVER,
    contradictions,
    counts_otherwise,
    says_one_thing,
    share_count,
)
from transforms.stories.pairs.similarity import (
    SAME,
    WINDOW,
    demanded,
    likelihood,
    pair_kind,
)

# Headlines of a rebuilt story, by script, that vote on one event.
MOST = 40
# Headlines of one stored story that are compared with each other.
ASKED = 120
# A part: its rebuilt story and its stored one.
_Part = tuple[str, str]
_Link = tuple[str, str]
# Later headlines are another turn, unless they repeat the same.
_SOON = timedelta(hours=24)
# Of headlines joining stories later than this, half were another turn.
_AT_ONCE = timedelta(hours=12)
_SURE = 0.80
# Across languages, where both name one actor; and where what joins two is not told.
_SURE_ACROSS = 0.70
_UNTOLD_ACROSS = 0.93
# How like two articles are, by their ids.
Likeness = Callable[[str, str], float]


def parted(articles: Iterable[Regrouped]) -> list[int]:
    """Return an article of each part of stored stories that the rebuild splits."""
    parts: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for article in articles:
        parts[article.stored].setdefault(article.made, article.seq)
    return [seq for part in parts.values() if len(part) > 1 for seq in part.values()]


def links_within(
    members: Iterable[StoryMember],
    articles: Iterable[Regrouped],
    lexicon: ConceptLexicon,
) -> Iterator[_Link]:
    """Yield the links of a stored story that hold its rebuilt parts together.

    *members* are the first headlines of the rebuilt stories, regardless of the stored ones,
    so that a second retag compares the same ones.
    """
    known = {article.article_id: article for article in articles}
    by_story = grouped_pairs(
        (known[member.article_id].stored, head_of(member, lexicon))
        for member in sorted(members, key=attrgetter("published_at", "article_id"))
        if member.article_id in known
    )
    for heads in by_story.values():
        for one, other in combinations(heads[:ASKED], 2):
            mine, theirs = known[one.article_id], known[other.article_id]
            if mine.made != theirs.made and stay_one(one.side, other.side):
                yield one.article_id, other.article_id


def sure_links(
    matches: Iterable[tuple[StoryHeadline, StoryHeadline, float]],
) -> Iterator[_Link]:
    """Yield the pairs of articles that almost certainly report one event."""
    for new, head, score in matches:
        if become_one(new.side, head.side, score):
            yield new.article_id, head.article_id


def linked(articles: Iterable[Regrouped], links: Iterable[_Link]) -> list[int]:
    """Return the articles of *links* between different stored stories."""
    known = {article.article_id: article for article in articles}
    pairs = [(known[a], known[b]) for a, b in links if a in known and b in known]
    apart = [pair for pair in pairs if pair[0].stored != pair[1].stored]
    return [article.seq for article in chain.from_iterable(apart)]


def settle(
    articles: Sequence[Regrouped],
    kept: Iterable[_Link],
    sure: Sequence[_Link],
    voters: Iterable[StoryMember],
    lexicon: ConceptLexicon,
) -> dict[_Part, str]:
    """Return the story of each part: the articles of one rebuilt and one stored story.

    *articles* are in order of publication, without round-ups, which stay alone. Links that
    are *kept* hold parts together. Those that are *sure* join them where half of each, of
    its first headlines among *voters*, agree. A story is called after its first article;
    parts that are called so already are left out.
    """
    stories = _Stories({a.article_id: (a.made, a.stored) for a in articles})
    for one, other in stories.known(kept):
        stories.unite(one, other)
    heads = {voter.article_id: head_of(voter, lexicon) for voter in voters}
    while joined := stories.agreeing(stories.known(sure), heads):
        for one, other in joined:
            stories.unite(one, other)
    return stories.names()


@dataclass(frozen=True, slots=True)
class _Stories:
    """Parts of the articles in order of publication, and the part each was merged into."""

    part_of: Mapping[str, _Part]
    into: dict[_Part, _Part] = field(default_factory=dict)

    def known(self, links: Iterable[_Link]) -> list[_Link]:
        """Return the links between articles that are no round-ups."""
        return [(a, b) for a, b in links if a in self.part_of and b in self.part_of]

    def unite(self, one: str, other: str) -> None:
        """Merge the stories of two articles."""
        self.into[self.story(one)] = self.story(other)

    def story(self, article_id: str) -> _Part:
        """Return the part that currently represents an article's story."""
        part = self.part_of[article_id]
        while (next_ := self.into.get(part, part)) != part:
            self.into[part] = self.into.get(next_, next_)
            part = next_
        return part

    def agreeing(
        self, links: Iterable[_Link], heads: Mapping[str, StoryHeadline]
    ) -> list[_Link]:
        """Return the *links* of two stories if half of each one matches the other."""
        voters = grouped_pairs(
            (self.story(id_), heads[id_]) for id_ in self.part_of if id_ in heads
        )
        found = {}
        for one, other in links:
            mine, theirs = sorted((self.story(one), self.story(other)))
            if mine != theirs:
                found[mine, theirs] = one, other
        return [
            link
            for (mine, theirs), link in found.items()
            if self._are_one(first_of_each(voters[mine]), first_of_each(voters[theirs]))
        ]

    def _are_one(
        self, some: Sequence[StoryHeadline], others: Sequence[StoryHeadline]
    ) -> bool:
        return agree(some, others) and agree(others, some)

    def names(self) -> dict[_Part, str]:
        """Return what each part is called that is called otherwise: after the first."""
        first = first_of_pairs((self.story(id_), f"s{id_}") for id_ in self.part_of)
        names = {part: first[self.story(id_)] for id_, part in self.part_of.items()}
        return {part: name for part, name in names.items() if part[0] != name}


def stay_one(a: Side, b: Side) -> bool:
    """Tell whether two headlines stored as one event may stay together."""
    if gap(a, b) > WINDOW or other_version(a.parts.versions, b.parts.versions):
        return False
    differing, kind = contradictions(a, b), pair_kind(a, b)
    if counts_otherwise(a, b):
        return _tell_it_again(a, b) and likelihood(a, b, at_least=JOIN) > 0
    if differing >= MOST_AGAINST:
        return False
    if demanded(a, b) < NEVER or share_count(a, b):
        least = JOIN if differing else SAME[kind]
    elif kind == "cross":
        least = _UNTOLD_ACROSS
    elif gap(a, b) <= _SOON:
        least = JOIN
    else:
        return False
    return likelihood(a, b, at_least=least) > 0


def _tell_it_again(a: Side, b: Side) -> bool:
    """Tell whether another number may be that of one event: a toll, or a sum rounded.

    Of one outlet two such headlines are of a mould.
    """
    return gap(a, b) < _SOON and not same_publisher(a, b) and says_one_thing(a, b)


def become_one(a: Side, b: Side, score: float) -> bool:
    """Tell whether two headlines stored as two events almost certainly are one."""
    if gap(a, b) > _AT_ONCE or contradictions(a, b):
        return False
    if pair_kind(a, b) == "cross" and demanded(a, b) <= FIRM:
        return score >= _SURE_ACROSS
    return score >= _SURE


@dataclass(frozen=True, slots=True)
class Named:
    """Id of each group, and the new ids of stored stories."""

    ids: Mapping[str, str]
    moved: Mapping[str, str]


def name_stories(
    groups: Mapping[str, Sequence[str]],
    known: Mapping[str, Iterable[str]],
    stored: Iterable[StoredStory],
) -> Named:
    """Return the ids of *groups* of articles in order of publication.

    *known* are the stored ids that a group continues; *stored* are the stored stories of
    any of these articles. Of several ids the older one is kept.
    """
    by_id = {story.story_id: story for story in stored}
    freed = _freed(groups, known, by_id)
    by_namer = {story.named_by: story for story in by_id.values()}
    by_first = {s.first_id: s for s in by_id.values() if s.is_named_later}
    named: dict[str, str] = {}
    moved = dict(freed)
    for key, ids in known.items():
        held = [by_id[id_] for id_ in ids if id_ not in freed]
        named[key] = _oldest(held) or min(freed[id_] for id_ in ids)
        moved |= dict.fromkeys(ids, named[key])
    for key in groups.keys() - known.keys():
        members = groups[key]
        ours = _of(by_namer, members) or _of(by_first, members)
        named[key] = _oldest(ours) or f"s{members[0]}"
    return Named(named, {gone: kept for gone, kept in moved.items() if gone != kept})


def _freed(
    groups: Mapping[str, Sequence[str]],
    known: Mapping[str, Iterable[str]],
    by_id: Mapping[str, StoredStory],
) -> dict[str, str]:
    """Return what stories of before are called that lend the id of another's article."""
    group_of = {member: key for key, members in groups.items() for member in members}
    holder = {id_: key for key, ids in known.items() for id_ in ids}
    return {
        story.story_id: f"s{story.first_id}"
        for story in by_id.values()
        if story.is_begun
        and story.named_by in group_of
        and holder.get(story.story_id) != group_of[story.named_by]
    }


def _of(stories: Mapping[str, StoredStory], members: Iterable[str]) -> list[StoredStory]:
    return [stories[member] for member in members if member in stories]


def _oldest(stories: Iterable[StoredStory]) -> str | None:
    return min(((s.began_at, s.story_id) for s in stories), default=(None, None))[1]


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
        found = grouped(sorted(members), lambda member: self.root(member.article_id))
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
    return grouped(members, attrgetter("base_id"))


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
    names = first_of_pairs(
        (_heir(base_id, of_story, groups), base_id)
        for base_id, of_story in _by_base(story).items()
    )
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
