"""Evidence of the beat in one text: companies, topics, words, genre and source."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from transforms.beat.weights import BeatWeights, shipped_weights, taught_weights
from transforms.models import Mention, Tag
from transforms.models.verdicts import of_part
from transforms.names.match.document import ArticleText, Field
from transforms.names.rules.watchlist import Company, Watchlist
from transforms.seam import beat_text
from transforms.text.fold import LATIN, fold, lowered

_EXACT = "="
# What a word of the summary counts; one of the title counts full.
_IN_SUMMARY = 0.5
# One thing that speaks for or against: how much it counts, and what it is in the text.
# A bare tuple: an article has half a dozen.
Evidence = tuple[float, str]
_TRADES = frozenset({"company", "brand", "foreign_company"})
_CONSUMER = frozenset({"consumer", "biotech"})
# What a company that only the summary names counts.
_SUMMARY = 0.6
# Any of these is a sign of technology.
_TECHNOLOGY = (
    "home-subject",
    "home-named",
    "home-aside",
    "home-person",
    "topic-technology",
    "topic-platforms",
    "word-tech",
    "word-ai",
    "word-space",
    "word-everyday",
)
_EVENT = "topic-event"
_CHINA = "word-china"
_TOWN = "word-town"
# What a town counts as China by itself.
_TOWN_ALONE = 0.5
_CHINESE = re.compile("[\u4e00-\u9fff]{2}")
_PLAIN: Evidence = (1.0, "")
_WORDS = re.compile(r"^(?:https?://)?(?:www\.|m\.)?")


class _Word(NamedTuple):
    groups: tuple[str, ...]
    exact: str
    latin_start: bool
    latin_end: bool


class _Words(NamedTuple):
    automaton: AhoCorasick
    words: tuple[_Word, ...]


def words_in(fields: Iterable[Field]) -> dict[str, Evidence]:
    """Return the evidence of word groups found in title or summary."""
    found: dict[str, Evidence] = {}
    automaton, words = _shipped()
    for field in fields:
        if field.name == "content":
            continue
        value = 1.0 if field.name == "title" else _IN_SUMMARY
        lower = field.lower
        places = automaton.find_matches_as_indexes(lower, overlapping=True)
        for number, start, end in places:
            groups, exact, latin_start, latin_end = words[number]
            if groups[-1] in found and groups[0] in found:
                continue
            if latin_start and start and lower[start - 1] in LATIN:
                continue
            if latin_end and end < len(lower) and _runs_on(lower, end):
                continue
            if exact and field.text[start:end] != exact:
                continue
            for group in groups:
                if group not in found:
                    found[group] = (value, lower[start:end])
    return found


def _runs_on(lower: str, end: int) -> bool:
    """Tell whether the word continues there, other than by a plural s."""
    if lower[end] not in LATIN:
        return False
    return lower[end] != "s" or (end + 1 < len(lower) and lower[end + 1] in LATIN)


@cache
def _shipped() -> _Words:
    data = tomllib.loads(beat_text("words.toml"))
    groups: dict[str, list[str]] = {}
    exact: dict[str, str] = {}
    for group, section in data.items():
        for written in section["words"]:
            text = fold(written.removeprefix(_EXACT)).text
            groups.setdefault(lowered(text), []).append(f"word-{group}")
            if written.startswith(_EXACT):
                exact[lowered(text)] = text
    words = tuple(
        _Word(tuple(found), exact.get(text, ""), text[0] in LATIN, text[-1] in LATIN)
        for text, found in groups.items()
    )
    return _Words(AhoCorasick(list(groups)), words)


@dataclass(frozen=True, slots=True, eq=False)
class BeatMatcher:
    """Evidence names of each company and topic of a watchlist, and the weights."""

    companies: Mapping[str, str]
    topics: Mapping[str, str]
    weights: BeatWeights


# A tuple: there is one an article.
class TextFindings(NamedTuple):
    """Findings of a text, and its publishers."""

    document: ArticleText
    mentions: Sequence[Mention]
    tags: Sequence[Tag]
    sources: tuple[str, ...] = ()
    is_digest: bool = False


def compile_beat(watchlist: Watchlist) -> BeatMatcher:
    """Map the companies and topics of *watchlist* to evidence names."""
    parents = {t.topic_id: t.parent_id for t in watchlist.topics if t.kind == "topic"}
    return BeatMatcher(
        companies={c.company_id: _kind(c) for c in watchlist.companies},
        topics={topic_id: f"topic-{_root(topic_id, parents)}" for topic_id in parents},
        weights=taught_weights(of_part(watchlist.taught, "beat")),
    )


def gather(findings: TextFindings, matcher: BeatMatcher) -> dict[str, Evidence]:
    """Return the evidence by name; absent evidence is neutral."""
    found: dict[str, Evidence] = words_in(findings.document.fields)
    for tag in findings.tags:
        is_event = tag.kind == "event"
        name = _EVENT if is_event else matcher.topics.get(tag.topic_id)
        if name and name not in found:
            found[name] = (1.0, tag.topic_id)
    _add_control(found, findings.tags)
    if findings.mentions:
        _add_mentions(found, findings, matcher)
    _add_town(found)
    if what := next((found[name][1] for name in _TECHNOLOGY if name in found), None):
        found["technology"] = (1.0, what)
    for source in findings.sources:
        if source and (kind := kind_of_source(source)):
            found[kind] = (1.0, source)
            break
    if findings.is_digest:
        found["digest"] = _PLAIN
    if findings.document.fields and _is_chinese(findings.document.fields[0].text):
        found["chinese"] = _PLAIN
    if learned := matcher.weights.learned:
        found |= {k: v for k, v in learnable(findings).items() if k in learned}
    return found


def learnable(findings: TextFindings) -> dict[str, Evidence]:
    """Return evidence without shipped weight that verdicts may teach.

    It covers the outlet, companies by role, topics and events.
    """
    publisher = findings.sources[-1] if findings.sources else ""
    found = {f"from {publisher}": (1.0, publisher)} if publisher else {}
    for mention in findings.mentions:
        if mention.field != "content":
            name = f"company {mention.company_id} {mention.role}"
            found[name] = (1.0, mention.alias)
    for tag in findings.tags:
        found[f"{tag.kind} {tag.topic_id}"] = (1.0, tag.topic_id)
    return found


def _add_control(found: dict[str, Evidence], tags: Sequence[Tag]) -> None:
    """Tell an act between states on technology by its topic and its event together."""
    by = shipped_weights()
    topic = next((t.topic_id for t in tags if t.topic_id in by.control_topics), None)
    if topic and any(
        tag.kind == "event" and tag.topic_id in by.control_events for tag in tags
    ):
        found["state-control"] = (1.0, topic)


def _add_town(found: dict[str, Evidence]) -> None:
    """Let a town count as China: whole where something is done or a firm is named."""
    if town := found.pop(_TOWN, None):
        alone = shipped_weights().uncapped.isdisjoint(found)
        value = town[0] * (_TOWN_ALONE if alone else 1.0)
        known = found.get(_CHINA)
        if known is None or value > known[0]:
            found[_CHINA] = (value, town[1])


def _add_mentions(
    found: dict[str, Evidence], findings: TextFindings, matcher: BeatMatcher
) -> None:
    for mention in findings.mentions:
        kind = matcher.companies.get(mention.company_id)
        if not kind or mention.field == "content":
            continue
        value = 1.0 if mention.field == "title" else _SUMMARY
        name = f"{kind}-{_place(mention, findings.sources)}"
        known = found.get(name)
        if known is None or value > known[0]:
            found[name] = (value, mention.alias)


def _place(mention: Mention, sources: tuple[str, ...]) -> str:
    """Return the role of a mention, or that only a person or its own list names it."""
    if mention.via == "person":
        return "person"
    is_own = any(source.startswith(mention.company_id) for source in sources)
    return "own" if is_own else mention.role or "named"


def _kind(company: Company) -> str:
    """Return the evidence name of a company."""
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
    return not title.isascii() and _CHINESE.search(title) is not None


@lru_cache(maxsize=1024)
def kind_of_source(source: str) -> str:
    """Return the evidence name of a feed, publisher or host; "" if unknown."""
    name = _WORDS.sub("", fold(source).text.lower().strip())
    best = ""
    for known in _kinds():
        if len(known) > len(best) and _begins(name, known):
            best = known
    return f"source-{_kinds()[best]}" if best else ""


def _begins(name: str, known: str) -> bool:
    """Tell whether *known* is a prefix of *name* that ends at a word."""
    rest = name[len(known) :]
    return name.startswith(known) and not (rest[:1].isascii() and rest[:1].isalnum())


@cache
def _kinds() -> Mapping[str, str]:
    data = tomllib.loads(beat_text("sources.toml"))
    return {name: kind for kind, section in data.items() for name in section["names"]}
