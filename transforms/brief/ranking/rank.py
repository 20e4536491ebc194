"""Put affairs in the order in which an editor would tell them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import log2

from transforms.brief.ranking.affairs import affairs
from transforms.brief.ranking.model import Lead, LeadCandidate
from transforms.brief.ranking.weights import RankingWeights, weights
from transforms.headlines.sides import find_side

MOST = 30
SIDES = ("china", "us_eu")


def rank(candidates: Sequence[LeadCandidate], most: int = MOST) -> list[Lead]:
    """Return the *most* affairs of *candidates* that weigh most, the weightiest first.

    What is of a firm that leads already weighs less.
    """
    by = weights()
    left = dict(_weighed(candidates, by))
    told: Counter[str] = Counter()
    order = {each: _place(each, left[each], told, by) for each in left}
    chosen: list[Lead] = []
    while left and len(chosen) < most:
        lead = min(order, key=order.__getitem__)
        del order[lead]
        subjects = left.pop(lead)
        told.update(subjects)
        chosen.append(lead)
        for other, of_other in left.items():
            if not subjects.isdisjoint(of_other):
                order[other] = _place(other, of_other, told, by)
    return chosen


def _weighed(
    candidates: Sequence[LeadCandidate], by: RankingWeights
) -> Iterator[tuple[Lead, frozenset[str]]]:
    for group in affairs(candidates):
        lead = _lead(group, by)
        acts = frozenset(name for name, _ in lead.reasons if name in by.act)
        yield lead, _firms(group, by) or acts


def _place(
    lead: Lead, subjects: frozenset[str], told: Counter[str], by: RankingWeights
) -> tuple[float, tuple[str, ...]]:
    """Return what leads are put in order by."""
    return -_then(lead, subjects, told, by), lead.story_ids


def _then(
    lead: Lead, subjects: frozenset[str], told: Counter[str], by: RankingWeights
) -> float:
    """Return the score after what was *told* of the same firms."""
    before = min((told[company] for company in subjects), default=0)
    return lead.score * by.actor["next_of_one"] ** before


def _lead(group: Sequence[LeadCandidate], by: RankingWeights) -> Lead:
    reasons = _reasons(group, by)
    sure = max(candidate.relevance for candidate in group) ** by.spread["relevance"]
    return Lead(
        story_ids=tuple(candidate.story_id for candidate in _shown(group, by)),
        score=round(sure * sum(weight for _, weight in reasons), 4),
        reasons=reasons,
    )


def _reasons(
    group: Sequence[LeadCandidate], by: RankingWeights
) -> tuple[tuple[str, float], ...]:
    state = _state(group, by)
    return (
        *_spread(group, by),
        *_act(group, by, state),
        *_actor(group, by, state),
        *_words(group, by),
    )


def _shown(group: Sequence[LeadCandidate], by: RankingWeights) -> Sequence[LeadCandidate]:
    """Return the stories of an affair, the one first that most outlets told."""
    if len(group) == 1:
        return group
    return sorted(group, key=lambda c: (-len(c.publishers), -_own(c, by), c.story_id))


def _own(candidate: LeadCandidate, by: RankingWeights) -> float:
    """Return the weight of a story by itself: the weightiest tells the affair."""
    return sum(weight for _, weight in _reasons([candidate], by))


def _spread(
    group: Sequence[LeadCandidate], by: RankingWeights
) -> Iterator[tuple[str, float]]:
    outlets = len({name for candidate in group for name in candidate.publishers})
    languages = {language for candidate in group for language in candidate.languages}
    told = min(outlets, by.spread["most_outlets"])
    yield "outlets", by.spread["outlets"] * log2(1 + told)
    articles = sum(candidate.articles for candidate in group)
    yield "articles", by.spread["articles"] * log2(1 + articles)
    yield "stories", by.spread["stories"] * log2(len(group))
    if {"en", "zh"} <= languages:
        yield "both languages", by.spread["both_languages"]


def _act(
    group: Sequence[LeadCandidate], by: RankingWeights, state: float
) -> Iterator[tuple[str, float]]:
    """Yield the weightiest kind of act, and a part of the next."""
    kinds = {kind for candidate in group for kind in candidate.kinds}
    part = dict.fromkeys(by.measures, by.reported) if not state else {}
    if all(by.states.issuperset(candidate.named) for candidate in group):
        part |= dict.fromkeys(by.of_firms, by.nobody)
    found = sorted(
        ((by.act.get(kind, 0.0) * part.get(kind, 1.0), kind) for kind in kinds),
        reverse=True,
    )
    for place, (weight, kind) in enumerate(found[:2]):
        if weight > 0:
            yield kind, weight * (by.second if place else 1.0)


def _firms(group: Sequence[LeadCandidate], by: RankingWeights) -> frozenset[str]:
    """Return the firms that a group is about, without bodies of state."""
    return frozenset(c for candidate in group for c in candidate.subjects) - by.states


def _state(group: Sequence[LeadCandidate], by: RankingWeights) -> float:
    """Return how much of a group's headlines tell what a state does, 0 to 1."""
    if any(by.states.intersection(candidate.subjects) for candidate in group):
        return 1.0
    titles = [title for candidate in group for title in candidate.titles]
    acting = sum(
        1 for title in titles if (side := find_side(title)) and side.value in SIDES
    )
    return acting / max(len(titles), 1)


def _actor(
    group: Sequence[LeadCandidate], by: RankingWeights, state: float
) -> Iterator[tuple[str, float]]:
    if state:
        yield "a state acts", by.actor["state"] * state
    firms = _firms(group, by)
    # Those that a measure names are what it is about.
    hit = (
        {company for candidate in group for company in candidate.named} if state else set()
    )
    if (firms | hit) & by.large:
        yield "a large firm", by.actor["large"]
    elif firms:
        yield "a firm we follow", by.actor["known"]


def _words(
    group: Sequence[LeadCandidate], by: RankingWeights
) -> Iterator[tuple[str, float]]:
    """Yield words by the share of headlines that have them."""
    titles = [title for candidate in group for title in candidate.titles]
    for words in by.words:
        share = sum(1 for title in titles if words.pattern.search(title)) / max(
            len(titles), 1
        )
        if share:
            yield words.name, words.weight * share
