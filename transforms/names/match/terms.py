"""Terms of topics, and the votes of those found in a text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from transforms.names.match.clauses import (
    NOBODY,
    CompiledClause,
    Named,
    Names,
    names_of,
    sentences_of,
)
from transforms.names.match.document import ArticleText, Field
from transforms.names.match.wordings import Places, Sentence, Wordings
from transforms.names.rules.literals import Literals
from transforms.names.rules.patterns import LazyPattern, Made, PatternSet
from transforms.names.rules.watchlist import Scoring, Topic
from transforms.text.fold import LATIN


class Reason(NamedTuple):
    """A term with its field and value; for a prior, the company's id.

    For a clause, *object* is the act's object, if stated.
    """

    term: str
    field: str
    value: float
    object: str = ""


class Vote(NamedTuple):
    """Contribution of a term or company to a topic, with the reason.

    *rank* sorts the heaviest reason first, of equal ones the longest term.
    """

    topic: int
    value: float
    rank: tuple[float, int, Reason]

    @property
    def reason(self) -> Reason:
        """Reason for the vote."""
        return self.rank[2]


def vote(topic: int, reason: Reason) -> Vote:
    """Return the vote for *topic* by *reason*."""
    return Vote(topic, reason.value, (-reason.value, -len(reason.term), reason))


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A term for, or with a negative weight against, a topic.

    *votes* are its vote in a title, and its vote in a summary only.
    """

    text: str
    votes: tuple[Vote, Vote]
    exact: bool = False
    whole_word: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class TermPattern:
    """Regular expression of a term, for a text or its lower-case form.

    It is tried if the lower-case text has one of its *literals*, if any, and one of each of
    *needs*. A *doubt* votes against a topic.
    """

    term: Term
    source: str
    regex: LazyPattern
    in_lower: bool
    literals: Literals
    needs: tuple[tuple[str, ...], ...]
    doubt: bool


@dataclass(frozen=True, slots=True, eq=False)
class TermClause:
    """A term as a clause, within one sentence; its act has one of *literals*."""

    term: Term
    literals: Literals
    frame: CompiledClause


Tried = TermPattern | TermClause


@dataclass(frozen=True, slots=True, eq=False)
class TermForm:
    """A lower-case literal of the automaton.

    A match implies *terms* and makes *patterns* worth trying, in order, and *begun* too at
    the beginning of a word. A *plain* form has no patterns, and its terms ignore case: its
    first match suffices, and *votes* are those of its terms in a title, and in a summary.
    *most* is the most that it may add to each topic where it stands in a title, and in a
    summary only.
    """

    terms: tuple[Term, ...]
    patterns: tuple[Tried, ...]
    begun: tuple[Tried, ...]
    whole_word: bool
    plain: bool
    votes: tuple[tuple[Vote, ...], tuple[Vote, ...]]
    most: tuple[tuple[tuple[int, float], ...], tuple[tuple[int, float], ...]]


@dataclass(frozen=True, slots=True, eq=False)
class TopicMatcher:
    """Matcher of topics, compiled once per watchlist.

    *anywhere* are topics that no literal tells of.
    """

    automaton: AhoCorasick
    forms: Made[TermForm]
    always: tuple[Tried, ...]
    anywhere: frozenset[int]
    wordings: Wordings
    topics: tuple[Topic, ...]
    events: frozenset[int]
    thresholds: tuple[float, ...]
    priors: Mapping[str, tuple[Vote, ...]]
    implied: Mapping[int, tuple[Vote, ...]]
    scoring: Scoring
    credit_lines: PatternSet
    regulators: frozenset[str]
    rules_version: str


