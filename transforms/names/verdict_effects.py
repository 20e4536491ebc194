"""Verdicts of readers: their validation, and their effect on an article's tags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import get_args

from transforms.config import did_you_mean
from transforms.models import Mention, Tag, TopicKind
from transforms.models.verdicts import (
    KINDS,
    GivenVerdict,
    KindOfVerdict,
    Scope,
    Verdict,
    VerdictError,
)
from transforms.names.rules.watchlist import Watchlist
from transforms.relevance.score import Relevance
from transforms.text.harmless import harmless, shorten

# What a person says is certain.
_SURE = 1.0
_MOST_WHY = 500
MOST_BY = 80
NOBODY = "unknown"
# Of these kinds words can be found that a rule excludes.
_RULED = ("not-about", "not-topic")
_IN_WORDS = {"company": "COMPANY", "topic": "TOPIC", "article": "ID", "choice": "VALUE"}


def verdict_words(verdict_id: int) -> str:
    """Return the term of a finding that the verdict decided."""
    return f"verdict: {verdict_id}"


def last_words(verdicts: Sequence[Verdict], *kinds: str) -> Mapping[str, Verdict]:
    """Return the last verdict of these *kinds* on each value, in order."""
    return {v.value: v for v in sorted(verdicts) if v.kind in kinds}


def obey_mentions(
    named: Sequence[Mention],
    verdicts: Sequence[Verdict],
    watchlist: Watchlist,
    article_id: str,
) -> list[Mention]:
    """Return an article's mentions with the *verdicts* applied.

    A rejected company loses its mentions; a confirmed one becomes the subject, even if
    unnamed.
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
    """Return an article's topics and events with the *verdicts* applied."""
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
    """Return an article's relevance with the *verdicts* applied."""
    said = last_words(verdicts, "on-beat", "off-beat").get("")
    if said is None:
        return found
    is_on = said.kind == "on-beat"
    return Relevance(_SURE if is_on else 0.0, is_on, verdict_words(said.verdict_id))


def topic_of(value: str, watchlist: Watchlist) -> tuple[TopicKind, str]:
    """Return the topic or event that a verdict's *value* names.

    A bare id of both a topic and an event means the topic.
    """
    given, _, topic_id = value.rpartition(":")
    for kind in get_args(TopicKind):
        if given == kind:
            return kind, topic_id
    topics = {t.topic_id for t in watchlist.topics if t.kind == "topic"}
    return ("topic" if value in topics else "event"), value


def checked(given: GivenVerdict, watchlist: Watchlist) -> GivenVerdict:
    """Return a verdict, validated and with harmless text.

    Raises:
        VerdictError: Its kind, value or scope is invalid, or its text is too long.
    """
    subject_id, value = harmless(given.subject_id), harmless(given.value)
    given = replace(given, subject_id=subject_id, value=value)
    if (kind := KINDS.get(given.kind)) is None:
        kinds = ", ".join(map(_in_words, KINDS))
        near = did_you_mean(given.kind, KINDS) or f"write one of {kinds}"
        raise VerdictError(f"no kind of verdict {given.kind!r}; {near}")
    if given.scope not in get_args(Scope):
        raise VerdictError(f"no scope {given.scope!r}; write article or rule")
    if given.scope == "rule" and given.kind not in _RULED:
        raise VerdictError(
            f"scope rule works with {' and '.join(_RULED)} alone; leave --scope out, or "
            "change watchlist.toml"
        )
    if bool(given.value) != bool(kind.value):
        usage = f"sinowire verdicts add ID {_in_words(given.kind)}"
        said = "takes no value" if given.value else "needs a value"
        raise VerdictError(f"{given.kind} {said}; write: {usage}{_choices(kind)}")
    if kind.choices and given.value not in kind.choices:
        raise VerdictError(f"no {given.kind} {given.value!r}{_choices(kind)}")
    companies = {company.company_id for company in watchlist.companies}
    topics = {(topic.kind, topic.topic_id) for topic in watchlist.topics}
    if kind.value == "company" and value not in companies:
        raise VerdictError(_unknown("company", value, companies))
    if kind.value == "topic" and topic_of(value, watchlist) not in topics:
        ids = (topic_id for _, topic_id in topics)
        raise VerdictError(_unknown("topic or event", value, ids))
    return worded(given)


def worded(given: GivenVerdict) -> GivenVerdict:
    """Return a verdict with its reason and author made harmless.

    Raises:
        VerdictError: The reason is too long.
    """
    return replace(given, why=_why(given.why), by=shorten(given.by, MOST_BY) or NOBODY)


def matter(given: GivenVerdict, watchlist: Watchlist) -> tuple[object, ...]:
    """Return the matter of a verdict: the last verdict on a matter decides."""
    kind = KINDS[given.kind]
    about = min(given.kind, kind.contrary or given.kind)
    if kind.choices:
        return about, given.subject_id
    if kind.value == "article":
        return about, frozenset((given.subject_id, given.value))
    value = topic_of(given.value, watchlist) if kind.value == "topic" else given.value
    return about, given.subject_id, value


def _in_words(kind: str) -> str:
    return f"{kind} {_IN_WORDS.get(KINDS[kind].value, '')}".strip()


def _choices(kind: KindOfVerdict) -> str:
    return f"; write one of {', '.join(kind.choices)}" if kind.choices else ""


def _unknown(what: str, value: str, known: Iterable[str]) -> str:
    near = did_you_mean(value, set(known)) or "see watchlist.toml"
    return f"no {what} {value!r} in the watchlist; {near}"


def _why(text: str) -> str:
    why = harmless(text)
    if len(why) > _MOST_WHY:
        raise VerdictError(
            f"the reason has {len(why):,} characters; shorten it to {_MOST_WHY}"
        )
    return why
