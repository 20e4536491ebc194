"""Reports on a hit, a company, a person and a topic of a text, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from transforms.models import Role, Tag, TextField, TopicKind
from transforms.names.match.document import ArticleText
from transforms.names.match.judgement import Gate, Judgement
from transforms.names.match.people import PersonFound
from transforms.names.match.salience import Ground, Salience
from transforms.names.match.terms import Reason
from transforms.names.match.topics import Fate, WeighedTopic
from transforms.names.rules.patterns import LazyPattern, without_pangu

_WHY: dict[Gate, str] = {
    "boundary": "it is only a part of a longer word",
    "brackets": "a bare code counts only in brackets",
    "cut": "the feed cut the text there, so it may be the beginning of another word",
    "case": "it counts only when written {detail}",
    "swallowed": "it is a part of the longer name {detail}",
    "excluded": "the words around it match what excludes it: {detail}",
    "no_context": "nothing in title or summary says that the company is meant",
    "certain": "the name is beyond doubt",
    "not_excluded": "nothing around it excludes it",
    "co_alias": "the company is also named beyond doubt",
    "context": "the context matches {detail}",
}
_SALIENCE: dict[Ground, str] = {
    "headline": "the headline names it",
    "opening": "the headline is about no company, and the summary opens with it",
    "often": "the summary names it {cue} times",
    "digest": "the text is a round-up, which is about nobody",
    "crowd": "the headline names it among many",
    "aside": "the text names it beside the matter: {cue!r}",
    "place": "the text names it as the place where something stands: {cue!r}",
    "byline": "the text names it as who tells it: {cue!r}",
    "passing": "only the summary names it, in passing",
    "content": "only the full text names it",
}
_FATES: dict[Fate, str] = {
    "kept": "kept",
    "below_threshold": "below its threshold",
    "far_below_best": "far below the best topic",
    "other_side": "another side acts",
    "beyond_cap": "there are enough better ones",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HitReport:
    """A hit of a name, with the decision and its reason.

    *alias* is the spelling in the text, *listed* that in the watchlist.
    """

    field: TextField
    alias: str
    start: int
    length: int
    company_id: str
    listed: str
    rule: str
    accepted: bool
    gate: Gate
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyReport:
    """Role of a company in a text, and the reason."""

    company_id: str
    role: Role
    about: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonReport:
    """A person found who stands for a company."""

    person_id: str
    company_id: str
    role: Role
    field: TextField
    alias: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicReport:
    """A topic or event type with its reasons, heaviest first."""

    topic_id: str
    kind: TopicKind
    name: str
    score: float
    kept: bool
    event_object: str | None = None
    why: str
    reasons: tuple[Reason, ...]


def hit_report(judged: Judgement, document: ArticleText) -> HitReport:
    """Return the report on a hit in *document*: place, decision and reason."""
    alias, start, length = judged.field.written(judged.start, judged.end)
    listed = judged.rule.alias
    return HitReport(
        field=judged.field.name,
        alias=alias,
        start=start,
        length=length,
        company_id=listed.company_id,
        listed=listed.text,
        rule=listed.rule,
        accepted=judged.accepted,
        gate=judged.gate,
        why=_why(judged, document),
    )


def _why(judged: Judgement, document: ArticleText) -> str:
    rule, field = judged.rule, judged.field
    context = list(zip(rule.alias.context, rule.context, strict=True))
    if judged.gate == "excluded":
        around = slice(max(0, judged.start - rule.window), judged.end + rule.window)
        excludes = zip(rule.alias.excludes, rule.excludes, strict=True)
        found = _matching(excludes, field.text[around])
    elif judged.gate in {"context", "not_excluded"}:
        text = field.text if field.name == "content" else ""
        found = _matching(context, document.headline) or _matching(context, text)
    else:
        found = ""
    why = _WHY[judged.gate].format(detail=found or judged.detail)
    if found and judged.gate == "not_excluded":
        why += f", and the context matches {found}"
    return why


def _matching(patterns: Iterable[tuple[str, LazyPattern]], text: str) -> str:
    """Return the first pattern that matches, as the file has it, and what it matches."""
    for written, pattern in patterns:
        found = pattern.search(text) or pattern.search(without_pangu(text))
        if found:
            words = found[0].strip()
            return f"{written} (here {words!r})" if words else written
    return ""


def company_report(company_id: str, found: Salience) -> CompanyReport:
    """Return the report on a company's role in the text."""
    return CompanyReport(
        company_id=company_id,
        role=found.role,
        about=found.is_about,
        why=_SALIENCE[found.ground].format(cue=found.cue),
    )


def person_report(found: PersonFound) -> PersonReport:
    """Return the report on a person and the company they stand for."""
    return PersonReport(
        person_id=found.person.person_id,
        company_id=found.person.company_id,
        role=found.role,
        field=found.field,
        alias=found.alias,
    )


def topic_report(weighed: WeighedTopic, tags: Iterable[Tag]) -> TopicReport:
    """Return the report on a topic, with its reasons and its object in *tags*."""
    topic = weighed.topic
    return TopicReport(
        topic_id=topic.topic_id,
        kind=topic.kind,
        name=topic.name,
        score=round(weighed.score, 3),
        kept=weighed.fate == "kept",
        why=_FATES[weighed.fate],
        reasons=tuple(sorted(weighed.reasons, key=lambda r: (-r.value, r.term))),
        event_object=next(
            (
                t.event_object
                for t in tags
                if (t.kind, t.topic_id) == (topic.kind, topic.topic_id)
            ),
            None,
        ),
    )
