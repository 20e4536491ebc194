r"""A regular expression as an automaton: a state for each character that it names.

An edge leads from one to the next for each way that there is; ``(a|a)`` can be read in
two. Look-arounds are walked over by themselves.
"""

from __future__ import annotations

import re

# The parser of the standard library; our own reader knows too little of repeats.
import re._parser as parser  # type: ignore[import-not-found]
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import product
from typing import Any

Edge = tuple[int, int]
# What a pattern may tell apart: besides its own characters, one of each common kind.
_PROBES = "aZ0 \n_-.!,中é"
# Repeats of up to so many are copies; of more, a loop.
_COPIES = 8
# A bounded repeat is one without an end where the bound is as long as a headline.
_ENDLESS = 200


@dataclass(frozen=True, slots=True)
class _Part:
    """Where a part of the pattern may begin and end, and in how many ways be nothing.

    A state that stands there twice is come to, or left, in two ways.
    """

    first: tuple[int, ...] = ()
    last: tuple[int, ...] = ()
    empties: int = 1


@dataclass(slots=True)
class Machine:
    """The states and edges of a pattern; an edge that can be gone in two ways counts 2.

    ``looped`` states are in a loop, ``endless`` ones in one without a bound, which it
    names; ``loops`` are the outermost that give back, with how often they repeat. What a
    possessive loop took by an edge that is ``kept`` is never given back. Over an edge of
    ``borders`` a word begins or ends.
    """

    probes: frozenset[str]
    ignores_case: bool = False
    chars: list[frozenset[str]] = field(default_factory=list)
    edges: Counter[Edge] = field(default_factory=Counter)
    looped: set[int] = field(default_factory=set)
    endless: dict[int, int] = field(default_factory=dict)
    loops: dict[range, int] = field(default_factory=dict)
    kept: set[Edge] = field(default_factory=set)
    borders: set[Edge] = field(default_factory=set)

    def sequence(self, tree: Iterable[tuple[Any, Any]]) -> _Part:
        """Read parts that follow each other."""
        made = _Part()
        is_border = False
        for kind, value in tree:
            part = self._part(str(kind), value)
            if is_border:
                self.borders.update(product(made.last, part.first))
            made = self._joined(made, part)
            is_border = str(value) == "AT_BOUNDARY"
        return made

    def _part(self, kind: str, value: Any) -> _Part:
        match kind, value:
            case ("SUBPATTERN", (*_, body)) | ("ATOMIC_GROUP", body):
                return self.sequence(body)
            case "BRANCH", (_, branches):
                return _either(list(map(self.sequence, branches)))
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT", (least, most, body):
                return self._repeat(body, int(least), int(most), kind)
            case (("ASSERT" | "ASSERT_NOT"), (_, body)):
                self.sequence(body)
                return _Part()
            case (("LITERAL" | "NOT_LITERAL" | "ANY" | "IN" | "CATEGORY"), _):
                return self._state(kind, value)
        return _Part()

    def _state(self, kind: str, value: Any) -> _Part:
        state = len(self.chars)
        self.chars.append(self._taken(kind, value))
        return _Part((state,), (state,), empties=0)

    def _taken(self, kind: str, value: Any) -> frozenset[str]:
        if kind == "LITERAL":
            chars = {chr(value)}
        else:
            chars = {char for char in self.probes if _matches(kind, value, char)}
        if self.ignores_case:
            chars |= {other for char in chars for other in char.lower() + char.upper()}
        return frozenset(chars)

    def _repeat(self, body: Any, least: int, most: int, kind: str) -> _Part:
        if most <= _COPIES:
            made = _Part()
            for number in range(most):
                copy = self.sequence(body)
                empties = min(2, copy.empties + (number >= least))
                made = self._joined(made, _Part(copy.first, copy.last, empties))
            return made
        begun = len(self.chars)
        made = self.sequence(body)
        again = list(product(made.last, made.first))
        self.edges.update(edge for edge in again if edge not in self.kept)
        self._loop(range(begun, len(self.chars)), most, kind)
        if kind == "POSSESSIVE_REPEAT":
            self.kept |= set(again)
        return _Part(made.first, made.last, min(2, made.empties + (least == 0)))

    def _loop(self, states: range, most: int, kind: str) -> None:
        self.looped |= set(states)
        if kind == "POSSESSIVE_REPEAT":
            return
        inner = [loop for loop in self.loops if loop.start in states]
        self.loops[states] = max(most, *map(self.loops.pop, inner), 0)
        if most >= _ENDLESS:
            self.endless |= dict.fromkeys(states, states.start)

    def _joined(self, one: _Part, other: _Part) -> _Part:
        self.edges.update(product(one.last, other.first))
        return _Part(
            _at_most_twice(one.first + other.first * one.empties),
            _at_most_twice(one.last * other.empties + other.last),
            min(2, one.empties * other.empties),
        )


def machine_of(source: str) -> Machine:
    """Return the automaton of *source*.

    Raises:
        re.error: It is not a regular expression.
    """
    tree = parser.parse(source)
    machine = Machine(probes=frozenset(_PROBES + source.lower() + source.upper()))
    machine.ignores_case = bool(tree.state.flags & re.IGNORECASE)
    machine.sequence(tree)
    return machine


def is_of_a_word(char: str) -> bool:
    r"""Say whether *char* is one of ``\w``."""
    return char.isalnum() or char == "_"


def _either(parts: list[_Part]) -> _Part:
    return _Part(
        tuple(state for part in parts for state in part.first),
        tuple(state for part in parts for state in part.last),
        min(2, sum(part.empties for part in parts)),
    )


def _at_most_twice(states: tuple[int, ...]) -> tuple[int, ...]:
    """Return *states*, each as often as tells: one way, or more than one."""
    if len(set(states)) == len(states):
        return states
    return tuple(each for each, n in Counter(states).items() for _ in range(min(2, n)))


_CATEGORIES: dict[str, Callable[[str], bool]] = {
    "DIGIT": str.isdigit,
    "SPACE": str.isspace,
    "WORD": is_of_a_word,
}


def _matches(kind: str, value: Any, char: str) -> bool:
    match kind:
        case "LITERAL":
            return bool(ord(char) == value)
        case "NOT_LITERAL":
            return bool(ord(char) != value)
        case "ANY":
            return char != "\n"
        case "RANGE":
            return bool(value[0] <= ord(char) <= value[1])
        case "CATEGORY":
            name = str(value).removeprefix("CATEGORY_")
            return _CATEGORIES[name.removeprefix("NOT_")](char) != name.startswith("NOT_")
    (head, _), *_ = value
    is_negated = str(head) == "NEGATE"
    members = value[is_negated:]
    return any(_matches(str(k), v, char) for k, v in members) is not is_negated
