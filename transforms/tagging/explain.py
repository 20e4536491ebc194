"""Say why a text was tagged as it was, and why it was not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from transforms.beat import TextFindings, gather, shipped_weights
from transforms.beat.report import BeatReport, report
from transforms.config import did_you_mean
from transforms.headlines.digests import is_digest
from transforms.mentions import Judgement, accepted, judge, salience
from transforms.mentions.documents import ArticleText
from transforms.mentions.hits import Gate
from transforms.tagging.absence import absence
from transforms.tagging.reports import (
    CompanyReport,
    HitReport,
    PersonReport,
    TopicReport,
    company_report,
    hit_report,
    person_report,
    topic_report,
)
from transforms.tagging.tag import Tagger, read_lead, tag_document
from transforms.topics import weigh
from transforms.topics.clauses import Named
from transforms.watchlist import Company

_FIRST_GATES: tuple[Gate, ...] = ("boundary", "brackets", "cut", "case", "swallowed")
_GATES: tuple[Gate, ...] = (*_FIRST_GATES, "excluded", "no_context")


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
    is_from_page: bool = False,
) -> Explanation:
    """Return the hits, companies, topics and relevance of a text, and what decided them.

    *sources* are the names of who published it; *content* may be from the article's page.
    """
    document = tagger.read(title, summary, content)
    judged = judge(document, tagger.mentions)
    weighed = weigh(document, _named(document, judged), tagger.topics)
    digest = is_digest(title)
    tagged = tag_document(document, tagger, is_digest=digest, sources=sources)
    lead = read_lead(tagger, title, summary, content) if is_from_page else None
    told = tag_document(lead, tagger, is_digest=digest, sources=sources) if lead else tagged
    findings = TextFindings(lead or document, told.mentions, told.tags, sources, digest)
    return Explanation(
        hits=tuple(hit_report(j, document) for j in _in_order(_telling(judged))),
        companies=_companies(document, judged),
        people=tuple(map(person_report, tagged.people)),
        topics=tuple(map(topic_report, weighed)),
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


def _companies(document: ArticleText, judged: list[Judgement]) -> tuple[CompanyReport, ...]:
    title = next((f.original for f in document.fields if f.name == "title"), "")
    weighed = salience(accepted(document, judged), is_digest=is_digest(title))
    return tuple(company_report(key, found) for key, found in weighed.items())
