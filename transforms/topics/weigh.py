"""Add up what speaks for each topic, and say why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from transforms.documents import Document, Field
from transforms.text import LATIN
from transforms.topics.compile import Term, TopicMatcher
from transforms.watchlist import Scoring, Topic

Fate = Literal["kept", "below_threshold", "far_below_best", "beyond_cap"]
_ROUNDING = 1e-9


class Reason(NamedTuple):
    """One term, where it stood, and what it added; a company's id for its prior."""

    term: str
    field: str
    value: float


class Weighed(NamedTuple):
    """A topic with its score, the reasons for it, and what became of it."""

    topic: Topic
    score: float
    reasons: list[Reason]
    fate: Fate

    @property
    def heaviest(self) -> Reason:
        """The reason that weighed most."""
        return max(
            sorted(self.reasons), key=lambda reason: (reason.value, len(reason.term))
        )


@dataclass(slots=True, eq=False)
class _Scale:
    """What has been found for a topic so far; *spoken* is what no company added."""

    topic: Topic
    score: float = 0.0
    spoken: float = 0.0
    reasons: list[Reason] = field(default_factory=list)


def weigh(
    document: Document, company_ids: Iterable[str], matcher: TopicMatcher
) -> list[Weighed]:
    """Return every topic and event type that anything speaks for, best first."""
    topics: list[_Scale] = []
    events: list[_Scale] = []
    for scale in _weighed(document, company_ids, matcher):
        (topics if scale.topic.kind == "topic" else events).append(scale)
    length = len(document.headline)
    return [
        *_select_topics(_ranked(topics), matcher.scoring, length),
        *_select_events(_ranked(events), matcher.scoring),
    ]


def _weighed(
    document: Document, company_ids: Iterable[str], matcher: TopicMatcher
) -> Iterable[_Scale]:
    scoring = matcher.scoring
    scales: dict[tuple[str, str], _Scale] = {}
    counted: dict[Term, None] = {}
    for text in document.fields:
        if text.name == "content":
            continue
        factor = scoring.title if text.name == "title" else scoring.summary
        for term in _found(text, matcher):
            if term not in counted:
                counted[term] = None
                # What speaks against a topic does so wherever it stands.
                value = term.weight * (factor if term.weight > 0 else 1)
                _add(scales, term.topic, Reason(term.text, text.name, value))
    for topic, reason in _priors(company_ids, matcher):
        _add(scales, topic, reason)
    return scales.values()


def _add(scales: dict[tuple[str, str], _Scale], topic: Topic, reason: Reason) -> None:
    key = topic.kind, topic.topic_id
    scale = scales.get(key)
    if scale is None:
        scale = scales[key] = _Scale(topic)
    scale.reasons.append(reason)
    scale.score += reason.value
    if reason.field:
        scale.spoken += reason.value


def _priors(
    company_ids: Iterable[str], matcher: TopicMatcher
) -> Iterator[tuple[Topic, Reason]]:
    """Yield the highest prior per topic: ten carmakers are not ten times cars."""
    best: dict[str, tuple[float, str]] = {}
    for company_id in company_ids:
        for topic_id, value in matcher.priors.get(company_id, {}).items():
            best[topic_id] = max(best.get(topic_id, (0.0, "")), (value, company_id))
    for topic_id, (value, company_id) in best.items():
        yield matcher.topics[topic_id], Reason(f"company:{company_id}", "", value)


def _found(text: Field, matcher: TopicMatcher) -> Iterable[Term]:
    # Dictionaries rather than sets: sums of floats depend on the order.
    found: dict[Term, None] = {}
    worth_trying = dict.fromkeys(matcher.always)
    forms = matcher.forms
    places = matcher.automaton.find_matches_as_indexes(text.lower, overlapping=True)
    standing = {number for number, _, _ in places}
    for number, start, end in places:
        form = forms[number]
        for term in form.terms:
            if term not in found and _stands(term, text, start, end):
                found[term] = None
        if form.patterns:
            worth_trying.update(dict.fromkeys(form.patterns))
    for term in worth_trying:
        if _matches(term, text, standing):
            found[term] = None
    return found


def _matches(term: Term, text: Field, standing: AbstractSet[int]) -> bool:
    if not term.pattern or any(map(standing.isdisjoint, term.needs)):
        return False
    sought = text.lower if term.pattern.in_lower else text.text
    return term.pattern.search(sought) is not None


def _stands(term: Term, text: Field, start: int, end: int) -> bool:
    if term.whole_word:
        lower = text.lower
        if start and lower[start - 1] in LATIN:
            return False
        if end < len(lower) and lower[end] in LATIN:
            return False
    return not term.exact or text.text[start:end] == term.text


def _ranked(scales: Iterable[_Scale]) -> list[_Scale]:
    # In a tie, a topic of the text goes before one that a company only makes likely.
    return sorted(scales, key=lambda s: (-s.score, -s.spoken, s.topic.topic_id))


def _select_topics(
    ranked: Sequence[_Scale], scoring: Scoring, length: int
) -> Iterator[Weighed]:
    cap = scoring.long_cap if length > scoring.long_text else scoring.cap
    kept = 0
    for scale in ranked:
        fate: Fate = "kept"
        threshold = scale.topic.threshold
        if threshold is None:
            threshold = scoring.threshold
        if scale.score < threshold - _ROUNDING:
            fate = "below_threshold"
        elif scale.score < scoring.share_of_best * ranked[0].score:
            fate = "far_below_best"
        elif kept >= cap:
            fate = "beyond_cap"
        else:
            kept += 1
        yield Weighed(scale.topic, scale.score, scale.reasons, fate)


def _select_events(ranked: Iterable[_Scale], scoring: Scoring) -> Iterator[Weighed]:
    """Keep each event type that one of its terms speaks for, in whichever field."""
    for scale in ranked:
        threshold = scale.topic.threshold
        if threshold is None:
            threshold = scoring.strong * scoring.summary
        enough = scale.score >= threshold - _ROUNDING
        fate: Fate = "kept" if enough else "below_threshold"
        yield Weighed(scale.topic, scale.score, scale.reasons, fate)
