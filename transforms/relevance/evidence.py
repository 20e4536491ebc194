"""Evidence of the beat in one text: companies, topics, words, genre and source."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from transforms.models import Mention, Tag
from transforms.models.measures import Measure
from transforms.names.match.document import ArticleText, Field
from transforms.names.rules.watchlist import Company, Topic, Watchlist
from transforms.relevance.score import BeatWeights, Evidence, EvidenceKinds
from transforms.text.fold import LATIN, fold, lowered

_EXACT = "="
# A beat has hundreds: each reading of an article's words would hold all of them.
MOST_WORDS = 50_000
# What a word of the summary counts; one of the title counts full.
_IN_SUMMARY = 0.5
_TRADES = frozenset({"company", "brand", "foreign_company"})
# What a company that only the summary names counts.
_SUMMARY = 0.6
# Evidence of an act of a state that is at home on the beat, or against it.
MEASURE = "measure-home"
# What a town counts as the place by itself.
_TOWN_ALONE = 0.5
_CHINESE = re.compile("[\u4e00-\u9fff]{2}")
_PLAIN: Evidence = (1.0, "")
_WORDS = re.compile(r"^(?:https?://)?(?:www\.|m\.)?")


class _Word(NamedTuple):
    groups: tuple[str, ...]
    exact: str
    latin_start: bool
    latin_end: bool


@dataclass(frozen=True, slots=True, eq=False)
class WordGroups:
    """Words of a beat as one automaton, with the groups of each."""

    text: str
    automaton: AhoCorasick
    words: tuple[_Word, ...]


def read_words(text: str) -> WordGroups:
    """Return the word groups of a TOML text.

    Raises:
        ValueError: It has more words than any beat needs.
    """
    data = tomllib.loads(text)
    groups: dict[str, list[str]] = {}
    exact: dict[str, str] = {}
    for group, section in data.items():
        for written in section["words"]:
            word = fold(written.removeprefix(_EXACT)).text
            groups.setdefault(lowered(word), []).append(f"word-{group}")
            if len(groups) > MOST_WORDS:
                raise ValueError(f"has more than {MOST_WORDS:,} words; leave out some")
            if written.startswith(_EXACT):
                exact[lowered(word)] = word
    words = tuple(
        _Word(tuple(found), exact.get(word, ""), word[0] in LATIN, word[-1] in LATIN)
        for word, found in groups.items()
    )
    return WordGroups(text, AhoCorasick(list(groups)), words)


def words_in(fields: Iterable[Field], groups: WordGroups) -> dict[str, Evidence]:
    """Return the evidence of word *groups* found in title or summary."""
    found: dict[str, Evidence] = {}
    automaton, words = groups.automaton, groups.words
    for field in fields:
        if field.name == "content":
            continue
        value = 1.0 if field.name == "title" else _IN_SUMMARY
        lower = field.lower
        places = automaton.find_matches_as_indexes(lower, overlapping=True)
        for number, start, end in places:
            names, exact, latin_start, latin_end = words[number]
            if names[-1] in found and names[0] in found:
                continue
            if latin_start and start and lower[start - 1] in LATIN:
                continue
            if latin_end and end < len(lower) and _runs_on(lower, end):
                continue
            if exact and field.text[start:end] != exact:
                continue
            for group in names:
                if group not in found:
                    found[group] = (value, lower[start:end])
    return found


def _runs_on(lower: str, end: int) -> bool:
    """Tell whether the word continues there, other than by a plural s."""
    if lower[end] not in LATIN:
        return False
    return lower[end] != "s" or (end + 1 < len(lower) and lower[end + 1] in LATIN)


@dataclass(frozen=True, slots=True, eq=False)
class BeatMatcher:
    """Evidence names of each company and topic of a watchlist, and parts of the beat."""

    companies: Mapping[str, str]
    topics: Mapping[str, str]
    words: WordGroups
    sources: Sources
    weights: BeatWeights


# A tuple: there is one an article.
class TextFindings(NamedTuple):
    """Findings of a text, and its publishers; topics that it may have stand for tags."""

    document: ArticleText
    mentions: Sequence[Mention]
    tags: Sequence[Tag | Topic]
    sources: tuple[str, ...] = ()
    is_digest: bool = False
    measure: Measure | None = None


def compile_beat(
    watchlist: Watchlist, words: WordGroups, sources: Sources, weights: BeatWeights
) -> BeatMatcher:
    """Map the companies and topics of *watchlist* to evidence names."""
    parents = {t.topic_id: t.parent_id for t in watchlist.topics if t.kind == "topic"}
    return BeatMatcher(
        companies={c.company_id: _kind(c, weights.kinds) for c in watchlist.companies},
        topics={topic_id: f"topic-{_root(topic_id, parents)}" for topic_id in parents},
        words=words,
        sources=sources,
        weights=weights,
    )


def gather(
    findings: TextFindings,
    matcher: BeatMatcher,
    words: Mapping[str, Evidence] | None = None,
) -> dict[str, Evidence]:
    """Return the evidence by name; absent evidence is neutral.

    More tags make no evidence weaker. *words* are those of ``words_in``, where they are
    known.
    """
    if words is None:
        words = words_in(findings.document.fields, matcher.words)
    found = dict(words)
    for tag in findings.tags:
        is_event = tag.kind == "event"
        name = "topic-event" if is_event else matcher.topics.get(tag.topic_id)
        if name and name not in found:
            found[name] = (1.0, tag.topic_id)
    _add_control(found, findings.tags, matcher.weights)
    if findings.mentions:
        _add_mentions(found, findings, matcher)
    _add_measure(found, findings.measure, matcher.weights.kinds)
    _add_town(found, matcher.weights)
    _add_signs(found, matcher.weights.kinds)
    for source in findings.sources:
        if source and (kind := kind_of_source(source, matcher.sources)):
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
    """Return evidence that has a weight only where a beat gives it one.

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


