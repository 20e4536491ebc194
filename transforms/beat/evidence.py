"""Gather what speaks for and against an article's belonging to the beat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from transforms.beat.sources import kind_of_source
from transforms.beat.words import words_in
from transforms.mentions.documents import Document
from transforms.models import Mention, Tag
from transforms.watchlist import Company, Watchlist

_TRADES = frozenset({"company", "brand", "foreign_company"})
_CONSUMER = frozenset({"consumer", "biotech"})
# What a company that only the summary names counts.
_SUMMARY = 0.6
# From so many characters of Han script in a title on, it is Chinese.
_HAN = 2


class Evidence(NamedTuple):
    """One thing that speaks for or against: how much it counts, and what it is."""

    value: float
    what: str


@dataclass(frozen=True, slots=True, eq=False)
class BeatMatcher:
    """What each company and topic of a watchlist is evidence of."""

    companies: Mapping[str, str]
    topics: Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What was found in a text, and who published it."""

    document: Document
    mentions: Sequence[Mention]
    tags: Sequence[Tag]
    is_digest: bool = False
    sources: tuple[str, ...] = ()


def compile_beat(watchlist: Watchlist) -> BeatMatcher:
    """Sort the entries of *watchlist* by what they are evidence of."""
    parents = {t.topic_id: t.parent_id for t in watchlist.topics if t.kind == "topic"}
    topics = {
        (t.topic_id, t.kind): "event" if t.kind == "event" else _root(t.topic_id, parents)
        for t in watchlist.topics
    }
    return BeatMatcher(
        companies={c.company_id: _kind(c) for c in watchlist.companies}, topics=topics
    )


def gather(findings: Findings, matcher: BeatMatcher) -> dict[str, Evidence]:
    """Return the evidence by name; what is absent speaks neither for nor against."""
    found: dict[str, Evidence] = {}
    for name, evidence in _all(findings, matcher):
        known = found.get(name)
        if known is None or evidence.value > known.value:
            found[name] = evidence
    return found


def _all(findings: Findings, matcher: BeatMatcher) -> Iterator[tuple[str, Evidence]]:
    yield from _of_mentions(findings, matcher)
    for tag in findings.tags:
        name = matcher.topics.get((tag.topic_id, tag.kind))
        if name:
            yield f"topic-{name}", Evidence(1.0, tag.topic_id)
    for group, found in words_in(findings.document.fields).items():
        yield f"word-{group}", Evidence(found.value, found.word)
    for source in findings.sources:
        if kind := kind_of_source(source):
            yield f"source-{kind}", Evidence(1.0, source)
            break
    if findings.is_digest:
        yield "digest", Evidence(1.0, "")
    fields = findings.document.fields
    if fields and not fields[0].text.isascii() and _is_chinese(fields[0].text):
        yield "chinese", Evidence(1.0, "")


def _of_mentions(
    findings: Findings, matcher: BeatMatcher
) -> Iterator[tuple[str, Evidence]]:
    for mention in findings.mentions:
        kind = matcher.companies.get(mention.company_id)
        if not kind or mention.field == "content":
            continue
        value = 1.0 if mention.field == "title" else _SUMMARY
        if mention.via == "person":
            yield f"{kind}-person", Evidence(value, mention.alias)
        elif any(source.startswith(mention.company_id) for source in findings.sources):
            yield f"{kind}-own", Evidence(value, mention.company_id)
        else:
            yield f"{kind}-{mention.role}", Evidence(value, mention.company_id)


def _kind(company: Company) -> str:
    """Return what the naming of a company is evidence of."""
    if company.kind in _TRADES:
        if not company.is_home:
            return "foreign"
        return "consumer" if company.sector in _CONSUMER else "home"
    return "home-body" if company.is_home else "foreign-body"


def _root(topic_id: str, parents: Mapping[str, str | None]) -> str:
    while parent := parents.get(topic_id):
        topic_id = parent
    return topic_id


def _is_chinese(title: str) -> bool:
    return sum("\u4e00" <= char <= "\u9fff" for char in title) >= _HAN
