"""Terms of all topics as one automaton, compiled from a watchlist."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ahocorasick_rs import AhoCorasick

from transforms.names.match.clauses import compile_frame
from transforms.names.match.document import compile_credit_lines
from transforms.names.match.terms import (
    Reason,
    Term,
    TermClause,
    TermForm,
    TermPattern,
    TopicMatcher,
    Tried,
    Vote,
    vote,
)
from transforms.names.match.wordings import Wordings
from transforms.names.rules.literals import (
    BORDER,
    Literals,
    branches,
    other_literals,
    required_literals,
)
from transforms.names.rules.patterns import (
    IGNORES_CASE,
    LazyPattern,
    Made,
    folded_pattern,
    in_lower_case,
)
from transforms.names.rules.topics import REGEX
from transforms.names.rules.watchlist import Clause, Scoring, Topic, Watchlist
from transforms.text.fold import fold, lowered

_PUBLIC_BODIES = ("regulator", "gov")
_HAN = re.compile("[\u4e00-\u9fff]")
_LETTER = re.compile("[A-Za-z]")
# Up to five capitals are an abbreviation, where case tells AI from "ai" in "said".
_ABBREVIATION = 5
_ROUNDING = 1e-9


def compile_topics(watchlist: Watchlist) -> TopicMatcher:
    """Compile the terms of *watchlist* for matching."""
    forms, wordings = _Forms(), Wordings()
    for term, patterns in _terms(watchlist, wordings):
        forms.add(term, patterns)
    thresholds = tuple(_threshold(t, watchlist.scoring) for t in watchlist.topics)
    return TopicMatcher(
        automaton=AhoCorasick(list(forms.terms)),
        forms=forms.made(),
        always=tuple(forms.always),
        anywhere=frozenset(
            (
                *(pattern.term.votes[0].topic for pattern in forms.always),
                *(n for n, least in enumerate(thresholds) if least <= 0),
            )
        ),
        wordings=wordings,
        topics=watchlist.topics,
        events=frozenset(n for n, t in enumerate(watchlist.topics) if t.kind == "event"),
        thresholds=thresholds,
        priors=_priors(watchlist),
        implied=_implied(watchlist),
        scoring=watchlist.scoring,
        credit_lines=compile_credit_lines(watchlist.credit_lines),
        regulators=frozenset(
            c.company_id for c in watchlist.companies if c.kind in _PUBLIC_BODIES
        ),
        rules_version=watchlist.rules_version,
    )


def literals_by_term(topic: Topic, watchlist: Watchlist) -> Iterator[tuple[str, Literals]]:
    """Yield each term of *topic*, written out, with its literals.

    A text with the term has one of these literals, which may begin with ``BORDER``. A term
    without literals is tried on each text.
    """
    only, wordings = replace(watchlist, topics=(topic,)), Wordings()
    for term, patterns in _terms(only, wordings):
        sources = sorted(
            p.frame.said if isinstance(p, TermClause) else p.source for p in patterns
        )
        said = repr((term.text, [vote.value for vote in term.votes], sources))
        needs = [p.literals for p in patterns] or [frozenset({lowered(term.text)})]
        yield said, frozenset().union(*needs) if all(needs) else frozenset()


@dataclass(frozen=True, slots=True)
class _Forms:
    """The automaton's texts while they are gathered, in order of their numbers."""

    terms: dict[str, list[Term]] = field(default_factory=dict)
    patterns: dict[str, list[Tried]] = field(default_factory=dict)
    begun: dict[str, list[Tried]] = field(default_factory=dict)
    always: list[Tried] = field(default_factory=list)

    def add(self, term: Term, patterns: Sequence[Tried]) -> None:
        """File *term* under each text that may lead to a match of it."""
        if not patterns:
            text = lowered(term.text)
            self._number(text)
            self.terms[text].append(term)
        for pattern in patterns:
            self._add_pattern(pattern)

    def made(self) -> Made[TermForm]:
        """Return the form of each text."""
        found = list(
            zip(
                *(self.terms.values(), self.patterns.values(), self.begun.values()),
                strict=True,
            )
        )
        return Made(lambda number: _form(*found[number]), len(found))

    def _add_pattern(self, pattern: Tried) -> None:
        if not pattern.literals:
            self.always.append(pattern)
        for literal in sorted(pattern.literals):
            text = literal.removeprefix(BORDER)
            self._number(text)
            at = self.patterns if text == literal else self.begun
            at[text].append(pattern)

    def _number(self, text: str) -> None:
        self.terms.setdefault(text, [])
        self.patterns.setdefault(text, [])
        self.begun.setdefault(text, [])


def _form(
    terms: Sequence[Term], patterns: Sequence[Tried], begun: Sequence[Tried]
) -> TermForm:
    tried = (pattern.term for pattern in (*patterns, *begun))
    all_terms = tuple(dict.fromkeys((*terms, *tried)))
    return TermForm(
        terms=tuple(terms),
        patterns=tuple(patterns),
        begun=tuple(begun),
        # Whether a text is Latin does not hang on the case of its letters.
        whole_word=bool(terms) and terms[0].whole_word,
        plain=not patterns and not begun and not any(term.exact for term in terms),
        votes=(
            tuple(term.votes[0] for term in terms),
            tuple(term.votes[1] for term in terms),
        ),
        most=(_most(all_terms, 0, 1), _most(all_terms, 1)),
    )


