"""Add up what speaks for each topic, and say why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Weighed:
    """A topic with its score, the reasons for it, and what became of it."""

    topic: Topic
    score: float
    reasons: tuple[Reason, ...]
    fate: Fate

    @property
    def heaviest(self) -> Reason:
        """The reason that weighed most."""
        return max(self.reasons, key=lambda reason: (reason.value, len(reason.term)))


def weigh(
    document: Document, company_ids: Iterable[str], matcher: TopicMatcher
) -> list[Weighed]:
    """Return every topic and event type that anything speaks for, best first."""
    topics: dict[str, tuple[Topic, list[Reason]]] = {}
    events: dict[str, tuple[Topic, list[Reason]]] = {}
    for topic, reason in _reasons(document, company_ids, matcher):
        scores = topics if topic.kind == "topic" else events
        scores.setdefault(topic.topic_id, (topic, []))[1].append(reason)
    length = len(document.headline)
    return [
        *_select_topics(_ranked(topics), matcher.scoring, length),
        *_select_events(_ranked(events), matcher.scoring),
    ]


def _reasons(
    document: Document, company_ids: Iterable[str], matcher: TopicMatcher
) -> Iterator[tuple[Topic, Reason]]:
    scoring = matcher.scoring
    counted: set[Term] = set()
    for field in document.fields:
        if field.name == "content":
            continue
        factor = scoring.title if field.name == "title" else scoring.summary
        for term in _found(field, matcher) - counted:
            counted.add(term)
            # What speaks against a topic does so wherever it stands.
            value = term.weight * (factor if term.weight > 0 else 1)
            yield term.topic, Reason(term.text, field.name, value)
    yield from _priors(company_ids, matcher)


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


def _found(field: Field, matcher: TopicMatcher) -> set[Term]:
    found: set[Term] = set()
    worth_trying: set[Term] = set(matcher.always)
    for number, start, end in matcher.automaton.find_matches_as_indexes(
        field.lower, overlapping=True
    ):
        form = matcher.forms[number]
        worth_trying.update(form.patterns)
        for term in form.terms:
            if term not in found and _stands(term, field, start, end):
                found.add(term)
    for term in worth_trying:
        if term.pattern and term.pattern.search(field.text):
            found.add(term)
    return found


def _stands(term: Term, field: Field, start: int, end: int) -> bool:
    if term.whole_word:
        lower = field.lower
        if start and lower[start - 1] in LATIN:
            return False
        if end < len(lower) and lower[end] in LATIN:
            return False
    return not term.exact or field.text[start:end] == term.text


def _ranked(
    scores: dict[str, tuple[Topic, list[Reason]]],
) -> list[tuple[Topic, float, tuple[Reason, ...]]]:
    ranked = [
        (topic, sum(r.value for r in reasons), tuple(sorted(reasons)))
        for topic, reasons in scores.values()
    ]
    # In a tie, a topic of the text goes before one that a company only makes likely.
    return sorted(ranked, key=lambda e: (-e[1], -_spoken(e[2]), e[0].topic_id))


def _spoken(reasons: tuple[Reason, ...]) -> float:
    return sum(reason.value for reason in reasons if reason.field)


def _select_topics(
    ranked: list[tuple[Topic, float, tuple[Reason, ...]]], scoring: Scoring, length: int
) -> Iterator[Weighed]:
    cap = scoring.long_cap if length > scoring.long_text else scoring.cap
    kept = 0
    for topic, score, reasons in ranked:
        fate: Fate = "kept"
        threshold = topic.threshold if topic.threshold is not None else scoring.threshold
        if score < threshold - _ROUNDING:
            fate = "below_threshold"
        elif score < scoring.share_of_best * ranked[0][1]:
            fate = "far_below_best"
        elif kept >= cap:
            fate = "beyond_cap"
        else:
            kept += 1
        yield Weighed(topic, score, reasons, fate)


def _select_events(
    ranked: list[tuple[Topic, float, tuple[Reason, ...]]], scoring: Scoring
) -> Iterator[Weighed]:
    """Keep each event type that one of its terms speaks for, in whichever field."""
    for topic, score, reasons in ranked:
        threshold = topic.threshold
        if threshold is None:
            threshold = scoring.strong * scoring.summary
        enough = score >= threshold - _ROUNDING
        yield Weighed(topic, score, reasons, "kept" if enough else "below_threshold")
