"""Leads of a brief: candidates, weights, earlier tellings and reasons.

Stories on one matter, such as a model, its price, its departures, are one lead.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import log
from operator import attrgetter
from typing import Any, NamedTuple

from transforms.brief.model import KnownSince
from transforms.config.table import weight_of
from transforms.grouping import first_of_pairs
from transforms.headlines.facts import Sides
from transforms.models import Query, StoryId
from transforms.names.rules.watchlist import Watchlist
from transforms.stories.concepts import ConceptLexicon
from transforms.stories.features import Signs, lead_of, signs_of
from transforms.stories.numbers import find_amounts, same_amount, shared_numbers
from transforms.words import phrases, say

# Less than this is not worth a word.
LEAST = 0.1
# Below any score: nothing is left out.
_NO_LEAST = -10
# Of so many leads is asked what was told before: those below do not come to lead.
ASKED = 40
# From so much on a number is a sum of money, or of what is sold, and no count of things.
A_SUM = 1e6
# So many reasons are told, the weightiest first; and the one that weighed most against it,
# from so much on.
TOLD = 3
AGAINST = -0.5
TITLES = 6
FEWEST_SHARED = 2
# A key that so many stories share says nothing, and would compare all with all.
CROWDED = 150
NOTHING = 1e-9
_VERSION = re.compile(r"(?=.*[a-z])(?=.*\d)[a-z\d.-]{2,}")


@dataclass(frozen=True, kw_only=True)
class StoryTraits:
    """Traits of a story of a period.

    ``outlets``, ``languages`` and ``titles`` are those of the period; ``subjects`` are the
    companies and bodies that it is about, ``companies`` all that it names. ``relevance`` is
    the probability of being on the beat, and it ``is_reported`` if a headline is a report.
    Of a story of what a state does, ``act`` is that, as the ledger tells acts apart, and
    ``measure`` the affair, by side, thing and target side.
    """

    outlets: tuple[str, ...]
    languages: tuple[str, ...]
    titles: tuple[str, ...]
    companies: tuple[str, ...]
    subjects: tuple[str, ...]
    relevance: float
    is_reported: bool = True
    topics: tuple[str, ...]
    events: tuple[str, ...]
    affairs: tuple[str, ...] = ()
    act: str = ""
    measure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadCandidate(StoryTraits, StoryId):
    """A story of a period for the ranking; ``bursts`` are its subjects with a burst."""

    articles: int
    bursts: tuple[str, ...] = ()
    is_answer: bool = False

    @property
    def kinds(self) -> tuple[str, ...]:
        """Ids of its topics and events."""
        return (*self.topics, *self.events)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """An affair of one or more stories, its main story first in *story_ids*.

    ``reasons`` are the contributions to its score by name; ``outlets`` is their number.
    """

    story_ids: tuple[str, ...]
    score: float
    reasons: tuple[tuple[str, float], ...]
    outlets: int

    def lessened(self, part: float, why: str) -> Lead:
        """Return the lead with a *part* of its score; *why* names the reason."""
        if part == 1:
            return self
        score = round(self.score * part, 4)
        less = (why, round(score - self.score, 4))
        return replace(self, score=score, reasons=(*self.reasons, less))

    @property
    def why(self) -> str:
        """Reasons by weight, heaviest first, as ``outlets 2.3, both languages 1.2``."""
        weighed = sorted(self.reasons, key=lambda reason: -abs(reason[1]))
        return ", ".join(
            f"{name} {weight:.1f}" for name, weight in weighed if abs(weight) >= LEAST
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedWords:
    """Headline words that raise or lower a story's score."""

    name: str
    weight: float
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Affairs:
    """Thresholds for grouping stories into an affair; see ``ranking.toml``."""

    alike: float
    alike_of_one: float
    once: frozenset[str]
    lasting: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RankingWeights:
    """Contribution of each trait of an affair to its score.

    Those of topics, events and firms are a watchlist's: ``act``, ``measures``, ``large``.
    ``abroad`` are the topics and events that tell of growth abroad, for the timeline.
    """

    affairs: Affairs
    light: float
    least: float
    spread: Mapping[str, float]
    act: Mapping[str, float]
    second: float
    reported: float
    measures: frozenset[str]
    nobody: float
    of_firms: frozenset[str]
    actor: Mapping[str, float]
    known: float
    talk: Mapping[str, float]
    large: frozenset[str]
    states: frozenset[str]
    games: frozenset[str]
    words: tuple[WeighedWords, ...]
    abroad: tuple[str, ...]
    sides: Sides
    concepts: ConceptLexicon


