"""Say why a text was tagged as it was, and why it was not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from transforms.beat import TextFindings, gather, shipped_weights
from transforms.beat.report import BeatReport, report
from transforms.config import did_you_mean
from transforms.headlines.digests import is_digest
from transforms.mentions import Ground, Judgement, Salience, accepted, judge, salience
from transforms.mentions.documents import ArticleText
from transforms.mentions.hits import Gate
from transforms.mentions.people import PersonFound
from transforms.models import Role, TextField, TopicKind
from transforms.patterns.compile import LazyPattern, without_pangu
from transforms.tagging.absence import absence
from transforms.tagging.tag import Tagger, tag_document
from transforms.topics import Reason, WeighedTopic, weigh
from transforms.topics.clauses import Named
from transforms.topics.weigh import Fate
from transforms.watchlist import Company

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
    """What a company is to a text, and why."""

    company_id: str
    role: Role
    about: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonReport:
    """Someone named who stands for a company."""

    person_id: str
    company_id: str
    role: Role
    field: TextField
    alias: str


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
    """Everything that was weighed for one text.

    Left out are pieces of longer words, and names that another rule accepts there.
    """

    hits: tuple[HitReport, ...]
    companies: tuple[CompanyReport, ...]
    people: tuple[PersonReport, ...]
    topics: tuple[TopicReport, ...]
    beat: BeatReport


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


def explain(
    tagger: Tagger,
    title: str,
    summary: str = "",
    content: str = "",
    *,
    sources: tuple[str, ...] = (),
) -> Explanation:
    """Return the hits, companies, topics and relevance of a text, and what decided them.

    *sources* are the names of who published it.
    """
    document = tagger.read(title, summary, content)
    judged = judge(document, tagger.mentions)
    weighed = weigh(document, _named(document, judged), tagger.topics)
    digest = is_digest(title)
    tagged = tag_document(document, tagger, is_digest=digest, sources=sources)
    findings = TextFindings(document, tagged.mentions, tagged.tags, sources, digest)
    return Explanation(
        hits=tuple(_hit(j, document) for j in _in_order(_telling(judged))),
        companies=_companies(document, judged),
        people=tuple(map(_person, tagged.people)),
        topics=tuple(map(_topic, weighed)),
        beat=report(gather(findings, tagger.beat), shipped_weights()),
    )


def why_not(
    tagger: Tagger, title: str, summary: str, company_id: str, *, content: str = ""
) -> WhyNot:
    """Return the first gate that keeps a text from naming a company.

    Raises:
        LookupError: The watchlist has no such company; the message names the nearest.
    """
    company = _company_of(tagger, company_id)
    document = tagger.read(title, summary, content)
    judged = judge(document, tagger.mentions)
    own = [j for j in judged if j.rule.alias.company_id == company_id]
    if not own:
        why = absence(tagger, document, company, list(_named(document, judged)))
        return WhyNot(company_id=company_id, named=False, gate=None, why=why, hits=())
    hits = tuple(_hit(j, document) for j in _in_order(own))
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


def _company_of(tagger: Tagger, company_id: str) -> Company:
    try:
        return tagger.watchlist.company(company_id)
    except KeyError:
        known = [c.company_id for c in tagger.watchlist.companies]
        said = (
            f"no company {company_id!r} in the watchlist",
            did_you_mean(company_id, known),
        )
        raise LookupError("; ".join(filter(None, said))) from None


def _named(document: ArticleText, judged: Iterable[Judgement]) -> Named:
    """Return the companies with their first spelling a field, as mentions have it."""
    first: dict[tuple[str, str], str] = {}
    for field, start, end, rule, _, _ in accepted(document, judged):
        if field.name != "content":  # a full text makes no topic
            key = rule.alias.company_id, field.name
            first.setdefault(key, field.text[start:end])
    named: dict[str, set[str]] = {}
    for (company_id, _), spelling in sorted(first.items()):
        named.setdefault(company_id, set()).add(spelling)
    return named


def _telling(judged: Iterable[Judgement]) -> Iterator[Judgement]:
    judged = list(judged)
    settled = {_place(j) for j in judged if j.accepted}
    for each in judged:
        if each.accepted or (each.gate != "boundary" and _place(each) not in settled):
            yield each


def _place(judged: Judgement) -> tuple[str, int, int, str]:
    company_id = judged.rule.alias.company_id
    return judged.field.name, judged.start, judged.end, company_id


def _in_order(judged: Iterable[Judgement]) -> list[Judgement]:
    fields = {"title": 0, "summary": 1, "content": 2}
    return sorted(judged, key=lambda j: (fields[j.field.name], j.start, -j.end))


def _hit(judged: Judgement, document: ArticleText) -> HitReport:
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


def _companies(document: ArticleText, judged: list[Judgement]) -> tuple[CompanyReport, ...]:
    title = next((f.original for f in document.fields if f.name == "title"), "")
    weighed = salience(accepted(document, judged), is_digest=is_digest(title))
    return tuple(_company(key, found) for key, found in weighed.items())


def _company(company_id: str, found: Salience) -> CompanyReport:
    return CompanyReport(
        company_id=company_id,
        role=found.role,
        about=found.is_about,
        why=_SALIENCE[found.ground].format(cue=found.cue),
    )


def _person(found: PersonFound) -> PersonReport:
    return PersonReport(
        person_id=found.person.person_id,
        company_id=found.person.company_id,
        role=found.role,
        field=found.field,
        alias=found.alias,
    )


def _topic(weighed: WeighedTopic) -> TopicReport:
    return TopicReport(
        topic_id=weighed.topic.topic_id,
        kind=weighed.topic.kind,
        name=weighed.topic.name,
        score=round(weighed.score, 3),
        kept=weighed.fate == "kept",
        why=_FATES[weighed.fate],
        reasons=tuple(sorted(weighed.reasons, key=lambda r: (-r.value, r.term))),
    )
