"""Add up what speaks for each topic, and say why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Literal, NamedTuple

from transforms.documents import Document
from transforms.topics.model import Reason, TopicMatcher, Vote
from transforms.topics.tally import tally
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
    return _selected(list(count.scores), count, document, matcher)


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
    selected = _selected(reaching, count, document, matcher)
    return [weighed for weighed in selected if weighed.fate == "kept"]


def _count(document: Document, company_ids: Iterable[str], matcher: TopicMatcher) -> _Count:
    priors = _priors(company_ids, matcher)
    votes = tally(document, matcher, priors)
    spoken = _add({}, votes)
    if not priors:
        return _Count(votes, spoken, spoken)
    return _Count([*votes, *priors], _add(spoken.copy(), priors), spoken)


def _add(scores: dict[int, float], votes: Iterable[Vote]) -> dict[int, float]:
    for topic, value, _ in votes:
        scores[topic] = scores.get(topic, 0.0) + value
    return scores


def _priors(company_ids: Iterable[str], matcher: TopicMatcher) -> Collection[Vote]:
    """Return the highest prior per topic: ten carmakers are not ten times cars."""
    best: dict[int, Vote] = {}
    for company_id in company_ids:
        for vote in matcher.priors.get(company_id, ()):
            before = best.get(vote.topic)
            if before is None or (vote.value, vote.reason) > (before.value, before.reason):
                best[vote.topic] = vote
    return best.values()


def _selected(
    numbers: list[int], count: _Count, document: Document, matcher: TopicMatcher
) -> list[Weighed]:
    """Return topics with their fates, then event types, each best first.

    Those below their thresholds may be missing from *numbers*: they push out none.
    """
    topics, scores = matcher.topics, count.scores
    reasons = _reasons(numbers, count.votes)
    fates = _fates(_ranked(numbers, count, topics), scores, document, matcher)
    return [Weighed(topics[n], scores[n], reasons[n], fate) for n, fate in fates]


def _reasons(numbers: list[int], votes: list[Vote]) -> dict[int, list[Reason]]:
    reasons: dict[int, list[Reason]] = {number: [] for number in numbers}
    for topic, _, reason in votes:
        if topic in reasons:
            reasons[topic].append(reason)
    return reasons


def _ranked(numbers: list[int], count: _Count, topics: Sequence[Topic]) -> list[int]:
    if len(numbers) == 1:
        return numbers
    # In a tie, a topic of the text goes before one that a company only makes likely.
    scores, spoken = count.scores, count.spoken
    ranked = [(-scores[n], -spoken.get(n, 0.0), topics[n].topic_id, n) for n in numbers]
    return [n for _, _, _, n in sorted(ranked)]


def _fates(
    ranked: list[int], scores: dict[int, float], document: Document, matcher: TopicMatcher
) -> list[tuple[int, Fate]]:
    scoring, topics = matcher.scoring, matcher.topics
    is_long = len(document.headline) > scoring.long_text
    room = scoring.long_cap if is_long else scoring.cap
    of_topics = [score for n, score in scores.items() if topics[n].kind == "topic"]
    least = scoring.share_of_best * max(of_topics, default=0.0)
    fates: list[tuple[int, Fate]] = []
    events: list[tuple[int, Fate]] = []
    for number in ranked:
        score = scores[number]
        enough = score >= matcher.thresholds[number]
        if topics[number].kind == "event":
            events.append((number, "kept" if enough else "below_threshold"))
        elif not enough:
            fates.append((number, "below_threshold"))
        elif score < least:
            fates.append((number, "far_below_best"))
        elif room == 0:
            fates.append((number, "beyond_cap"))
        else:
            room -= 1
            fates.append((number, "kept"))
    return fates + events
