"""Developing stories: stories on one matter, such as a model, its price, its departures."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log
from typing import NamedTuple

from transforms.brief.ranking.leads import LeadCandidate, RankingWeights
from transforms.stories.features import lead_of, signs_of

TITLES = 6
FEWEST_SHARED = 2
# A key that so many stories share says nothing, and would compare all with all.
CROWDED = 150
NOTHING = 1e-9
_VERSION = re.compile(r"(?=.*[a-z])(?=.*\d)[a-z\d.-]{2,}")


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
    order = sorted(candidates, key=lambda c: (-len(c.publishers), -c.articles, c.story_id))
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
