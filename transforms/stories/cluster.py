"""Clustering of articles: each new one joins its best matching story, or begins one.

Articles are processed in order of publication, not of arrival. Each joins the story with
the best matching headline, or begins its own. An article that surely belongs to two
stories, whose headlines match as well, merges them: the older id is kept.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import attrgetter, itemgetter
from types import MappingProxyType

from transforms.grouping import grouped
from transforms.models import Article, Headline, StoryMember, TitleName
from transforms.models.measures import StateAct
from transforms.stories.candidates import Glance, glance, shortlist, worth_reading
from transforms.stories.concepts import ConceptLexicon
from transforms.stories.features import actor_keys, features
from transforms.stories.pairs.compared import Side
from transforms.stories.pairs.similarity import match, may_be_one

# Only a story's first two headlines, Chinese and other, are compared with, so that a
# story cannot wander from turn to turn of a long affair.
HEADS = 2
# Two stories of other articles are one only where this one surely is of both.
MERGE = 0.95
# Two stories told in two languages are one where half of the headlines of each, up to so
# many of a script, agree with one of the other. A headline that is like both is no reason
# by itself: by such ones ninety articles became one story.
VOTERS = 3
# A column of many firms in the same words, of which only the name changes.
_CALL = re.compile(r"\bearnings call (?:transcript|summary|highlights)\b", re.IGNORECASE)
_NO_COMPANIES: frozenset[str] = frozenset()
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """Known headlines, and the candidates among them for each new article.

    ``heads`` go by a number, and ``met_by`` has the numbers for each article id,
    the older headlines first.
    """

    heads: Mapping[int, StoryMember] = field(default_factory=dict)
    met_by: Mapping[str, Sequence[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """Story of each new article by id, and known stories merged into others.

    ``matches`` are the pairs of matching headlines with their score.
    """

    stories: Mapping[str, str]
    merged: Mapping[str, str]
    matches: Sequence[tuple[StoryHeadline, StoryHeadline, float]]


@dataclass(slots=True)
class StoryHeadline:
    """A headline for comparison, looked at if another may be like it, and then parsed."""

    story_id: str
    title: str
    companies: frozenset[str]
    published_at: datetime | None
    publisher: str
    names: tuple[TitleName, ...]
    lexicon: ConceptLexicon
    article_id: str = ""
    act: StateAct | None = None
    _seen: Glance | None = field(init=False, default=None)
    _side: Side | None = field(init=False, default=None)

    @property
    def seen(self) -> Glance:
        """Return the summary of the headline, made once."""
        if self._seen is None:
            self._seen = glance(self.title, self.lexicon)
        return self._seen

    @property
    def side(self) -> Side:
        """Return the side of a comparison, parsed once."""
        if self._side is None:
            names = tuple(sorted({name.alias for name in self.names}))
            parts = features(self.title, self.lexicon, names)
            self._side = Side(
                parts,
                self.companies,
                self.published_at,
                self.publisher,
                frozenset(name.company_id for name in self.names),
                self.act,
            )
        return self._side


@dataclass(frozen=True, slots=True)
class _Stories:
    """Headlines of a batch by their keys, and the known ones."""

    known: Mapping[int, StoryMember]
    lexicon: ConceptLexicon
    met: dict[int, StoryHeadline] = field(default_factory=dict)
    new: list[StoryHeadline] = field(default_factory=list)
    by_key: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    counts: Counter[tuple[str, bool]] = field(default_factory=Counter)
    voters: defaultdict[str, list[StoryHeadline]] = field(
        default_factory=lambda: defaultdict(list)
    )
    born: dict[str, datetime] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    parted: set[tuple[frozenset[str], int]] = field(default_factory=set)
    apart: Sequence[tuple[str, str]] = ()
    matches: list[tuple[StoryHeadline, StoryHeadline, float]] = field(default_factory=list)

    def story_of(self, new: StoryHeadline, near: Sequence[StoryHeadline]) -> str:
        """Return the best matching story of *new*, of equals the older one."""
        if not near:
            return ""
        seen, firms = new.seen, new.companies
        matches = [
            (score, head)
            for head in near
            if worth_reading(seen, head.seen, firms, head.companies)
            and (score := match(new.side, head.side))
        ]
        self.matches.extend((new, head, score) for score, head in matches)
        if not matches:
            return ""
        best, likest = max(matches, key=itemgetter(0))
        if best >= MERGE:
            for score, head in matches:
                if score >= MERGE and may_be_one(head.side, likest.side):
                    self._merge(head.story_id, likest.story_id)
        across = (head for _, head in matches if head.seen.script != new.seen.script)
        for story_id in dict.fromkeys(head.story_id for head in across):
            self._meet(story_id, likest.story_id)
        return self.current(likest.story_id)

    def current(self, story_id: str) -> str:
        """Return the story that a story was merged into, or itself."""
        while story_id in self.merged:
            story_id = self.merged[story_id]
        return story_id

    def _merge(self, a: str, b: str) -> None:
        """Merge the younger of two stories into the older."""
        kept, gone = sorted(
            map(self.current, (a, b)), key=lambda id_: (self.born[id_], id_)
        )
        if kept != gone and not self._are_apart(kept, gone):
            self.merged[gone] = kept
            both = (*self.voters[kept], *self.voters.pop(gone, ()))
            self.voters[kept] = first_of_each(both)

    def _are_apart(self, one: str, other: str) -> bool:
        """Tell whether a verdict separates these two stories."""
        both = {one, other}
        return any({self.current(a), self.current(b)} == both for a, b in self.apart)

    def _meet(self, a: str, b: str) -> None:
        """Let two stories become one where half of the headlines of each agree."""
        one, other = self.current(a), self.current(b)
        if one == other:
            return
        ours, theirs = self.voters[one], self.voters[other]
        asked = (frozenset((one, other)), len(ours) + len(theirs))
        if asked in self.parted:
            return
        if agree(ours, theirs) and agree(theirs, ours):
            self._merge(one, other)
        else:
            self.parted.add(asked)

    def add(self, head: StoryHeadline, keys: Iterable[int], *, is_chinese: bool) -> None:
        """Make *head* a headline of its story, unless that has enough of them."""
        self.tell_birth(head.story_id, head.published_at)
        place = (head.story_id, is_chinese)
        self.counts[place] += 1
        if self.counts[place] <= VOTERS:
            self.voters[head.story_id].append(head)
        if self.counts[place] > HEADS:
            return
        for key in keys:
            self.by_key[key].append(len(self.new))
        self.new.append(head)

    def tell_birth(self, story_id: str, at: datetime | None) -> None:
        """Note when a story began; that may be before its earliest known article."""
        self.born[story_id] = min(self.born.get(story_id, _NEVER), at or _NEVER)

    def near(
        self, article: Article | Headline, companies: frozenset[str], met: Iterable[int]
    ) -> list[StoryHeadline]:
        """Return the candidates to compare an article with."""
        actors = meeting_keys(article, companies, self.lexicon)
        known = [self.known_head(number) for number in met if number in self.known]
        numbers = shortlist(article.story_keys, self.by_key, actors)
        return known + [self.new[number] for number in numbers]

    def known_head(self, number: int) -> StoryHeadline:
        """Return a known headline, the same one each time: it is read only once."""
        if (head := self.met.get(number)) is None:
            head = self.met[number] = head_of(self.known[number], self.lexicon)
        return head


def head_of(member: StoryMember, lexicon: ConceptLexicon) -> StoryHeadline:
    """Return a stored article as a headline for comparison."""
    return StoryHeadline(
        member.story_id,
        member.title,
        frozenset(member.companies),
        member.published_at,
        member.publisher,
        member.names,
        lexicon,
        member.article_id,
        member.act,
    )


def first_of_each(heads: Iterable[StoryHeadline]) -> list[StoryHeadline]:
    """Return the first headlines of each script, up to the number of voters."""
    by_script = grouped(heads, attrgetter("seen.script"))
    return [head for found in by_script.values() for head in found[:VOTERS]]


def agree(some: Sequence[StoryHeadline], others: Sequence[StoryHeadline]) -> bool:
    """Tell whether at least half of *some* headlines match one of *others*."""
    like = sum(any(match(a.side, b.side) for b in others) for a in some)
    return bool(some) and 2 * like >= len(some)


def meeting_keys(
    article: Article | Headline, companies: Iterable[str], lexicon: ConceptLexicon
) -> tuple[int, ...]:
    """Return the keys of headlines of the other script to compare an article with."""
    if not article.is_on_beat:
        return ()
    is_other = not is_chinese(article.language)
    return actor_keys(article.title, companies, lexicon, is_chinese=is_other)


def assign_stories(
    new: Sequence[Article | Headline],
    companies: Mapping[str, frozenset[str]],
    names: Mapping[str, tuple[TitleName, ...]],
    recent: Recent,
    lexicon: ConceptLexicon,
    *,
    acts: Mapping[str, StateAct] = MappingProxyType({}),
    alone: Collection[str] = (),
    apart: Sequence[tuple[str, str]] = (),
) -> Assigned:
    """Return the story of each *new* article, and the stories merged.

    *companies* and *names* are what each names, by its id: the companies, and what its
    headline calls them; *acts* what one state does to another by those that tell it. They
    bear all their keys, those of the companies too. A new story is called after its oldest
    article, and keeps that when an older one turns up later.
    A digest is of many events, so it stays alone, as those that are *alone* do. Stories
    that are *apart*, as a reader said, do not become one.
    """
    ids = {article.article_id for article in new}
    known = {n: head for n, head in recent.heads.items() if head.article_id not in ids}
    stories = _Stories(known, lexicon, apart=apart)
    stored = {member.story_id for member in known.values()}
    for number, member in sorted(known.items()):
        place = (member.story_id, is_chinese(member.language))
        stories.counts[place] += 1
        stories.voters[member.story_id].append(stories.known_head(number))
        stories.tell_birth(member.story_id, member.published_at)
    assigned: dict[str, str] = {}
    for article in sorted(new, key=lambda a: (a.published_at, a.article_id)):
        own = f"s{article.article_id}"
        stands_alone = article.is_digest or article.article_id in alone
        if stands_alone or _CALL.search(article.title):
            assigned[article.article_id] = own
            continue
        named = companies.get(article.article_id, _NO_COMPANIES)
        head = StoryHeadline(
            own,
            article.title,
            named,
            article.published_at,
            article.publisher,
            names.get(article.article_id, ()),
            lexicon,
            article.article_id,
            acts.get(article.article_id),
        )
        met = recent.met_by.get(article.article_id, ())
        head.story_id = stories.story_of(head, stories.near(article, named, met)) or own
        assigned[article.article_id] = head.story_id
        stories.add(head, article.story_keys, is_chinese=is_chinese(article.language))
    return Assigned(
        stories={key: stories.current(story) for key, story in assigned.items()},
        merged={gone: stories.current(gone) for gone in stories.merged if gone in stored},
        matches=stories.matches,
    )


def is_chinese(language: str) -> bool:
    """Tell whether a *language* tag is Chinese, of any region."""
    return language.startswith("zh")