def read_ranking(text: str, sides: Sides, concepts: ConceptLexicon) -> RankingWeights:
    """Return the weights of a TOML text, without those of a watchlist.

    Raises:
        ValueError: A weight is no number, or beyond all reason.
    """
    raw = tomllib.loads(text)
    act = raw["act"]
    return RankingWeights(
        affairs=Affairs(
            alike=weight_of("alike", raw["affairs"]["alike"]),
            alike_of_one=weight_of("alike_of_one", raw["affairs"]["alike_of_one"]),
            once=frozenset(),
            lasting=frozenset(raw["affairs"]["lasting"]),
        ),
        light=weight_of("below", raw["light"]["below"]),
        least=weight_of("least", raw["light"].get("least", _NO_LEAST)),
        spread=_weights(raw["spread"]),
        second=weight_of("second", act["second"]),
        reported=weight_of("reported", act["reported"]),
        measures=frozenset(),
        nobody=weight_of("nobody", act["nobody"]),
        of_firms=frozenset(act["of_firms"]),
        act={},
        actor=_weights(raw["actor"]),
        known=weight_of("left", raw["known"]["left"]),
        talk=_weights(raw["talk"]),
        large=frozenset(),
        states=frozenset(raw["firms"]["states"]),
        games=frozenset(raw["firms"]["games"]),
        abroad=tuple(raw.get("abroad", {}).get("subjects", ())),
        words=tuple(
            WeighedWords(
                name=entry["name"],
                weight=weight_of(entry["name"], entry["weight"]),
                pattern=re.compile(entry["pattern"], re.IGNORECASE),
            )
            for entry in raw["words"]
        ),
        sides=sides,
        concepts=concepts,
    )


def _weights(table: Mapping[str, Any]) -> dict[str, float]:
    return {name: weight_of(name, value) for name, value in table.items()}


