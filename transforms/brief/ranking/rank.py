"""Order of developing stories, modelled on an editor's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log2

from transforms.brief.ranking.leads import (
    TITLES,
    Lead,
    LeadCandidate,
    RankingWeights,
    affairs,
)
from transforms.grouping import first_of_pairs
from transforms.headlines.facts import STATES
from transforms.stories.features import signs_of

MOST = 30
# From this share of a group's headlines on, it tells what a state does.
MOSTLY = 0.5
# So many outlets tell a story widely.
WIDELY = 3


@dataclass(frozen=True, slots=True)
class _Weighed:
    """An affair, what it is about; ``act`` is what a state does in it.

    ``measure`` is the affair of the ledger that it is a ``step`` of.
    """

    lead: Lead
    subjects: frozenset[str]
    act: str
    measure: str = ""
    step: str = ""

    def is_other_step(self, other: _Weighed) -> bool:
        """Tell whether *other* is another step of the same affair of measures."""
        return self.measure == other.measure != "" and self.step != other.step


def is_light(lead: Lead, by: RankingWeights) -> bool:
    """Tell whether the score of *lead* is too low for a leading story."""
    return lead.score < by.light


def rank(
    candidates: Sequence[LeadCandidate], by: RankingWeights, most: int = MOST
) -> list[Lead]:
    """Return the *most* affairs of *candidates* with the highest scores, in order.

    An affair on the same subject as a higher one with as many outlets loses part of its
    score. What scores less than ``least`` is left out.
    """
    left = dict(enumerate(_weighed(candidates, by)))
    told: defaultdict[str, list[_Weighed]] = defaultdict(list)
    order = {number: _place(each, told, by) for number, each in left.items()}
    chosen: list[Lead] = []
    while left and len(chosen) < most:
        number = min(order, key=order.__getitem__)
        del order[number]
        first = left.pop(number)
        part = _left_of(first, told, by)
        chosen.append(first.lead.lessened(part, "told of before"))
        about = first.subjects | {first.act} - {""}
        for subject in about:
            told[subject].append(first)
        for other, each in left.items():
            if each.act in about or not about.isdisjoint(each.subjects):
                order[other] = _place(each, told, by)
    return [lead for lead in chosen if lead.score >= by.least]


def _weighed(candidates: Sequence[LeadCandidate], by: RankingWeights) -> Iterator[_Weighed]:
    top = _top_of_bursts(candidates)
    for group in affairs(candidates, by):
        state = _state(group, by)
        bursts = any(candidate.story_id in top for candidate in group)
        lead = _lead(group, by, state, burst=by.spread["burst"] if bursts else 0.0)
        act = _act_of_state(group, by, state)
        yield _of_ledger(_Weighed(lead, _subjects(group, by, act), act), group)


def _of_ledger(each: _Weighed, group: Sequence[LeadCandidate]) -> _Weighed:
    """Return *each* as the ledger of measures knows its act, if it does.

    An answer is no more of what it answers, nor of a firm: only another answer to that is.
    """
    told = next((candidate for candidate in group if candidate.measure), None)
    if told is None:
        return each
    if told.is_answer:
        return replace(each, subjects=frozenset({f"answer {told.measure}"}), act="")
    # Where headlines do not say that a state acts, its subjects are the firms it hits.
    upon = each.subjects if each.act else frozenset()
    return replace(
        each,
        subjects=upon | {told.act},
        act=each.act or told.measure,
        measure=told.measure,
        step=told.act,
    )


def _top_of_bursts(candidates: Sequence[LeadCandidate]) -> frozenset[str]:
    """Return the story of each burst that most outlets tell."""
    by_width = sorted(candidates, key=_width, reverse=True)
    widest = first_of_pairs((c, each.story_id) for each in by_width for c in each.bursts)
    return frozenset(widest.values())


def _width(candidate: LeadCandidate) -> tuple[int, int, str]:
    return len(candidate.outlets), candidate.articles, candidate.story_id


def _place(
    each: _Weighed, told: Mapping[str, Sequence[_Weighed]], by: RankingWeights
) -> tuple[float, tuple[str, ...]]:
    """Return what leads are put in order by."""
    return -each.lead.score * _left_of(each, told, by), each.lead.story_ids


def _left_of(
    each: _Weighed, told: Mapping[str, Sequence[_Weighed]], by: RankingWeights
) -> float:
    """Return what is left of a score after what was *told* of the same as widely."""
    known = [_told(told, subject, each) for subject in each.subjects]
    if not each.act:
        # News of two firms is no repeat while one of them was not told of.
        return by.actor["next_of_one"] ** min(map(len, known), default=0)
    # Another act of the same kind, upon something else, is news in part; another step too.
    same = max(sum(1 for lead in leads if not each.is_other_step(lead)) for leads in known)
    other = len(_told(told, each.act, each)) - same
    return by.actor["next_of_act"] ** same * by.actor["next_of_kind"] ** other


def _told(
    told: Mapping[str, Sequence[_Weighed]], subject: str, each: _Weighed
) -> Sequence[_Weighed]:
    """Return the leads on a subject that count: those told by fewer outlets do not.

    Unless few tell this one either: the widest told story of a firm is its first.
    """
    known = told.get(subject, ())
    if each.lead.outlets < WIDELY:
        return known
    return [lead for lead in known if lead.lead.outlets >= each.lead.outlets]


def _subjects(
    group: Sequence[LeadCandidate], by: RankingWeights, act: str
) -> frozenset[str]:
    """Return what a group is about: a firm; or what a state does, and upon whom or what.

    A policy that names a firm is not that firm's news.
    """
    firms = _firms(group, by)
    if not act:
        return firms or frozenset(kind for kind in _kinds(group) if kind in by.act)
    fields = {topic for c in group for topic in c.topics} - by.measures
    things = {
        thing
        for candidate in group
        for title in candidate.titles[:TITLES]
        for thing in _things(title, by)
    }
    return frozenset(f"{act} {upon}" for upon in firms | fields | things) or frozenset(
        {act}
    )


def _things(title: str, by: RankingWeights) -> frozenset[str]:
    """Return the things that a headline is about, such as an army."""
    return by.concepts.concepts_of(signs_of(title).plain).thing


def _act_of_state(group: Sequence[LeadCandidate], by: RankingWeights, state: float) -> str:
    """Return the weightiest of what a state does, nothing if none acts."""
    kinds = [kind for kind in _kinds(group) if kind in by.act] if state >= MOSTLY else []
    return min(kinds, key=lambda kind: (-by.act[kind], kind), default="")


def _lead(
    group: Sequence[LeadCandidate], by: RankingWeights, state: float, *, burst: float
) -> Lead:
    reasons = _reasons(group, by, state)
    if burst:
        reasons = (*reasons, ("burst", burst))
    # A measure's topic is held to who against whom: it says in part that it is of the beat.
    is_measure = state >= MOSTLY and not by.measures.isdisjoint(_kinds(group))
    power = by.spread["relevance_of_measure" if is_measure else "relevance"]
    sure = max(candidate.relevance for candidate in group) ** power
    lead = Lead(
        story_ids=tuple(candidate.story_id for candidate in _shown(group, by)),
        score=round(sure * sum(weight for _, weight in reasons), 4),
        reasons=reasons,
        outlets=len(_outlets(group)),
    )
    if any(candidate.is_reported for candidate in group):
        return lead
    return lead.lessened(by.talk["left"], "no report")


def _reasons(
    group: Sequence[LeadCandidate], by: RankingWeights, state: float
) -> tuple[tuple[str, float], ...]:
    return (
        *_spread(group, by, state),
        *_act(group, by, state),
        *_actor(group, by, state),
        *_words(group, by),
    )


def _shown(group: Sequence[LeadCandidate], by: RankingWeights) -> Sequence[LeadCandidate]:
    """Return the stories of an affair, the weightiest report first: it tells the affair."""
    if len(group) == 1:
        return group
    return sorted(group, key=lambda c: (not c.is_reported, -_own(c, by), c.story_id))


def _own(candidate: LeadCandidate, by: RankingWeights) -> float:
    """Return the weight of a story by itself."""
    reasons = _reasons([candidate], by, _state([candidate], by))
    return sum(weight for _, weight in reasons)


def _outlets(group: Iterable[LeadCandidate]) -> frozenset[str]:
    return frozenset(name for candidate in group for name in candidate.outlets)


def _spread(
    group: Sequence[LeadCandidate], by: RankingWeights, state: float
) -> Iterator[tuple[str, float]]:
    outlets = len(_outlets(group))
    told = min(outlets, by.spread["most_outlets"])
    yield "outlets", by.spread["outlets"] * log2(1 + told)
    articles = sum(candidate.articles for candidate in group)
    yield "articles", by.spread["articles"] * log2(1 + articles)
    yield "stories", by.spread["stories"] * log2(len(group))
    # Many acts of states are told in one language alone: that says nothing of them.
    if state < 1 and any({"en", "zh"} <= set(candidate.languages) for candidate in group):
        yield "both languages", by.spread["both_languages"] * (1 - state)


def _act(
    group: Sequence[LeadCandidate], by: RankingWeights, state: float
) -> Iterator[tuple[str, float]]:
    """Yield the weightiest kind of act, and a part of the next."""
    part = dict.fromkeys(by.measures, by.reported) if not state else {}
    if all(by.states.issuperset(candidate.companies) for candidate in group):
        part |= dict.fromkeys(by.of_firms, by.nobody)
    found = sorted(
        ((by.act.get(kind, 0.0) * part.get(kind, 1.0), kind) for kind in _kinds(group)),
        reverse=True,
    )
    for place, (weight, kind) in enumerate(found[:2]):
        if weight > 0:
            yield kind, weight * (by.second if place else 1.0)


def _kinds(group: Iterable[LeadCandidate]) -> frozenset[str]:
    return frozenset(kind for candidate in group for kind in candidate.kinds)


def _firms(group: Sequence[LeadCandidate], by: RankingWeights) -> frozenset[str]:
    """Return the firms that a group is about, without bodies of state."""
    return frozenset(c for candidate in group for c in candidate.subjects) - by.states


def _state(group: Sequence[LeadCandidate], by: RankingWeights) -> float:
    """Return how much of a group's headlines tell what a state does, 0 to 1."""
    if any(by.states.intersection(candidate.subjects) for candidate in group):
        return 1.0
    titles = [title for candidate in group for title in candidate.titles]
    acting = sum(
        1 for title in titles if (side := by.sides.find(title)) and side.value in STATES
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
        {company for candidate in group for company in candidate.companies}
        if state
        else set()
    )
    part = _part_of_firm(group, by)
    if (firms | hit) & by.large:
        yield "a large firm", by.actor["large"] * part
    elif firms:
        yield "a firm we follow", by.actor["known"] * part


def _part_of_firm(group: Sequence[LeadCandidate], by: RankingWeights) -> float:
    """Return how much of a firm's weight counts: all where somebody acts."""
    kinds = _kinds(group)
    if any(candidate.events for candidate in group) or kinds & by.measures:
        return 1.0
    if kinds & by.games:
        return by.actor["at_play"]
    return 1.0 if any(weight > 0 for _, weight in _words(group, by)) else by.actor["idle"]


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
