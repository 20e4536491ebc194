"""Add up what speaks for each topic, and say why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from transforms.documents import Document
from transforms.topics.model import Reason, TopicMatcher, Vote
from transforms.topics.poll import poll
from transforms.watchlist import Topic

Fate = Literal["kept", "below_threshold", "far_below_best", "beyond_cap"]


class Weighed(NamedTuple):
    """A topic with its score, the reasons for it, and what became of it."""

    topic: Topic
    score: float
    reasons: list[Reason]
    fate: Fate

    @property
    def heaviest(self) -> Reason:
        """The reason that weighed most."""
        if len(self.reasons) == 1:
            return self.reasons[0]
        return min(self.reasons, key=lambda r: (-r.value, -len(r.term), r))


class _Count(NamedTuple):
    """All votes, and their sums by topic; *spoken* is what no company added."""

    votes: list[Vote]
    scores: dict[int, float]
    spoken: dict[int, float]


def weigh(
    document: Document, company_ids: Iterable[str], matcher: TopicMatcher
) -> list[Weighed]:
    """Return every topic and event type that anything speaks for, best first."""
    count = _count(document, company_ids, matcher)
    return list(_select(count.scores, count, document, matcher))


def weigh_kept(
    document: Document, company_ids: Iterable[str], matcher: TopicMatcher
) -> list[Weighed]:
    """Return those of ``weigh`` that are kept.

    Most topics that something speaks for stay below their threshold, and are left out
    before anything is sorted.
    """
    count = _count(document, company_ids, matcher)
    least = matcher.thresholds
    reaching = [topic for topic, score in count.scores.items() if score >= least[topic]]
    if not reaching:
        return []
    selected = _select(reaching, count, document, matcher)
    return [weighed for weighed in selected if weighed.fate == "kept"]


def _count(document: Document, company_ids: Iterable[str], matcher: TopicMatcher) -> _Count:
    votes = poll(document, matcher)
    spoken = _add({}, votes)
    priors = _priors(company_ids, matcher)
    return _Count([*votes, *priors], _add(spoken.copy(), priors), spoken)


def _add(scores: dict[int, float], votes: Iterable[Vote]) -> dict[int, float]:
    for topic, value, _ in votes:
        scores[topic] = scores.get(topic, 0.0) + value
    return scores


def _priors(company_ids: Iterable[str], matcher: TopicMatcher) -> Iterable[Vote]:
    """Return the highest prior per topic: ten carmakers are not ten times cars."""
    best: dict[int, Vote] = {}
    for company_id in company_ids:
        for vote in matcher.priors.get(company_id, ()):
            before = best.get(vote.topic)
            if before is None or (vote.value, vote.reason) > (before.value, before.reason):
                best[vote.topic] = vote
    return best.values()


def _select(
    topics: Iterable[int], count: _Count, document: Document, matcher: TopicMatcher
) -> Iterator[Weighed]:
    """Yield topics with their fates, then event types, each best first.

    Those below their thresholds may be missing from *topics*: they push out none.
    """
    ranked = _ranked(topics, count, matcher)
    reasons: dict[int, list[Reason]] = {topic: [] for topic in ranked}
    for topic, _, reason in count.votes:
        if topic in reasons:
            reasons[topic].append(reason)
    for topic, fate in _fates(ranked, count, document, matcher):
        yield Weighed(matcher.topics[topic], count.scores[topic], reasons[topic], fate)


def _ranked(topics: Iterable[int], count: _Count, matcher: TopicMatcher) -> list[int]:
    def rank(number: int) -> tuple[bool, float, float, str]:
        topic = matcher.topics[number]
        # In a tie, a topic of the text goes before one that a company only makes likely.
        score, spoken = count.scores[number], count.spoken.get(number, 0.0)
        return topic.kind == "event", -score, -spoken, topic.topic_id

    return sorted(topics, key=rank)


def _fates(
    ranked: Iterable[int], count: _Count, document: Document, matcher: TopicMatcher
) -> Iterator[tuple[int, Fate]]:
    scoring, topics = matcher.scoring, matcher.topics
    is_long = len(document.headline) > scoring.long_text
    room = scoring.long_cap if is_long else scoring.cap
    scores = (s for t, s in count.scores.items() if topics[t].kind == "topic")
    least = scoring.share_of_best * max(scores, default=0.0)
    for topic in ranked:
        score = count.scores[topic]
        if score < matcher.thresholds[topic]:
            yield topic, "below_threshold"
        elif topics[topic].kind == "event":
            yield topic, "kept"
        elif score < least:
            yield topic, "far_below_best"
        elif room == 0:
            yield topic, "beyond_cap"
        else:
            room -= 1
            yield topic, "kept"