def _add_control(
    found: dict[str, Evidence], tags: Sequence[Tag | Topic], by: BeatWeights
) -> None:
    """Tell an act between states on technology by its topic and its event together."""
    topic = next((t.topic_id for t in tags if t.topic_id in by.control_topics), None)
    if topic and any(
        tag.kind == "event" and tag.topic_id in by.control_events for tag in tags
    ):
        found["state-control"] = (1.0, topic)


def _add_measure(
    found: dict[str, Evidence], act: Measure | None, kinds: EvidenceKinds
) -> None:
    if act and kinds.home and kinds.home in (act.side, act.target_side):
        found[MEASURE] = (1.0, act.instrument)


def _add_town(found: dict[str, Evidence], by: BeatWeights) -> None:
    """Let a town count as its place: whole where something is done or a firm is named."""
    if town := found.pop(by.kinds.town, None):
        alone = by.uncapped.isdisjoint(found)
        value = town[0] * (_TOWN_ALONE if alone else 1.0)
        known = found.get(by.kinds.place)
        if known is None or value > known[0]:
            found[by.kinds.place] = (value, town[1])


def _add_signs(found: dict[str, Evidence], kinds: EvidenceKinds) -> None:
    """Add what any of several evidence stands for."""
    for name, signs in kinds.any_of.items():
        if what := next((found[sign][1] for sign in signs if sign in found), None):
            found[name] = (1.0, what)


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


def _kind(company: Company, kinds: EvidenceKinds) -> str:
    """Return the evidence name of a company."""
    side = "home" if company.is_home else "foreign"
    if company.kind not in _TRADES:
        return f"{side}-body"
    apart = (
        name
        for name, firms in kinds.firms.items()
        if company.is_home == firms.is_home and company.sector in firms.sectors
    )
    return next(apart, side)


def _root(topic_id: str, parents: Mapping[str, str | None]) -> str:
    while parent := parents.get(topic_id):
        topic_id = parent
    return topic_id


def _is_chinese(title: str) -> bool:
    return not title.isascii() and _CHINESE.search(title) is not None


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """What sources usually tell, by name."""

    kinds: Mapping[str, str]


def read_sources(text: str) -> Sources:
    """Return the sources of a TOML text."""
    data = tomllib.loads(text)
    return Sources(
        {name: kind for kind, section in data.items() for name in section["names"]}
    )


@lru_cache(maxsize=1024)
def kind_of_source(source: str, sources: Sources) -> str:
    """Return the evidence name of a feed, publisher or host; "" if unknown."""
    name = _WORDS.sub("", fold(source).text.lower().strip())
    best = ""
    for known in sources.kinds:
        if len(known) > len(best) and _begins(name, known):
            best = known
    return f"source-{sources.kinds[best]}" if best else ""


def _begins(name: str, known: str) -> bool:
    """Tell whether *known* is a prefix of *name* that ends at a word."""
    rest = name[len(known) :]
    return name.startswith(known) and not (rest[:1].isascii() and rest[:1].isalnum())
