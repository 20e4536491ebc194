"""Lint of a beat: files that are valid but probably mistaken."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping

from transforms.brief.ranking.leads import RankingWeights
from transforms.config import did_you_mean
from transforms.names.explain.lint import LintFinding, lint
from transforms.names.rules.watchlist import TRADES, Company, Watchlist
from transforms.names.tagging import Tagger, TaggingRules
from transforms.relevance.evidence import MEASURE
from transforms.relevance.score import EvidenceTerm
from transforms.text.fold import fold, lowered
from transforms.text.lengths import counted
from transforms.training.labels import Accuracy
from transforms.training.telling import PLAIN

# From here on a weight decides by itself, whatever stands beside it.
_LARGEST = 8.0
# Below, labels say that the beat decides hardly better than chance.
_POOR = 0.5
# Where such a share of firms is at home, being at home tells nothing.
_NEARLY_ALL = 0.9
_ROLES = ("subject", "named", "aside", "place", "byline", "own", "person")
_FORMS = frozenset({"digest", "chinese", "state-control", "topic-event"})


def lint_beat(
    tagger: Tagger, rules: TaggingRules, words: str, *, in_chinese: bool = True
) -> list[LintFinding]:
    """Return the findings on a beat: *words* is its file of words."""
    known = frozenset(_evidence(tagger.watchlist, rules, words))
    return [
        *(f for term in rules.weights.terms for f in _term(term, known)),
        *_decision(rules.weights.threshold),
        *_words(tomllib.loads(words)),
        *_home(tagger.watchlist),
        *_sectors(tagger.watchlist, rules),
        *_control(tagger.watchlist, rules),
        # Macros of the beat below that nothing here uses do no harm.
        *(f for f in lint(tagger, in_chinese=in_chinese) if f.check != "unused macro"),
    ]


def lint_labels(figures: Mapping[str, Accuracy]) -> list[LintFinding]:
    """Return the findings on what labels say of a beat."""
    return [
        LintFinding(
            check="labels",
            entry=kind,
            problem=f"precision {f.precision:.2f}, recall {f.recall:.2f} by your labels",
            remedy="add firms and words, then fit again: beat new ID --from … --refit",
        )
        for kind, f in figures.items()
        if f.on and f.off and f.f1 < _POOR
    ]


def lint_ranking(watchlist: Watchlist, ranking: RankingWeights) -> list[LintFinding]:
    """Return the findings on what a ranking names: topics, events, firms and bodies."""
    topics = {topic.topic_id for topic in watchlist.topics}
    companies = {company.company_id for company in watchlist.companies}
    named = {
        "affairs.lasting": (ranking.affairs.lasting, topics),
        "act.of_firms": (ranking.of_firms, topics),
        "firms.games": (ranking.games, topics),
        "abroad.subjects": (ranking.abroad, topics),
        "firms.states": (ranking.states, companies),
    }
    return [
        finding
        for entry, (names, known) in named.items()
        for finding in _strangers(f"ranking.toml: {entry}", names, known)
    ]


def _control(watchlist: Watchlist, rules: TaggingRules) -> Iterator[LintFinding]:
    """Yield what the evidence of measures names and nothing is tagged with."""
    weights = rules.weights
    for key, names in (
        ("topic", weights.control_topics),
        ("event", weights.control_events),
    ):
        known = {topic.topic_id for topic in watchlist.topics if topic.kind == key}
        yield from _strangers(f"weights.toml: state-control.{key}s", names, known)


def _strangers(
    entry: str, names: Iterable[str], known: Collection[str]
) -> Iterator[LintFinding]:
    for name in sorted(set(names) - set(known)):
        yield LintFinding(
            check="unknown name",
            entry=entry,
            problem=f"names {name!r}, which the watchlist does not have",
            remedy=did_you_mean(name, known) or "correct it, or take it out",
        )


def _evidence(watchlist: Watchlist, rules: TaggingRules, words: str) -> Iterator[str]:
    """Yield the names of all evidence that there can be."""
    kinds = rules.weights.kinds
    yield from _FORMS
    yield from kinds.any_of
    if kinds.home:
        yield MEASURE
    yield from (f"word-{group}" for group in tomllib.loads(words))
    yield from (f"source-{kind}" for kind in set(rules.sources.kinds.values()))
    sides = ("home", "foreign", "home-body", "foreign-body", *kinds.firms)
    yield from (f"{side}-{role}" for side in sides for role in _ROLES)
    for topic in watchlist.topics:
        yield f"{topic.kind} {topic.topic_id}"
        if topic.kind == "topic" and not topic.parent_id:
            yield f"topic-{topic.topic_id}"
    for company in watchlist.companies:
        yield from (f"company {company.company_id} {role}" for role in _ROLES)


def _term(term: EvidenceTerm, known: frozenset[str]) -> Iterator[LintFinding]:
    for part in term.parts:
        if part.name not in known and not part.name.startswith("from "):
            yield LintFinding(
                check="unknown evidence",
                entry=f"weights.toml: {term.name}",
                problem=f"nothing is ever evidence {part.name!r}",
                remedy=did_you_mean(part.name, known) or "add it, or take the weight out",
            )
    if abs(term.weight) > _LARGEST:
        yield LintFinding(
            check="absurd weight",
            entry=f"weights.toml: {term.name}",
            problem=f"weight {term.weight:g} decides by itself, whatever else is there",
            remedy=f"write one between -{_LARGEST:g} and {_LARGEST:g}; most are below 4",
        )


def _decision(threshold: float) -> Iterator[LintFinding]:
    if not 0 < threshold < 1:
        problem = f"is {threshold:g}, so {'nothing' if threshold >= 1 else 'all'} is on it"
        yield LintFinding(
            check="threshold",
            entry="weights.toml: threshold",
            problem=problem,
            remedy="write one between 0 and 1, such as 0.5",
        )


def _words(groups: Mapping[str, Mapping[str, list[str]]]) -> Iterator[LintFinding]:
    for group, section in groups.items():
        # What firms do is said with the words of any headline.
        plain = PLAIN if group != "act" else frozenset()
        for word in section["words"]:
            text = lowered(fold(word.removeprefix("=")).text)
            # In Chinese one character is a word.
            is_common = text in plain or (text.isascii() and len(text) <= 1)
            if is_common and not word.startswith("="):
                yield LintFinding(
                    check="common word",
                    entry=f"words.toml: {group}",
                    problem=f"{word!r} stands in any headline",
                    remedy='write a longer one, or "=" before it: only as written',
                )


def firms(watchlist: Watchlist) -> list[Company]:
    """Return the companies of a watchlist that are firms, no bodies."""
    return [company for company in watchlist.companies if company.kind in TRADES]


def _home(watchlist: Watchlist) -> Iterator[LintFinding]:
    known, home = firms(watchlist), watchlist.home
    at_home = sum(firm.is_home for firm in known)
    of_all = f"{at_home} of {counted(len(known), 'firm')}"
    # Countries that are abroad let all others in, whatever companies are named beside.
    is_open = bool(home.abroad and home.companies) and not (home.countries or home.sectors)
    if known and (is_open or at_home >= _NEARLY_ALL * len(known)):
        yield LintFinding(
            check="wide home",
            entry="watchlist.toml: home",
            problem=f"{of_all} are at home on the beat"
            + (": all that are not of a country in `abroad`" if is_open else ""),
            remedy="name sectors or countries, or companies alone, without `abroad`",
        )
    if not any(company.is_home for company in watchlist.companies):
        yield LintFinding(
            check="nobody at home",
            entry="watchlist.toml: home",
            problem="no company of the watchlist is at home on the beat",
            remedy="name some in companies of [home], or their countries or sectors",
        )


def _sectors(watchlist: Watchlist, rules: TaggingRules) -> Iterator[LintFinding]:
    known = {company.sector for company in watchlist.companies}
    named = {
        "watchlist.toml: home": watchlist.home.sectors,
        **{
            f"evidence.toml: firms.{name}": tuple(sorted(firms.sectors))
            for name, firms in rules.weights.kinds.firms.items()
        },
    }
    for entry, sectors in named.items():
        yield from _unknown(entry, sectors, known)


def _unknown(entry: str, sectors: Iterable[str], known: set[str]) -> Iterator[LintFinding]:
    for sector in sectors:
        if sector not in known:
            yield LintFinding(
                check="unknown sector",
                entry=entry,
                problem=f"names sector {sector!r}, which no company has",
                remedy=did_you_mean(sector, known) or "correct it, or take it out",
            )
