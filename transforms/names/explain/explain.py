"""Explanation of a text's tags, and of a company's absence, in words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from transforms.alerts.rules.tagged_article import folded, people_finder
from transforms.config import did_you_mean
from transforms.headlines.digests import is_digest
from transforms.headlines.reports import Telling
from transforms.models import Mention, NameSpan, Role, Tag, TextField, TopicKind
from transforms.models.verdicts import Verdict
from transforms.names.match.clauses import Named
from transforms.names.match.document import ArticleText, Roles
from transforms.names.match.judgement import Gate, Judgement, judge
from transforms.names.match.salience import Ground, salience
from transforms.names.match.terms import Reason
from transforms.names.match.topics import Fate, WeighedTopic, weigh
from transforms.names.rules.patterns import LazyPattern, without_pangu
from transforms.names.rules.watchlist import Company, Watchlist
from transforms.names.tagging import (
    Tagger,
    accepted,
    acting_side,
    read_lead,
    tag_document,
    telling_of,
)
from transforms.names.verdict_effects import last_words, topic_of, verdict_words
from transforms.relevance.evidence import TextFindings, gather
from transforms.relevance.score import BeatReport, report

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
_FIRST_GATES: tuple[Gate, ...] = ("boundary", "brackets", "cut", "case", "swallowed")
_GATES: tuple[Gate, ...] = (*_FIRST_GATES, "excluded", "no_context")


@dataclass(frozen=True, slots=True, kw_only=True)
class HitReport(NameSpan):
    """A hit of a name, with the decision and its reason.

    *alias* is the spelling in the text, *listed* that in the watchlist.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Hits, companies, people, topics and relevance of one text, with their reasons.

    Hits inside longer words are left out, as are names that another rule accepts at the
    same place. Decisions by readers' ``verdicts`` say so. An article is ``rejected`` if it
    has no topics and events because none were searched for in it.
    """

    hits: tuple[HitReport, ...]
    companies: tuple[CompanyReport, ...]
    people: tuple[PersonReport, ...]
    topics: tuple[TopicReport, ...]
    beat: BeatReport
    headline: Telling
    report_score: float | None = None
    verdicts: tuple[Verdict, ...] = ()
    rejected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNot:
    """Decision on whether a text names a company, else the gate that its best hit failed.

    The gate is None if no name of the company occurs in the text.
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
    is_from_page: bool = False,
    verdicts: Sequence[Verdict] = (),
) -> Explanation:
    """Return the hits, companies, topics and relevance of a text, with their reasons.

    *sources* are the names of its publishers; *content* may be from the article's page;
    readers' *verdicts* take precedence.
    """
    document = tagger.read(title, summary, content)
    judged = judge(document, tagger.mentions)
    digest = is_digest(title)
    look = partial(
        tag_document, tagger=tagger, is_digest=digest, sources=sources, verdicts=verdicts
    )
    tagged = look(document)
    acting = acting_side(tagged.measure)
    weighed = weigh(document, _named(document, judged), tagger.topics, acting)
    lead = read_lead(tagger, title, summary, content) if is_from_page else None
    told = look(lead) if lead else tagged
    findings = TextFindings(
        lead or document, told.mentions, told.tags, sources, digest, told.measure
    )
    evidence = gather(findings, tagger.beat)
    return Explanation(
        hits=tuple(hit_report(j, document) for j in _in_order(_telling(judged))),
        companies=_obeyed(
            _companies(document, judged, tagger.mentions.roles), tagged.mentions, verdicts
        ),
        people=tuple(
            PersonReport(
                person_id=found.person.person_id,
                company_id=found.person.company_id,
                role=found.role,
                field=found.field,
                alias=found.alias,
            )
            for found in tagged.people
        ),
        topics=_decided(
            (topic_report(each, tagged.tags) for each in weighed),
            tagged.tags,
            verdicts,
            tagger,
        ),
        # A reader may have decided otherwise than the weights do.
        beat=replace(
            report(evidence, tagger.beat.weights),
            on_beat=told.beat.is_on_beat,
            relevance=told.beat.relevance,
            reason=told.beat.reason,
        ),
        verdicts=tuple(verdicts),
        headline=telling_of(findings, evidence, tagger.telling),
        report_score=told.report_score,
        rejected=lead is None and look(document, rejects=True).rejected,
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
        why = _absence(tagger, document, company, list(_named(document, judged)))
        return WhyNot(company_id=company_id, named=False, gate=None, why=why, hits=())
    hits = tuple(hit_report(j, document) for j in _in_order(own))
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


def _companies(
    document: ArticleText, judged: list[Judgement], roles: Roles
) -> tuple[CompanyReport, ...]:
    title = next((f.original for f in document.fields if f.name == "title"), "")
    weighed = salience(accepted(document, judged), roles, is_digest=is_digest(title))
    return tuple(
        CompanyReport(
            company_id=company_id,
            role=found.role,
            about=found.is_about,
            why=_SALIENCE[found.ground].format(cue=found.cue),
        )
        for company_id, found in weighed.items()
    )


def _obeyed(
    found: Iterable[CompanyReport], mentions: Iterable[Mention], verdicts: Sequence[Verdict]
) -> tuple[CompanyReport, ...]:
    """Return the companies of a text as readers said that they are."""
    said = last_words(verdicts, "about", "not-about")
    named = {mention.company_id for mention in mentions}
    kept = [report for report in found if report.company_id not in said]
    about = [
        CompanyReport(
            company_id=company_id,
            role="subject",
            about=True,
            why=f"a reader said so ({verdict_words(verdict.verdict_id)})",
        )
        for company_id, verdict in said.items()
        if verdict.kind == "about" and company_id in named
    ]
    return (*kept, *about)


def _decided(
    weighed: Iterable[TopicReport],
    tags: Iterable[Tag],
    verdicts: Sequence[Verdict],
    tagger: Tagger,
) -> tuple[TopicReport, ...]:
    """Return the topics and events of a text as readers said that they are."""
    said = {
        topic_of(value, tagger.watchlist): verdict
        for value, verdict in last_words(verdicts, "topic", "not-topic").items()
    }
    kept = {(tag.kind, tag.topic_id) for tag in tags}
    names = {(t.kind, t.topic_id): t.name for t in tagger.watchlist.topics}
    reports = {(report.kind, report.topic_id): report for report in weighed}
    for key, verdict in said.items():
        why = f"a reader said so ({verdict_words(verdict.verdict_id)})"
        if report := reports.get(key):
            reports[key] = replace(report, kept=key in kept, why=why)
        elif key in kept:
            reports[key] = TopicReport(
                topic_id=key[1],
                kind=key[0],
                name=names[key],
                score=0.0,
                kept=True,
                why=why,
                reasons=(),
            )
    return tuple(reports.values())


def _absence(
    tagger: Tagger, document: ArticleText, company: Company, named: Collection[str]
) -> str:
    """Return the sentence, with what a reader may have taken for the company.

    *named* are the companies that the text does name.
    """
    text = " ".join(field.original for field in document.fields)
    return "; ".join(
        [
            f"none of its {len(company.aliases)} names stands in the text",
            *_below(tagger.watchlist, company.company_id, named),
            *_unmarked(company, text),
            *_people(tagger.watchlist, company.company_id, text),
        ]
    )


def _below(watchlist: Watchlist, company_id: str, named: Collection[str]) -> Iterator[str]:
    for below in named:
        if company_id in watchlist.above(below):
            yield (
                f"{below} is named, which belongs to it: only the most specific company "
                "is tagged, and counts for its parent in sums of groups"
            )


def _unmarked(company: Company, text: str) -> Iterator[str]:
    for ticker in company.tickers:
        bare = ticker.partition(".")[0]
        if re.search(rf"(?<![A-Za-z0-9]){re.escape(bare)}(?![A-Za-z0-9])", text):
            marked = ticker if bare.isdigit() else f"${bare}"
            yield (
                f"{bare} stands there, but a ticker counts only where it is marked as "
                f"one, such as {marked}"
            )


def _people(watchlist: Watchlist, company_id: str, text: str) -> Iterator[str]:
    found = folded(text)
    for person in watchlist.people:
        if person.company_id != company_id:
            continue
        others = (p for p in watchlist.people if p is not person)
        namesakes = frozenset(name for other in others for name in other.names)
        if people_finder(frozenset(person.names), namesakes).search(found):
            role = f", its {person.role}," if person.role else ""
            yield f"{person.name}{role} is named, but a person stands for no company"
