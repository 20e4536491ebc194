"""Read a verdict as somebody gives it: which words it may hold, and whether it is one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import get_args

from transforms.config import did_you_mean
from transforms.models.verdicts import KINDS, GivenVerdict, Scope, VerdictError
from transforms.tagging.obey import topic_of
from transforms.text.harmless import harmless, shorten
from transforms.watchlist import Watchlist

MOST_WHY = 500
MOST_BY = 80
NOBODY = "unknown"
# Of this kind an exclusion can be proposed that changes the rule.
RULED = "not-about"
_IN_WORDS = {"company": "COMPANY", "topic": "TOPIC", "article": "ID", "": ""}


def checked(given: GivenVerdict, watchlist: Watchlist) -> GivenVerdict:
    """Return a verdict with nothing in its words that a reader would obey.

    Raises:
        VerdictError: Its kind, value or scope is none, or it says too much.
    """
    subject_id, value = harmless(given.subject_id), harmless(given.value)
    given = replace(given, subject_id=subject_id, value=value)
    if (kind := KINDS.get(given.kind)) is None:
        near = did_you_mean(given.kind, KINDS) or f"write one of {kinds_in_words()}"
        raise VerdictError(f"no kind of verdict {given.kind!r}; {near}")
    if given.scope not in get_args(Scope):
        raise VerdictError(f"no scope {given.scope!r}; write article or rule")
    if given.scope == "rule" and given.kind != RULED:
        raise VerdictError(
            f"scope rule is of {RULED} alone, which can change an alias; leave --scope "
            "out, or change watchlist.toml"
        )
    if bool(given.value) != bool(kind.value):
        usage = f"sinowire verdicts add ID {given.kind} {_IN_WORDS[kind.value]}".strip()
        said = "says all by itself" if given.value else "needs a value"
        raise VerdictError(f"{given.kind} {said}; write: {usage}")
    if kind.value == "company":
        _check_company(given.value, watchlist)
    if kind.value == "topic":
        _check_topic(given.value, watchlist)
    return worded(given)


def worded(given: GivenVerdict) -> GivenVerdict:
    """Return a verdict whose words, and the name of who gave it, are harmless.

    Raises:
        VerdictError: The reason is too long.
    """
    return replace(given, why=_why(given.why), by=shorten(given.by, MOST_BY) or NOBODY)


def matter(given: GivenVerdict, watchlist: Watchlist) -> tuple[object, ...]:
    """Return on what a verdict speaks: the later of two on one matter has the last word."""
    kind = KINDS[given.kind]
    about = min(given.kind, kind.contrary or given.kind)
    if kind.value == "article":
        return about, frozenset((given.subject_id, given.value))
    value = topic_of(given.value, watchlist) if kind.value == "topic" else given.value
    return about, given.subject_id, value


def kinds_in_words() -> str:
    """Return all kinds with what each needs."""
    named = (f"{key} {_IN_WORDS[kind.value]}".strip() for key, kind in KINDS.items())
    return ", ".join(named)


def _check_company(value: str, watchlist: Watchlist) -> None:
    known = {company.company_id for company in watchlist.companies}
    if value not in known:
        raise VerdictError(_unknown("company", value, known))


def _check_topic(value: str, watchlist: Watchlist) -> None:
    known = {(topic.kind, topic.topic_id) for topic in watchlist.topics}
    if topic_of(value, watchlist) not in known:
        ids = (topic_id for _, topic_id in known)
        raise VerdictError(_unknown("topic or event", value, ids))


def _unknown(what: str, value: str, known: Iterable[str]) -> str:
    near = did_you_mean(value, set(known)) or "see watchlist.toml"
    return f"no {what} {value!r} in the watchlist; {near}"


def _why(text: str) -> str:
    why = harmless(text)
    if len(why) > MOST_WHY:
        raise VerdictError(
            f"the reason has {len(why):,} characters; shorten it to {MOST_WHY}"
        )
    return why
