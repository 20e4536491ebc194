"""What readers said of an article has the last word over what was found in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

from transforms.beat import Relevance
from transforms.models import Mention, Tag, TopicKind
from transforms.models.verdicts import Verdict
from transforms.watchlist import Watchlist

# What a person says is certain.
_SURE = 1.0


def verdict_words(verdict_id: int) -> str:
    """Return how findings call the verdict that decided them."""
    return f"verdict: {verdict_id}"


def last_words(verdicts: Sequence[Verdict], *kinds: str) -> Mapping[str, Verdict]:
    """Return the last of the verdicts of these *kinds* on each value, in order."""
    return {v.value: v for v in sorted(verdicts) if v.kind in kinds}


def obey_mentions(
    named: Sequence[Mention],
    verdicts: Sequence[Verdict],
    watchlist: Watchlist,
    article_id: str,
) -> list[Mention]:
    """Return the mentions of an article as its readers said that they are.

    Of a company that the article is not about nothing is left; one that it is about is its
    subject, be it named or not.
    """
    said = last_words(verdicts, "about", "not-about")
    kept = []
    for mention in named:
        verdict = said.get(mention.company_id)
        if verdict is None:
            kept.append(mention)
        elif verdict.kind == "about":
            kept.append(mention._replace(is_about=True, role="subject"))
    here = {mention.company_id for mention in kept}
    known = {c.company_id: c.name for c in watchlist.companies}
    return kept + [
        Mention(
            article_id,
            company_id,
            "title",
            known[company_id],
            0,
            0,
            watchlist.rules_version,
            is_about=True,
            role="subject",
            via="verdict",
        )
        for company_id, verdict in said.items()
        if verdict.kind == "about" and company_id not in here and company_id in known
    ]


def obey_tags(
    tags: Sequence[Tag],
    verdicts: Sequence[Verdict],
    watchlist: Watchlist,
    article_id: str,
) -> list[Tag]:
    """Return the topics and events of an article as its readers said that they are."""
    said = {
        topic_of(value, watchlist): verdict
        for value, verdict in last_words(verdicts, "topic", "not-topic").items()
    }
    kept = [
        tag
        for tag in tags
        if (told := said.get((tag.kind, tag.topic_id))) is None or told.kind == "topic"
    ]
    here = {(tag.kind, tag.topic_id) for tag in kept}
    known = {(topic.kind, topic.topic_id) for topic in watchlist.topics}
    return kept + [
        Tag(
            article_id,
            key[1],
            key[0],
            verdict_words(verdict.verdict_id),
            _SURE,
            watchlist.rules_version,
        )
        for key, verdict in said.items()
        if verdict.kind == "topic" and key in known - here
    ]


def obey_beat(found: Relevance, verdicts: Sequence[Verdict]) -> Relevance:
    """Return whether an article is on the beat as its readers said."""
    said = last_words(verdicts, "on-beat", "off-beat").get("")
    if said is None:
        return found
    is_on = said.kind == "on-beat"
    return Relevance(_SURE if is_on else 0.0, is_on, verdict_words(said.verdict_id))


def topic_of(value: str, watchlist: Watchlist) -> tuple[TopicKind, str]:
    """Return which topic or event a verdict's *value* names.

    A bare id that both have is the topic's.
    """
    given, _, topic_id = value.rpartition(":")
    for kind in get_args(TopicKind):
        if given == kind:
            return kind, topic_id
    topics = {t.topic_id for t in watchlist.topics if t.kind == "topic"}
    return ("topic" if value in topics else "event"), value
