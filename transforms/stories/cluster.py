"""Put new articles into the stories they belong to.

Articles are taken in the order they were published, whatever order they came in.
Each joins the story whose headline it matches best, or begins one of its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from transforms.models import Article, StoryMember
from transforms.stories.candidates import shortlist
from transforms.stories.features import features
from transforms.stories.keys import company_keys
from transforms.stories.similarity import SAME, Side, match, may_match

# Only a story's first two headlines, Chinese and other, are compared with, so that a
# story cannot wander from turn to turn of a long affair.
HEADS = 2
_NO_COMPANIES: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """Headlines that are known already, and which of them each new article meets.

    ``heads`` go by a number, and ``met_by`` has the numbers for each article id,
    the older headlines first.
    """

    heads: Mapping[int, StoryMember] = field(default_factory=dict)
    met_by: Mapping[str, Sequence[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Head:
    """A headline that others are compared with."""

    story_id: str
    side: Side


@dataclass(frozen=True, slots=True)
class _Stories:
    """The headlines of a batch, found by their keys, and those that were known before."""

    known: Mapping[int, StoryMember]
    read: dict[int, _Head] = field(default_factory=dict)
    new: list[_Head] = field(default_factory=list)
    by_key: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    counts: Counter[tuple[str, bool]] = field(default_factory=Counter)

    def story_of(self, side: Side, keys: Iterable[int], met: Iterable[int]) -> str:
        """Return the story that *side* matches best, the older one of equals."""
        best, story = SAME, ""
        for head in self._heads(keys, met):
            if not may_match(side, head.side):
                continue
            score = match(side, head.side)
            if score > best or (not story and score == best):
                best, story = score, head.story_id
        return story

    def add(self, head: _Head, keys: Iterable[int], *, is_chinese: bool) -> None:
        """Make *head* a headline of its story, unless that has enough of them."""
        place = (head.story_id, is_chinese)
        if self.counts[place] >= HEADS:
            return
        self.counts[place] += 1
        for key in keys:
            self.by_key[key].append(len(self.new))
        self.new.append(head)

    def _heads(self, keys: Iterable[int], met: Iterable[int]) -> list[_Head]:
        known = [self._known(number) for number in met if number in self.known]
        return known + [self.new[number] for number in shortlist(keys, self.by_key)]

    def _known(self, number: int) -> _Head:
        """Return a known headline; it is read when it is first compared."""
        if (head := self.read.get(number)) is None:
            member = self.known[number]
            side = _side(member.title, frozenset(member.companies), member.published_at)
            head = self.read[number] = _Head(member.story_id, side)
        return head


def assign_stories(
    new: Sequence[Article],
    companies: Mapping[str, frozenset[str]],
    recent: Recent,
) -> dict[str, str]:
    """Return the story id of each of *new*, by article id.

    A new story is called after its oldest article, and keeps that name when an
    older one turns up later. A digest is of many events, so it stays alone.
    """
    ids = {article.article_id for article in new}
    known = {n: head for n, head in recent.heads.items() if head.article_id not in ids}
    stories = _Stories(known)
    stories.counts.update((m.story_id, _is_chinese(m.language)) for m in known.values())
    assigned: dict[str, str] = {}
    for article in sorted(new, key=lambda a: (a.published_at, a.article_id)):
        own = f"s{article.article_id}"
        if article.is_digest:
            assigned[article.article_id] = own
            continue
        named = companies.get(article.article_id, _NO_COMPANIES)
        side = _side(article.title, named, article.published_at)
        keys = _keys(article.story_keys, named)
        met = recent.met_by.get(article.article_id, ())
        story = stories.story_of(side, keys, met) or own
        assigned[article.article_id] = story
        stories.add(_Head(story, side), keys, is_chinese=_is_chinese(article.language))
    return assigned


def _side(title: str, companies: frozenset[str], published_at: datetime) -> Side:
    return Side(features(title), companies, published_at)


def _is_chinese(language: str) -> bool:
    return language.startswith("zh")


def _keys(keys: tuple[int, ...], companies: frozenset[str]) -> tuple[int, ...]:
    if not (more := company_keys(companies)):
        return keys
    return tuple(dict.fromkeys(keys + more))