class _Tally:
    """The votes so far, and whose they are: each term has but one.

    *doubts* are patterns against a topic, which are tried last, and only where anything
    speaks for it.
    """

    __slots__ = (
        *("_matcher", "_named", "_names", "_places", "_sentences"),
        *("counted", "doubts", "settled", "votes"),
    )

    def __init__(self, named: Named, matcher: TopicMatcher) -> None:
        self._named = named
        self._matcher = matcher
        self._names: Names | None = None
        self._places: dict[str, Places] = {}
        self._sentences: dict[str, list[Sentence]] = {}
        self.votes: list[Vote] = []
        self.settled: set[int] = set()
        self.counted: set[Term] = set()
        self.doubts: list[tuple[TermPattern, Field, int]] = []

    def names(self) -> Names:
        """Return the names, which few texts have a clause for."""
        if self._names is None:
            self._names = names_of(self._named, self._matcher.regulators)
        return self._names

    def places(self, text: Field) -> Places:
        """Return what clauses may have in a field."""
        found = self._places.get(text.name)
        if found is None:
            found = self._places[text.name] = self._matcher.wordings.places(text.lower)
        return found

    def sentences(self, text: Field) -> list[Sentence]:
        """Return the sentences of a field."""
        found = self._sentences.get(text.name)
        if found is None:
            found = sentences_of(text.text, text.lower, self.places(text))
            self._sentences[text.name] = found
        return found


def tally(
    document: ArticleText,
    matcher: TopicMatcher,
    priors: Iterable[Vote] = (),
    named: Named = NOBODY,
) -> list[Vote]:
    """Return the votes of the terms found in title or summary.

    They are in order of place, since sums of floats depend on it; negative votes of
    patterns against a topic with votes or *priors* come last.
    """
    so_far = _Tally(named, matcher)
    for field in document.fields:
        if field.name != "content":
            _tally(field, matcher, so_far)
    if so_far.doubts:
        _add_doubts(so_far, priors)
    return so_far.votes


def _tally(text: Field, matcher: TopicMatcher, so_far: _Tally) -> None:
    side = 0 if text.name == "title" else 1
    votes, settled = so_far.votes, so_far.settled
    lower, forms = text.lower, matcher.forms
    last = len(lower)
    worth = [*matcher.always]
    for number, start, end in matcher.automaton.find_matches_as_indexes(
        lower, overlapping=True
    ):
        if number in settled:
            continue
        form = forms[number]
        begins = not start or lower[start - 1] not in LATIN
        stands = not form.whole_word or (
            begins and (end == last or lower[end] not in LATIN)
        )
        if form.plain:
            if stands:
                settled.add(number)
                votes += form.votes[side]
            continue
        if form.patterns:
            worth += form.patterns
        if begins and form.begun:
            worth += form.begun
        if stands and form.terms:
            written = text.text[start:end]
            for term in form.terms:
                if not term.exact or term.text == written:
                    _cast(term, side, so_far)
    _try(dict.fromkeys(worth), text, side, so_far)


def _try(patterns: Iterable[Tried], text: Field, side: int, so_far: _Tally) -> None:
    for pattern in patterns:
        if isinstance(pattern, TermClause):
            if pattern.term not in so_far.counted:
                _try_clause(pattern, text, side, so_far)
        elif pattern.doubt:
            so_far.doubts.append((pattern, text, side))
        elif pattern.term not in so_far.counted and _matches(pattern, text):
            _cast(pattern.term, side, so_far)


def _try_clause(clause: TermClause, text: Field, side: int, so_far: _Tally) -> None:
    """Vote for the words of a clause, if all of it stands in one sentence."""
    term, frame, names = clause.term, clause.frame, so_far.names()
    if not frame.may_stand(so_far.places(text).likely, names):
        return
    if found := frame.search(so_far.sentences(text), names):
        so_far.counted.add(term)
        topic, value, _ = term.votes[side]
        so_far.votes.append(
            vote(topic, Reason(found.words, text.name, value, found.object))
        )


def _add_doubts(so_far: _Tally, priors: Iterable[Vote]) -> None:
    spoken_for = {vote.topic for vote in (*so_far.votes, *priors)}
    for pattern, text, side in so_far.doubts:
        if pattern.term.votes[0].topic in spoken_for and _matches(pattern, text):
            _cast(pattern.term, side, so_far)


def _cast(term: Term, side: int, so_far: _Tally) -> None:
    if term not in so_far.counted:
        so_far.counted.add(term)
        so_far.votes.append(term.votes[side])


def _matches(pattern: TermPattern, text: Field) -> bool:
    lower = text.lower
    for need in pattern.needs:
        for literal in need:
            if literal in lower:
                break
        else:
            return False
    return pattern.regex.search(lower if pattern.in_lower else text.text) is not None
