"""Turn the terms of all topics into one automaton."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ahocorasick_rs import AhoCorasick

from transforms.documents import CreditLines, compile_credit_lines
from transforms.literals import other_literals, required_literals
from transforms.patterns import compile_pattern
from transforms.text import fold, lowered
from transforms.watchlist import Scoring, Topic, Watchlist

REGEX = "re:"
IGNORES_CASE = "(?i)"
_OUTSIDE_ESCAPES = re.compile(r"(?<!\\)(?:\\\\)*[A-Z]+")
_HAN = re.compile("[\u4e00-\u9fff]")
_LETTER = re.compile("[A-Za-z]")
# Up to five capitals are an abbreviation, where case tells AI from "ai" in "said".
_ABBREVIATION = 5


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A word that speaks for or, with a negative weight, against a topic.

    A *pattern* is worth a search where the automaton finds a form of each of *needs*.
    """

    topic: Topic
    text: str
    weight: float
    exact: bool = False
    whole_word: bool = False
    pattern: Pattern | None = None
    needs: tuple[frozenset[int], ...] = ()


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression, to be searched in the text or in its lower-case form."""

    source: str
    search: Callable[[str], re.Match[str] | None]
    in_lower: bool


@dataclass(slots=True)
class Form:
    """A lower-case text that the automaton looks for.

    *terms* are there when it is, *patterns* are worth trying when it is.
    """

    number: int
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
    credit_lines: CreditLines
    rules_version: str


def compile_topics(watchlist: Watchlist) -> TopicMatcher:
    """Prepare the terms of *watchlist* for matching."""
    forms = _Forms()
    always: list[Term] = []
    for term in _terms(watchlist, forms):
        if term.pattern is None:
            forms.of(lowered(term.text)).terms.append(term)
        elif literals := required_literals(term.pattern.source):
            for literal in literals:
                forms.of(literal).patterns.append(term)
        else:
            always.append(term)
    return TopicMatcher(
        automaton=AhoCorasick(list(forms.by_text)),
        forms=tuple(forms.by_text.values()),
        always=tuple(always),
        topics={t.topic_id: t for t in watchlist.topics if t.kind == "topic"},
        priors=_priors(watchlist),
        scoring=watchlist.scoring,
        credit_lines=compile_credit_lines(watchlist.credit_lines),
        rules_version=watchlist.rules_version,
    )


@dataclass(frozen=True, slots=True)
class _Forms:
    """The automaton's texts while they are gathered, in order of their numbers."""

    by_text: dict[str, Form] = field(default_factory=dict)

    def of(self, text: str) -> Form:
        """Return the form of a lower-case text, a new one where there is none."""
        return self.by_text.setdefault(text, Form(len(self.by_text)))

    def numbers(self, texts: Iterable[str]) -> frozenset[int]:
        """Return the numbers of lower-case texts."""
        return frozenset(self.of(text).number for text in sorted(texts))


def _terms(watchlist: Watchlist, forms: _Forms) -> Iterator[Term]:
    scoring = watchlist.scoring
    for topic in watchlist.topics:
        weights = {
            **dict.fromkeys(topic.excludes, scoring.negative),
            **dict.fromkeys(topic.weak, scoring.weak),
            **dict.fromkeys(topic.terms, scoring.strong),
        }
        for text, weight in weights.items():
            yield _term(topic, text, weight, forms)


def _term(topic: Topic, text: str, weight: float, forms: _Forms) -> Term:
    if text.startswith(REGEX):
        pattern = compile_pattern(text.removeprefix(REGEX))
        needs = tuple(map(forms.numbers, other_literals(pattern.pattern)))
        return Term(topic, text, weight, pattern=_pattern(pattern), needs=needs)
    text = fold(text).text
    has_letters = bool(_LETTER.search(text))
    is_latin = has_letters and not _HAN.search(text)
    exact = has_letters and (not is_latin or _is_abbreviation(text))
    return Term(topic, text, weight, exact, whole_word=is_latin)


def _is_abbreviation(text: str) -> bool:
    singular = text.removesuffix("s")  # EVs is one, evs is not
    return singular.upper() == singular and len(singular) <= _ABBREVIATION


def _pattern(compiled: re.Pattern[str]) -> Pattern:
    """Search lower-case text for a pattern that ignores case: several times as fast.

    An engine that ignores case looks at every letter; one that does not leaps to the
    next that the pattern may begin with.
    """
    source = compiled.pattern
    if not source.startswith(IGNORES_CASE):
        return Pattern(source, compiled.search, in_lower=False)
    lower = _OUTSIDE_ESCAPES.sub(lambda found: found[0].lower(), source)
    search = re.compile(lower.removeprefix(IGNORES_CASE)).search
    return Pattern(source, search, in_lower=True)


def _priors(watchlist: Watchlist) -> dict[str, dict[str, float]]:
    """Return by company what its sector and it make likely; it overrides its sector."""
    return {
        c.company_id: {
            **watchlist.priors.get(c.sector, {}),
            **watchlist.priors.get(c.company_id, {}),
        }
        for c in watchlist.companies
    }