def ranking_of(weights: RankingWeights, watchlist: Watchlist) -> RankingWeights:
    """Return *weights* with what a watchlist says of its topics, events and firms.

    Of a topic and an event of one id the heavier counts.
    """
    topics = sorted(watchlist.topics, key=lambda topic: topic.weight or 0.0)
    once = frozenset(topic.topic_id for topic in topics if topic.once)
    return replace(
        weights,
        affairs=replace(weights.affairs, once=once),
        act={t.topic_id: t.weight for t in topics if t.weight is not None},
        measures=frozenset(topic.topic_id for topic in topics if topic.measure),
        large=frozenset(c.company_id for c in watchlist.companies if c.large),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierTelling(KnownSince, StoryId):
    """An earlier article of the other language on the same type of event.

    It has the same company or side; ``is_same_object`` says that the event's object is the
    same too.
    """

    is_same_object: bool


EARLIER = Query(
    name="brief.earlier_tellings",
    row=EarlierTelling,
    relations=("coverage", "tags", "headline_facts", "articles"),
)


def known_since(
    titles: Mapping[str, Sequence[str]], earlier: Iterable[EarlierTelling]
) -> dict[str, EarlierTelling]:
    """Return the first earlier article on each story's object or amount."""
    signs = {story_id: list(map(signs_of, own)) for story_id, own in titles.items()}
    return first_of_pairs(
        (row.story_id, row)
        for row in sorted(earlier, key=attrgetter("published_at", "url"))
        if row.is_same_object
        or _tell_one_amount(signs.get(row.story_id, []), signs_of(row.title))
    )


def known_behind(
    leads: Sequence[Lead], known: Collection[str], by: RankingWeights
) -> list[Lead]:
    """Return *leads* reranked, with the score of *known* ones reduced."""
    part = by.known
    lessened = [
        lead.lessened(part, "known before") if lead.story_ids[0] in known else lead
        for lead in leads
    ]
    return sorted(lessened, key=lambda lead: -lead.score)


def _tell_one_amount(own: Iterable[Signs], other: Signs) -> bool:
    """Tell whether a headline names the amount of another, in one currency or in two."""
    sums, amounts = _sums(other), find_amounts(other.plain)
    return any(
        shared_numbers(_sums(each), sums) or same_amount(find_amounts(each.plain), amounts)
        for each in own
    )


def _sums(signs: Signs) -> frozenset[str]:
    return frozenset(n for n in signs.numbers if "%" not in n and float(n) >= A_SUM)


def why_here(lead: Lead, language: str, name: Callable[[str], str]) -> str:
    """Return the reasons for the rank of *lead*; *name* names topics and events.

    As in "Why it stands here: told by several outlets, told in both languages"; ""
    where the beat alone brings it.
    """
    told = list(_reasons(lead, language, name))
    return say("here", language, why=say("list.and", language).join(told)) if told else ""


def _reasons(lead: Lead, language: str, name: Callable[[str], str]) -> Iterator[str]:
    weighed = sorted(lead.reasons, key=lambda reason: -reason[1])
    spoke = [what for what, weight in weighed if weight >= LEAST and what != "articles"]
    if lead.outlets == 1:
        spoke.remove("outlets")
    against = [what for what, weight in reversed(weighed) if weight <= AGAINST]
    for what in (*spoke[:TOLD], *against[:1]):
        key = f"here.{what}"
        yield say(key, language) if key in phrases(language) else name(what)


class _Headline(NamedTuple):
    """Grams of a headline, and the first of them, which are who acts."""

    grams: frozenset[str]
    lead: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Words:
    """Headlines of each story, and the rarity of each gram among the stories."""

    told: Mapping[str, Sequence[_Headline]]
    rarity: Mapping[str, float]
    # Of each headline's grams together: asked for every pair that it is in.
    whole: Mapping[frozenset[str], float]
    # Of each story: the grams of all its headlines, and how rare its least headline is.
    grams: Mapping[str, frozenset[str]]
    least: Mapping[str, float]

    def are_alike(self, a: LeadCandidate, b: LeadCandidate, enough: float) -> bool:
        """Tell whether two stories share *enough* of a headline's rare grams, 0 to 1."""
        shared = self.grams[a.story_id] & self.grams[b.story_id]
        least = min(self.least[a.story_id], self.least[b.story_id])
        most = sum(self.rarity[gram] for gram in shared) / max(least, NOTHING)
        # No two of their headlines share more than all do: most pairs end here.
        if most < enough - NOTHING:
            return False
        return any(
            self._share(one, other) >= enough
            for one in self.told[a.story_id]
            for other in self.told[b.story_id]
        )

    def versions(self, a: LeadCandidate, b: LeadCandidate) -> frozenset[str]:
        """Return the model names in both stories, such as V4 or GLM5.2."""
        shared = self.grams[a.story_id] & self.grams[b.story_id]
        return frozenset(filter(_VERSION.fullmatch, shared))

    def _share(self, one: _Headline, other: _Headline) -> float:
        shared = one.grams & other.grams
        # To share no more than who acts is to be of one actor.
        if len(shared) < FEWEST_SHARED or shared <= one.lead | other.lead:
            return 0.0
        whole = min(self.whole[one.grams], self.whole[other.grams])
        return sum(self.rarity[gram] for gram in shared) / max(whole, NOTHING)


def affairs(
    candidates: Sequence[LeadCandidate], by: RankingWeights
) -> list[list[LeadCandidate]]:
    """Return *candidates* grouped by affair, each group's main story first.

    The story with the most outlets is the first seed, and members must match the seed
    itself: chains of matches would merge all news on a company.
    """
    words = _words(candidates)
    near = _neighbours(candidates, words, by)
    free = {candidate.story_id: candidate for candidate in candidates}
    order = sorted(candidates, key=lambda c: (-len(c.outlets), -c.articles, c.story_id))
    groups = []
    for seed in order:
        if free.pop(seed.story_id, None):
            joined = [free.pop(i) for i in sorted(near[seed.story_id]) if i in free]
            groups.append([seed, *joined])
    return groups


def _words(candidates: Sequence[LeadCandidate]) -> _Words:
    told = {
        c.story_id: [_headline(title) for title in c.titles[:TITLES] or ("",)]
        for c in candidates
    }
    grams = {
        story_id: frozenset().union(*(each.grams for each in headlines))
        for story_id, headlines in told.items()
    }
    held = Counter(gram for all_grams in grams.values() for gram in all_grams)
    rarity = {gram: log(1 + len(told) / count) for gram, count in held.items()}
    every = {each.grams for headlines in told.values() for each in headlines}
    whole = {grams: sum(rarity[gram] for gram in grams) for grams in every}
    least = {
        story_id: min(whole[each.grams] for each in headlines)
        for story_id, headlines in told.items()
    }
    return _Words(told, rarity, whole, grams, least)


def _headline(title: str) -> _Headline:
    signs = signs_of(title)
    return _Headline(signs.grams, lead_of(signs))


def _neighbours(
    candidates: Sequence[LeadCandidate], words: _Words, by: RankingWeights
) -> dict[str, set[str]]:
    near: dict[str, set[str]] = {candidate.story_id: set() for candidate in candidates}
    for a, b in _pairs(candidates, words):
        if _is_one(a, b, words, by):
            near[a.story_id].add(b.story_id)
            near[b.story_id].add(a.story_id)
    return near


def _is_one(a: LeadCandidate, b: LeadCandidate, words: _Words, by: RankingWeights) -> bool:
    if set(a.affairs) & set(b.affairs):
        return True
    shared = set(a.subjects) & set(b.subjects)
    kinds = set(a.kinds) & set(b.kinds)
    # A ministry does much of one kind in a week.
    if shared - by.states and kinds & by.affairs.once:
        return True
    if shared and not kinds & by.affairs.lasting and words.versions(a, b):
        return True
    # News on two companies is worded alike: results, spending.
    if not shared and a.subjects and b.subjects:
        return False
    enough = by.affairs.alike_of_one if shared else by.affairs.alike
    return words.are_alike(a, b, enough)


def _pairs(
    candidates: Sequence[LeadCandidate], words: _Words
) -> Iterator[tuple[LeadCandidate, LeadCandidate]]:
    """Yield the pairs of stories that share a company or a rare gram."""
    by_key: defaultdict[str, list[int]] = defaultdict(list)
    for index, candidate in enumerate(candidates):
        companies = (f"company {company}" for company in candidate.subjects)
        of_affairs = (f"affair {affair_id}" for affair_id in candidate.affairs)
        for key in (*words.grams[candidate.story_id], *companies, *of_affairs):
            by_key[key].append(index)
    seen: set[tuple[int, int]] = set()
    for indices in by_key.values():
        if len(indices) <= CROWDED:
            seen.update(combinations(indices, 2))
    for i, j in sorted(seen):
        yield candidates[i], candidates[j]
