"""Put new articles into the stories they belong to.

Articles are taken in the order they were published, whatever order they came in.
Each joins the story whose headline it matches best, or begins one of its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from transforms.digests import is_digest
from transforms.models import Article, StoryMember
from transforms.stories.features import features
from transforms.stories.keys import company_keys
from transforms.stories.similarity import SAME, Side, match, may_match

# Only a story's first two headlines, Chinese and other, are compared with, so that a
# story cannot wander from turn to turn of a long affair.
HEADS = 2
# A key that few headlines hold brings each of them together; a name that many
# hold ("OpenAI") counts only with a second key, and only among the newest.
RARE = 24
NEWEST = 300


@dataclass(frozen=True, kw_only=True)
class _Member:
    """An article as clustering sees it; its title is read when first compared."""

    title: str
    is_chinese: bool
    published_at: datetime
    companies: frozenset[str]
    keys: tuple[int, ...]
    story_id: str = ""

    @cached_property
    def side(self) -> Side:
        """What is compared."""
        return Side(features(self.title), self.companies, self.published_at)


@dataclass(frozen=True, slots=True)
class _Stories:
    """The headlines that new articles are compared with, found by their keys."""

    heads: list[_Member] = field(default_factory=list)
    by_key: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    counts: Counter[tuple[str, bool]] = field(default_factory=Counter)

    def add(self, member: _Member) -> None:
        """Make *member* a headline of its story, unless that has enough of them."""
        place = (member.story_id, member.is_chinese)
        if self.counts[place] >= HEADS:
            return
        self.counts[place] += 1
        for key in member.keys:
            self.by_key[key].append(len(self.heads))
        self.heads.append(member)

    def story_of(self, member: _Member) -> str:
        """Return the story that *member* matches best, the older one of equals."""
        best, story, side = SAME, "", member.side
        for number in sorted(self._candidates(member.keys)):
            head = self.heads[number]
            if not may_match(side, head.side):
                continue
            score = match(side, head.side)
            is_better = score > best or (not story and score == best)
            # Asked last, of the few that match: it is the dearest question.
            if is_better and not is_digest(head.title):
                best, story = score, head.story_id
        return story

    def _candidates(self, keys: Iterable[int]) -> set[int]:
        rare: set[int] = set()
        shared: Counter[int] = Counter()
        for key in keys:
            found = self.by_key.get(key, ())
            if len(found) <= RARE:
                rare.update(found)
            else:
                shared.update(found[-NEWEST:])
        return rare | {number for number, count in shared.items() if count > 1}


def assign_stories(
    new: Sequence[Article],
    companies: Mapping[str, frozenset[str]],
    recent: Sequence[StoryMember],
) -> dict[str, str]:
    """Return the story id of each of *new*, by article id.

    A new story is called after its oldest article, and keeps that name when an
    older one turns up later. A digest is of many events, so it stays alone.
    """
    stories = _Stories()
    fresh = {article.article_id: _fresh(article, companies) for article in new}
    wanted = {key for member in fresh.values() for key in member.keys}
    for old in sorted(recent, key=lambda m: (m.published_at, m.article_id)):
        if old.article_id not in fresh:
            stories.add(_known(old, wanted))
    assigned: dict[str, str] = {}
    for article in sorted(new, key=lambda a: (a.published_at, a.article_id)):
        member = fresh[article.article_id]
        own = f"s{article.article_id}"
        story = "" if article.is_digest else stories.story_of(member)
        assigned[article.article_id] = story or own
        if not article.is_digest:
            stories.add(replace(member, story_id=story or own))
    return assigned


def _known(member: StoryMember, wanted: AbstractSet[int]) -> _Member:
    companies = frozenset(member.companies)
    keys = _keys(member.story_keys, companies)
    return _Member(
        title=member.title,
        is_chinese=member.language.startswith("zh"),
        published_at=member.published_at,
        companies=companies,
        # What no new article asks for need not be indexed.
        keys=tuple(key for key in keys if key in wanted),
        story_id=member.story_id,
    )


def _fresh(article: Article, companies: Mapping[str, frozenset[str]]) -> _Member:
    named = companies.get(article.article_id, frozenset())
    return _Member(
        title=article.title,
        is_chinese=article.language.startswith("zh"),
        published_at=article.published_at,
        companies=named,
        keys=_keys(article.story_keys, named),
    )


def _keys(keys: tuple[int, ...], companies: frozenset[str]) -> tuple[int, ...]:
    if not (more := company_keys(companies)):
        return keys
    return tuple(dict.fromkeys(keys + more))
