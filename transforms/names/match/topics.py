"""Topics and events of a text: sums of votes, thresholds and reasons.

Each distinct term in a text adds to its topics' scores, each company named adds its priors.
Topics that reach the threshold, and are not far below the best one, are kept. Of topics on
the acts of sides, those of the side that acts are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal, NamedTuple

from transforms.models import Mention, Tag
from transforms.names.match.clauses import Named
from transforms.names.match.document import ArticleText
from transforms.names.match.terms import Reason, TopicMatcher, Vote, tally
from transforms.names.rules.watchlist import Topic
from transforms.text.fold import fold

# More than sums of floats in another order differ by.
_SLACK = 1e-9
Fate = Literal["kept", "below_threshold", "far_below_best", "other_side", "beyond_cap"]


def tags_in(
    document: ArticleText,
    mentions: Iterable[Mention],
    matcher: TopicMatcher,
    article_id: str = "",
    acting: str = "",
) -> list[Tag]:
    """Return the tags of a folded text; *acting* is the side whose act it tells of."""
    named = _named(mentions) if mentions else {}
    version = matcher.rules_version
    return [
        # By place: names would take twice as long.
        Tag(
            *(article_id, topic.topic_id, topic.kind, why.term, round(score, 3), version),
            _object(why.object, named, document),
        )
        for topic, score, why in _weigh_kept(document, named, matcher, acting)
    ]


def topics_possible(document: ArticleText, matcher: TopicMatcher) -> list[Topic]:
    """Return all topics and events that a text may have which names no company.

    Of patterns and clauses only a literal is looked for, and nothing that speaks against a
    topic, so that these are those of ``tags_in`` and some more, for a fifth of its time.
    """
    scores: dict[int, float] = {}
    seen: set[int] = set()
    headlined: set[int] = set()
    forms = matcher.forms
    for field in document.fields:
        if field.name == "content":
            continue
        side = 0 if field.name == "title" else 1
        for number, _, _ in matcher.automaton.find_matches_as_indexes(
            field.lower, overlapping=True
        ):
            if number not in seen:
                seen.add(number)
                for topic, value in forms[number].most[side]:
                    scores[topic] = scores.get(topic, 0.0) + value
        if side == 0:
            headlined.update(scores)
    return [matcher.topics[n] for n in sorted(_reached(scores, headlined, matcher))]


def _reached(
    scores: dict[int, float], headlined: Collection[int], matcher: TopicMatcher
) -> set[int]:
    """Return what may reach its threshold with *scores*, and what an event then implies."""
    thresholds, of_events = matcher.thresholds, matcher.events
    events = {
        n for n in of_events.intersection(headlined) if scores[n] + _SLACK >= thresholds[n]
    } | (matcher.anywhere & of_events)
    for event in events:
        for topic, value, _ in matcher.implied.get(event, ()):
            if value > 0:
                scores[topic] = scores.get(topic, 0.0) + value
    topics = {n for n, score in scores.items() if score + _SLACK >= thresholds[n]}
    return (topics - of_events) | events | matcher.anywhere


def _object(words: str, named: Named, document: ArticleText) -> str | None:
    """Return the company that *words* name, else these as they were written, if any."""
    for company_id, spellings in named.items():
        if any(fold(spelling).text == words for spelling in spellings):
            return company_id
    for field in document.fields if words else ():
        if (start := field.text.find(words)) >= 0:
            return field.written(start, start + len(words))[0]
    return words or None


def _named(mentions: Iterable[Mention]) -> dict[str, set[str]]:
    """Return the spellings of each company in title and summary, in order of the ids."""
    named: dict[str, set[str]] = {}
    for company_id, alias in sorted(
        {(m.company_id, m.alias) for m in mentions if m.field != "content"}
    ):
        named.setdefault(company_id, set()).add(alias)
    return named


class WeighedTopic(NamedTuple):
    """A topic with its score, its reasons and its outcome."""

    topic: Topic
    score: float
    reasons: list[Reason]
    fate: Fate


class _Count(NamedTuple):
    """All votes and their sums by topic; *spoken* are the votes of terms."""

    votes: list[Vote]
    scores: dict[int, float]
    spoken: dict[int, float]


def weigh(
    document: ArticleText, named: Named, matcher: TopicMatcher, acting: str = ""
) -> list[WeighedTopic]:
    """Return the topics with votes, then event types, each highest score first."""
    count = _count(document, named, matcher)
    kept, least, others = _kept(count, document, matcher, acting)
    of_events, scores = matcher.events, count.scores
    ranked = sorted(_ranked(list(scores), count, matcher), key=of_events.__contains__)
    fates = {n: _lost(n, scores[n], least, matcher) for n in ranked}
    fates.update(dict.fromkeys(others, "other_side"))
    fates.update(dict.fromkeys(kept, "kept"))
    return [
        WeighedTopic(
            matcher.topics[n],
            scores[n],
            [vote.reason for vote in count.votes if vote.topic == n],
            fates[n],
        )
        for n in ranked
    ]


def _weigh_kept(
    document: ArticleText, named: Named, matcher: TopicMatcher, acting: str
) -> list[tuple[Topic, float, Reason]]:
    """Return those of ``weigh`` that are kept, with score and heaviest reason.

    An event's reason has the object that any of its clauses found.
    """
    count = _count(document, named, matcher)
    kept, _, _ = _kept(count, document, matcher, acting)
    return [(matcher.topics[n], count.scores[n], _heaviest(n, count)) for n in kept]


def _count(document: ArticleText, named: Named, matcher: TopicMatcher) -> _Count:
    priors = _priors(named, matcher)
    votes = tally(document, matcher, priors, named)
    votes += _implied(votes, matcher)
    spoken = _add({}, votes)
    if not priors:
        return _Count(votes, spoken, spoken)
    return _Count([*votes, *priors], _add(spoken.copy(), priors), spoken)


def _implied(votes: Collection[Vote], matcher: TopicMatcher) -> list[Vote]:
    """Return what the events that *votes* tell of say of topics: a merger is of mergers."""
    of_events = matcher.events
    spoken = [vote for vote in votes if vote[0] in of_events]
    if not spoken:
        return []
    scores = _add({}, spoken)
    events = [n for n, score in scores.items() if score >= matcher.thresholds[n]]
    headlined = [n for n in events if n in matcher.implied and _is_headline(n, votes)]
    return [vote for n in headlined for vote in matcher.implied[n]]


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


def _kept(
    count: _Count, document: ArticleText, matcher: TopicMatcher, acting: str
) -> tuple[list[int], float, list[int]]:
    """Return the topics, then event types, that are kept, and what a topic had to reach.

    The last are the topics of a side other than the *acting* one.

    Most that something speaks for stay below their threshold, and are left out before
    anything is sorted.
    """
    scores, thresholds, of_events = count.scores, matcher.thresholds, matcher.events
    reaching = [n for n, score in scores.items() if score >= thresholds[n]]
    of_topics = [score for n, score in scores.items() if n not in of_events]
    scoring = matcher.scoring
    least = scoring.share_of_best * max(of_topics) if of_topics else 0.0
    topics = [n for n in reaching if n not in of_events and scores[n] >= least]
    events = [n for n in reaching if n in of_events and _is_headline(n, count.votes)]
    others = _of_others(topics, matcher, acting) if acting else []
    topics = [n for n in topics if n not in others] if others else topics
    if len(topics) > min(scoring.cap, scoring.long_cap):
        is_long = len(document.headline) > scoring.long_text
        room = scoring.long_cap if is_long else scoring.cap
        topics = _ranked(topics, count, matcher)[:room]
    else:
        topics = _ranked(topics, count, matcher)
    return topics + _ranked(events, count, matcher), least, others


def _of_others(topics: Iterable[int], matcher: TopicMatcher, acting: str) -> list[int]:
    """Return those of *topics* on another side's acts, if one is on those of *acting*.

    Without one the side may be read wrongly, or the act an answer to the other's.
    """
    sided = [n for n in topics if matcher.topics[n].sides]
    others = [n for n in sided if acting not in matcher.topics[n].sides]
    return others if len(others) < len(sided) else []


def _is_headline(event: int, votes: Iterable[Vote]) -> bool:
    """Tell whether the title votes for an event, as a summary alone does not suffice."""
    return any(v.topic == event and v.reason.field == "title" for v in votes)


def _lost(number: int, score: float, least: float, matcher: TopicMatcher) -> Fate:
    """Return the outcome of a topic that is not kept."""
    if score < matcher.thresholds[number]:
        return "below_threshold"
    return "far_below_best" if score < least else "beyond_cap"


def _ranked(numbers: list[int], count: _Count, matcher: TopicMatcher) -> list[int]:
    if len(numbers) <= 1:
        return numbers
    # In a tie, a topic of the text goes before one that a company only makes likely.
    scores, spoken, topics = count.scores, count.spoken, matcher.topics
    ranked = [(-scores[n], -spoken.get(n, 0.0), topics[n].topic_id, n) for n in numbers]
    return [n for _, _, _, n in sorted(ranked)]


def _heaviest(number: int, count: _Count) -> Reason:
    reasons = [rank for topic, _, rank in count.votes if topic == number]
    heaviest = min(reasons)[2]
    if heaviest.object or len(reasons) == 1:
        return heaviest
    objects = (why.object for *_, why in sorted(reasons) if why.object)
    return heaviest._replace(object=next(objects, ""))
