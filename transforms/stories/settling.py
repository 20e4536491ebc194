"""Let stories that are stored become those of today, but for what is a close call.

Each article has the story in which it is stored, and the one that it finds today. What both
have together stays together. The rest goes by headlines: parts of one stored story are kept
where two of them may be of one event, and two stories are joined where two surely are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, combinations

from transforms.models import Regrouped, StoryMember
from transforms.stories.cluster import Head, agree, first_of_each, head_of
from transforms.stories.pairs.stored import become_one, stay_one
from transforms.stories.pairs.weights import Weigher, weights_of

# Headlines of a story of today, by script, that are asked what is one event.
MOST = 40
# Headlines of one stored story that are compared with each other.
ASKED = 120

# What is one story today, and is stored as one.
_Part = tuple[str, str]
_Link = tuple[str, str]


def parted(articles: Iterable[Regrouped]) -> list[int]:
    """Return an article of each part of the stored stories that are several today."""
    parts: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for article in articles:
        parts[article.stored].setdefault(article.made, article.seq)
    return [seq for part in parts.values() if len(part) > 1 for seq in part.values()]


def links_within(
    members: Iterable[StoryMember],
    articles: Iterable[Regrouped],
    weigher: Weigher = weights_of,
) -> Iterator[_Link]:
    """Yield which headlines of a stored story hold stories of today together.

    *members* are the first headlines of these stories of today, however they are stored:
    so a second retag asks the same ones.
    """
    known = {article.article_id: article for article in articles}
    by_story: defaultdict[str, list[Head]] = defaultdict(list)
    for member in sorted(members, key=lambda m: (m.published_at, m.article_id)):
        if member.article_id in known:
            by_story[known[member.article_id].stored].append(head_of(member))
    for told in by_story.values():
        for one, other in combinations(told[:ASKED], 2):
            mine, theirs = known[one.article_id], known[other.article_id]
            if mine.made != theirs.made and stay_one(one.side, other.side, weigher):
                yield one.article_id, other.article_id


def sure_links(matches: Iterable[tuple[Head, Head, float]]) -> Iterator[_Link]:
    """Yield the articles of which little is in doubt that they tell one event."""
    for new, head, score in matches:
        if become_one(new.side, head.side, score):
            yield new.article_id, head.article_id


def linked(articles: Iterable[Regrouped], links: Iterable[_Link]) -> list[int]:
    """Return the articles of *links* between stories that are stored as two."""
    known = {article.article_id: article for article in articles}
    pairs = [(known[a], known[b]) for a, b in links if a in known and b in known]
    apart = [pair for pair in pairs if pair[0].stored != pair[1].stored]
    return [article.seq for article in chain.from_iterable(apart)]


def settle(
    articles: Sequence[Regrouped],
    kept: Iterable[_Link],
    sure: Sequence[_Link],
    voters: Iterable[StoryMember],
    weigher: Weigher = weights_of,
) -> dict[_Part, str]:
    """Return the story of each part of a story of today that is stored as one.

    *articles* are in order of publication, without round-ups, which stay alone. Links that
    are *kept* hold parts together. Those that are *sure* join them where half of each, of
    its first headlines among *voters*, agree. A story is called after its first article;
    parts that are called so already are left out.
    """
    stories = _Stories({a.article_id: (a.made, a.stored) for a in articles}, weigher)
    for one, other in stories.known(kept):
        stories.unite(one, other)
    heads = {voter.article_id: head_of(voter) for voter in voters}
    while joined := stories.agreeing(stories.known(sure), heads):
        for one, other in joined:
            stories.unite(one, other)
    return stories.names()


@dataclass(frozen=True, slots=True)
class _Stories:
    """The part of each article, in order of publication, and where each part went."""

    part_of: Mapping[str, _Part]
    weigher: Weigher
    into: dict[_Part, _Part] = field(default_factory=dict)

    def known(self, links: Iterable[_Link]) -> list[_Link]:
        """Return the links of articles that are no round-ups."""
        return [(a, b) for a, b in links if a in self.part_of and b in self.part_of]

    def unite(self, one: str, other: str) -> None:
        """Let the stories of two articles be one."""
        self.into[self.story(one)] = self.story(other)

    def story(self, article_id: str) -> _Part:
        """Return the part by which the story of an article is known meanwhile."""
        part = self.part_of[article_id]
        while (next_ := self.into.get(part, part)) != part:
            self.into[part] = self.into.get(next_, next_)
            part = next_
        return part

    def agreeing(self, links: Iterable[_Link], heads: Mapping[str, Head]) -> list[_Link]:
        """Return those *links* whose stories are two, and of which half agrees."""
        voters = defaultdict(list)
        for id_ in self.part_of:
            if head := heads.get(id_):
                voters[self.story(id_)].append(head)
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

    def _are_one(self, some: Sequence[Head], others: Sequence[Head]) -> bool:
        alike = partial(agree, weigher=self.weigher)
        return alike(some, others) and alike(others, some)

    def names(self) -> dict[_Part, str]:
        """Return what each part is called that is called otherwise: after the first."""
        first: dict[_Part, str] = {}
        for id_ in self.part_of:
            first.setdefault(self.story(id_), f"s{id_}")
        names = {part: first[self.story(id_)] for id_, part in self.part_of.items()}
        return {part: name for part, name in names.items() if part[0] != name}
