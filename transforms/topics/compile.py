"""Turn the terms of all topics into one automaton."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ahocorasick_rs import AhoCorasick

from transforms.documents import CreditLine, compile_credit_lines
from transforms.literals import other_literals, required_literals
from transforms.patterns import compile_pattern
from transforms.text import fold, lowered
from transforms.watchlist import Scoring, Topic, Watchlist

REGEX = "re:"
_HAN = re.compile("[\u4e00-\u9fff]")
_LETTER = re.compile("[A-Za-z]")
# Up to five capitals are an abbreviation, where case tells AI from "ai" in "said".
_ABBREVIATION = 5


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A word that speaks for or, with a negative weight, against a topic.

    A *pattern* is worth a search where each of *needs* has a text that stands there.
    """

    topic: Topic
    text: str
    weight: float
    exact: bool = False
    whole_word: bool = False
    pattern: re.Pattern[str] | None = None
    needs: tuple[frozenset[str], ...] = ()


@dataclass(slots=True)
class Form:
    """A lower-case text that the automaton looks for.

    *terms* are there when it is, *patterns* are worth trying when it is.
    """

    terms: list[Term] = field(default_factory=list)
    patterns: list[Term] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class TopicMatcher:
    """Everything that finding topics needs, made once for a watchlist."""

    automaton: AhoCorasick
    forms: tuple[Form, ...]
    always: tuple[Term, ...]
    topics: Mapping[str, Topic]
    priors: Mapping[str, Mapping[str, float]]
    scoring: Scoring
    credit_lines: tuple[CreditLine, ...]
    rules_version: str


def compile_topics(watchlist: Watchlist) -> TopicMatcher:
    """Prepare the terms of *watchlist* for matching."""
    forms: dict[str, Form] = {}
    always: list[Term] = []
    for term in _terms(watchlist):
        _enter(term, forms, always)
    return TopicMatcher(
        automaton=AhoCorasick(list(forms)),
        forms=tuple(forms.values()),
        always=tuple(always),
        topics={t.topic_id: t for t in watchlist.topics if t.kind == "topic"},
        priors=_priors(watchlist),
        scoring=watchlist.scoring,
        credit_lines=compile_credit_lines(watchlist.credit_lines),
        rules_version=watchlist.rules_version,
    )


def _terms(watchlist: Watchlist) -> Iterator[Term]:
    scoring = watchlist.scoring
    for topic in watchlist.topics:
        weights = {
            **dict.fromkeys(topic.excludes, scoring.negative),
            **dict.fromkeys(topic.weak, scoring.weak),
            **dict.fromkeys(topic.terms, scoring.strong),
        }
        for text, weight in weights.items():
            yield _term(topic, text, weight)


def _term(topic: Topic, text: str, weight: float) -> Term:
    if text.startswith(REGEX):
        pattern = compile_pattern(text.removeprefix(REGEX))
        needs = other_literals(pattern.pattern)
        return Term(topic, text, weight, pattern=pattern, needs=needs)
    text = fold(text).text
    has_letters = bool(_LETTER.search(text))
    is_latin = has_letters and not _HAN.search(text)
    exact = has_letters and (not is_latin or _is_abbreviation(text))
    return Term(topic, text, weight, exact, whole_word=is_latin)


def _is_abbreviation(text: str) -> bool:
    singular = text.removesuffix("s")  # EVs is one, evs is not
    return singular.upper() == singular and len(singular) <= _ABBREVIATION


def _enter(term: Term, forms: dict[str, Form], always: list[Term]) -> None:
    if term.pattern is None:
        forms.setdefault(lowered(term.text), Form()).terms.append(term)
        return
    literals = required_literals(term.pattern.pattern)
    for literal in literals:
        forms.setdefault(literal, Form()).patterns.append(term)
    if not literals:
        always.append(term)


def _priors(watchlist: Watchlist) -> dict[str, dict[str, float]]:
    """Return by company what its sector and it make likely; it overrides its sector."""
    return {
        c.company_id: {
            **watchlist.priors.get(c.sector, {}),
            **watchlist.priors.get(c.company_id, {}),
        }
        for c in watchlist.companies
    }
