"""Say why a text was tagged as it was, and why it was not."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from transforms.digests import is_digest
from transforms.documents import Document
from transforms.mentions import Ground, Judgement, Salience, accepted, judge, salience
from transforms.mentions.hits import Gate
from transforms.models import TextField, TopicKind
from transforms.tagging.tag import Tagger
from transforms.topics import Reason, Weighed, weigh
from transforms.topics.weigh import Fate

_FIRST_GATES: tuple[Gate, ...] = ("boundary", "brackets", "cut", "case", "swallowed")
_GATES: tuple[Gate, ...] = (*_FIRST_GATES, "excluded", "no_context")
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
    "aside": "the headline names it beside the matter: {cue!r}",
    "passing": "only the summary names it, in passing",
    "content": "only the full text names it",
}
_FATES: dict[Fate, str] = {
    "kept": "kept",
    "below_threshold": "below its threshold",
    "far_below_best": "far below the best topic",
    "beyond_cap": "there are enough better ones",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HitReport:
    """A place where a name stands, and whether and why it counts.

    *alias* is what the text has, *listed* what the watchlist has.
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
    """Whether a text is about a company or only names it, and why."""

    company_id: str
    about: bool
    verdict: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicReport:
    """A topic or event type with what spoke for it, heaviest first."""

    topic_id: str
    kind: TopicKind
    name: str
    score: float
    kept: bool
    why: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything that was weighed for one text."""

    hits: tuple[HitReport, ...]
    companies: tuple[CompanyReport, ...]
    topics: tuple[TopicReport, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNot:
    """Whether a text names a company; if not, the gate where its best hit failed.

    The gate is None where none of the company's names stands in the text.
    """

    company_id: str
    named: bool
    gate: Gate | None
    why: str
    hits: tuple[HitReport, ...]


def explain(tagger: Tagger, title: str, summary: str = "") -> Explanation:
    """Return every hit, company and topic of a text with what decided it."""
    document = tagger.read(title, summary)
    judged = judge(document, tagger.mentions)
    named = sorted({j.rule.alias.company_id for j in judged if j.accepted})
    weighed = weigh(document, named, tagger.topics)
    return Explanation(
        hits=tuple(_hit(j, document.headline) for j in _in_order(judged)),
        companies=_companies(document, judged),
        topics=tuple(map(_topic, weighed)),
    )


def why_not(tagger: Tagger, title: str, summary: str, company_id: str) -> WhyNot:
    """Return the first gate that keeps a text from naming a company.

    Raises:
        LookupError: The watchlist has no such company; the message names the nearest.
    """
    names = _names(tagger, company_id)
    hits = tuple(
        h for h in explain(tagger, title, summary).hits if h.company_id == company_id
    )
    if not hits:
        why = f"none of its {names} names stands in the text"
        return WhyNot(company_id=company_id, named=False, gate=None, why=why, hits=())
    best = next((h for h in hits if h.accepted), None) or max(
        hits, key=lambda h: _GATES.index(h.gate)
    )
    return WhyNot(
        company_id=company_id,
        named=best.accepted,
        gate=best.gate,
        why=f"{best.alias!r} in the {best.field}: {best.why}",
        hits=hits,
    )


def _names(tagger: Tagger, company_id: str) -> int:
    try:
        return len(tagger.watchlist.company(company_id).aliases)
    except KeyError:
        known = [c.company_id for c in tagger.watchlist.companies]
        near = get_close_matches(company_id, known, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise LookupError(f"no company {company_id!r} in the watchlist{hint}") from None


def _in_order(judged: list[Judgement]) -> list[Judgement]:
    fields = {"title": 0, "summary": 1, "content": 2}
    return sorted(judged, key=lambda j: (fields[j.field.name], j.start, -j.end))


def _hit(judged: Judgement, headline: str) -> HitReport:
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
        why=_why(judged, headline),
    )


def _why(judged: Judgement, headline: str) -> str:
    why = _WHY[judged.gate].format(detail=judged.detail)
    if judged.gate == "not_excluded":
        seen = [p.pattern for p in judged.rule.context if p.search(headline)]
        if seen:
            why += f", and the context matches {seen[0]}"
    return why


def _companies(document: Document, judged: list[Judgement]) -> tuple[CompanyReport, ...]:
    title = next((f.original for f in document.fields if f.name == "title"), "")
    weighed = salience(accepted(document, judged), is_digest=is_digest(title))
    return tuple(_company(key, found) for key, found in weighed.items())


def _company(company_id: str, found: Salience) -> CompanyReport:
    return CompanyReport(
        company_id=company_id,
        about=found.is_about,
        verdict="about" if found.is_about else "only named",
        why=_SALIENCE[found.ground].format(cue=found.cue),
    )


def _topic(weighed: Weighed) -> TopicReport:
    return TopicReport(
        topic_id=weighed.topic.topic_id,
        kind=weighed.topic.kind,
        name=weighed.topic.name,
        score=round(weighed.score, 3),
        kept=weighed.fate == "kept",
        why=_FATES[weighed.fate],
        reasons=tuple(sorted(weighed.reasons, key=lambda r: (-r.value, r.term))),
    )
