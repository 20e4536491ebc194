"""The terms of a watchlist as the topic matcher keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from transforms.patterns.compile import LazyPattern
from transforms.patterns.likely import PatternSet
from transforms.patterns.literals import Literals
from transforms.topics.clauses import CompiledClause
from transforms.topics.wordings import Wordings
from transforms.watchlist import Scoring, Topic


class Reason(NamedTuple):
    """One term, where it stood, and what it added; a company's id for its prior.

    Of a clause also what the act is done to, if it says so.
    """

    term: str
    field: str
    value: float
    object: str = ""


class Vote(NamedTuple):
    """What a term, or a company, adds to the topic of that number, and why.

    *rank* puts the heaviest reason first; of equal ones, that of the longest term.
    """

    topic: int
    value: float
    rank: tuple[float, int, Reason]

    @property
    def reason(self) -> Reason:
        """Why."""
        return self.rank[2]


def vote(topic: int, reason: Reason) -> Vote:
    """Return the vote that *reason* casts."""
    return Vote(topic, reason.value, (-reason.value, -len(reason.term), reason))


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """What speaks for or, with a negative weight, against a topic.

    It casts one vote when found in a title, and another when only in a summary.
    """

    text: str
    votes: tuple[Vote, Vote]
    exact: bool = False
    whole_word: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class TermPattern:
    """A regular expression of a term, to be searched in a text or its lower-case form.

    It is worth a search where the lower-case text holds one of its *literals*, which some
    patterns have none of, and one of each of *needs*. A *doubt* speaks against a topic.
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
    """A clause, all of which must stand in a sentence; its act has one of *literals*."""

    term: Term
    literals: Literals
    frame: CompiledClause


Tried = TermPattern | TermClause


@dataclass(frozen=True, slots=True, eq=False)
class TermForm:
    """A lower-case text that the automaton looks for.

    *terms* are there when it is, *patterns*, in order, worth trying, and *begun* as well
    where no letter or digit stands before it. A *plain* form
    has no patterns, and its terms count in any case: found once, it needs no second
    look, and *votes* are those of its terms in a title, and in a summary.
    """

    terms: tuple[Term, ...]
    patterns: tuple[Tried, ...]
    begun: tuple[Tried, ...]
    whole_word: bool
    plain: bool
    votes: tuple[tuple[Vote, ...], tuple[Vote, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class TopicMatcher:
    """Everything that finding topics needs, made once for a watchlist."""

    automaton: AhoCorasick
    forms: tuple[TermForm, ...]
    always: tuple[Tried, ...]
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