def _most(terms: Iterable[Term], *sides: int) -> tuple[tuple[int, float], ...]:
    """Return the most that *terms* may add to each topic in one of these places."""
    sums: dict[int, float] = {}
    for term in terms:
        topic = term.votes[0].topic
        # An event is in the headline by whatever stands there, for it or against.
        most = max(0.0, *(term.votes[side].value for side in sides))
        sums[topic] = sums.get(topic, 0.0) + most
    return tuple(sums.items())


def _threshold(topic: Topic, scoring: Scoring) -> float:
    threshold = topic.threshold
    if threshold is None and topic.kind == "topic":
        threshold = scoring.threshold
    if threshold is None:  # an event is told by its headline; a summary confirms
        threshold = scoring.strong * scoring.title
    return threshold - _ROUNDING


def _terms(
    watchlist: Watchlist, wordings: Wordings
) -> Iterator[tuple[Term, tuple[Tried, ...]]]:
    scoring = watchlist.scoring
    for number, topic in enumerate(watchlist.topics):
        weights = {
            **dict.fromkeys(topic.excludes, scoring.negative),
            **dict.fromkeys(topic.weak, scoring.weak),
            **dict.fromkeys(topic.terms, scoring.strong),
        }
        for text, weight in weights.items():
            yield _term(number, text, weight, scoring)
        for clause in topic.clauses:
            yield _clause(number, clause, watchlist, wordings)


def _clause(
    topic: int, clause: Clause, watchlist: Watchlist, wordings: Wordings
) -> tuple[Term, tuple[Tried, ...]]:
    """Look for a clause where its act stands."""
    scoring = watchlist.scoring
    weight = scoring.weak if clause.weak else scoring.clause
    frame = compile_frame(clause, watchlist.macros, wordings)
    term = Term("clause", _votes(topic, "clause", weight, scoring))
    acts = (branch for act in frame.act.wordings for branch in branches(act.source))
    needs = [required_literals(act) for act in acts]
    literals = frozenset[str]().union(*needs) if all(needs) else frozenset[str]()
    return term, (TermClause(term, literals, frame),)


def _term(
    topic: int, source: str, weight: float, scoring: Scoring
) -> tuple[Term, tuple[TermPattern, ...]]:
    if source.startswith(REGEX):
        whole = folded_pattern(source.removeprefix(REGEX))
        term = Term(source, _votes(topic, source, weight, scoring))
        return term, tuple(_pattern(term, branch) for branch in branches(whole))
    text = fold(source).text
    has_letters = bool(_LETTER.search(text))
    is_latin = has_letters and not _HAN.search(text)
    exact = has_letters and (not is_latin or _is_abbreviation(text))
    votes = _votes(topic, text, weight, scoring)
    return Term(text, votes, exact, whole_word=is_latin), ()


def _votes(topic: int, text: str, weight: float, scoring: Scoring) -> tuple[Vote, Vote]:
    # What speaks against a topic does so wherever it stands.
    factors = (scoring.title, scoring.summary) if weight > 0 else (1, 1)
    title, summary = (weight * factor for factor in factors)
    return (
        vote(topic, Reason(text, "title", title)),
        vote(topic, Reason(text, "summary", summary)),
    )


def _is_abbreviation(text: str) -> bool:
    singular = text.removesuffix("s")  # EVs is one, evs is not
    return singular.upper() == singular and len(singular) <= _ABBREVIATION


def _pattern(term: Term, source: str) -> TermPattern:
    """Search lower-case text for a pattern that ignores case: several times as fast.

    An engine that ignores case looks at every letter; one that does not leaps to the
    next that the pattern may begin with.
    """
    in_lower = source.startswith(IGNORES_CASE)
    return TermPattern(
        term=term,
        source=source,
        regex=LazyPattern(in_lower_case(source) if in_lower else source),
        in_lower=in_lower,
        literals=required_literals(source),
        needs=tuple(tuple(sorted(need)) for need in other_literals(source)),
        doubt=term.votes[0].value < 0,
    )


def _implied(watchlist: Watchlist) -> dict[int, tuple[Vote, ...]]:
    """Return by event type what it says of topics."""
    numbers = {t.topic_id: n for n, t in enumerate(watchlist.topics) if t.kind == "topic"}
    return {
        n: tuple(
            vote(numbers[topic_id], Reason(f"event:{event.topic_id}", "", value))
            for topic_id, value in watchlist.priors[event.topic_id].items()
        )
        for n, event in enumerate(watchlist.topics)
        if event.kind == "event" and event.topic_id in watchlist.priors
    }


def _priors(watchlist: Watchlist) -> dict[str, tuple[Vote, ...]]:
    """Return by company what its sector and it make likely; it overrides its sector.

    A company makes nothing unlikely: one below zero only takes back its sector's.
    """
    numbers = {t.topic_id: n for n, t in enumerate(watchlist.topics) if t.kind == "topic"}
    priors = {}
    for company in watchlist.companies:
        values = {
            **watchlist.priors.get(company.sector, {}),
            **watchlist.priors.get(company.company_id, {}),
        }
        term = f"company:{company.company_id}"
        priors[company.company_id] = tuple(
            vote(numbers[topic_id], Reason(term, "", value))
            for topic_id, value in values.items()
            if value >= 0
        )
    return priors
