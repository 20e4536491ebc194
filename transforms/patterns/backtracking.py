r"""Tell which regular expressions would take hours over a few hundred characters.

Python's engine tries every way in which a pattern can match before it gives up. Two
kinds of pattern have so many that a headline is enough:

- a repeat in a repeat that can split the same text in many ways: ``(\w+\s?)+``, ``(a*)*``.
  The ways double with each character;
- two repeats without an end, side by side, that match the same characters: ``\d+.*x``.
  The work grows with the third power of the text.

A pattern is read as an automaton: a state for each character that it names, and an edge
for each way from one to the next. The first kind has two ways through a loop over the
same text, which end where they began.
"""

from __future__ import annotations

import re

# The parser of the standard library; our own reader knows too little of repeats.
import re._parser as parser  # type: ignore[import-not-found]
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import Any

NESTED = "a repeat within a repeat can split the same text in many ways"
ADJACENT = "two repeats without an end, side by side, match the same characters"
# What a pattern may tell apart: besides its own characters, one of each common kind.
_PROBES = "aZ0 \n_-.!,中é"
# Repeats of up to so many are copies; of more, a loop.
_COPIES = 8
_REPEAT = re.compile(r"[*+]|\{\d*,\d*\}")
# A bounded repeat is one without an end where the bound is as long as a headline.
_ENDLESS = 200


# A copy of the shipped watchlist has 1,700 patterns: two seconds, whenever it is read anew.
@lru_cache(maxsize=4096)
def backtracking(source: str) -> str | None:
    """Return why *source* would take far too long on some text, None where it would not.

    Raises:
        re.error: It is not a regular expression.
    """
    if not _REPEAT.search(source):
        return None
    tree = parser.parse(source)
    machine = _Machine(probes=frozenset(_PROBES + source.lower() + source.upper()))
    machine.ignores_case = bool(tree.state.flags & re.IGNORECASE)
    machine.sequence(tree)
    if machine.is_ambiguous():
        return NESTED
    return ADJACENT if machine.has_neighbours() else None


@dataclass(frozen=True, slots=True)
class _Part:
    """Where a part of the pattern may begin and end, and whether it may be nothing."""

    first: tuple[int, ...] = ()
    last: tuple[int, ...] = ()
    is_empty: bool = True


@dataclass(slots=True)
class _Machine:
    """The states and edges of a pattern; an edge that can be gone in two ways counts 2.

    ``looped`` states are in a loop, ``endless`` ones in one without a bound, which it
    names. What a possessive loop took by an edge that is ``kept`` is never given back.
    """

    probes: frozenset[str]
    ignores_case: bool = False
    chars: list[frozenset[str]] = field(default_factory=list)
    edges: Counter[tuple[int, int]] = field(default_factory=Counter)
    looped: set[int] = field(default_factory=set)
    endless: dict[int, int] = field(default_factory=dict)
    kept: set[tuple[int, int]] = field(default_factory=set)

    def is_ambiguous(self) -> bool:
        """Whether one text leads from a state back to it in two ways."""
        inside = self.looped
        own = {edge: n for edge, n in self.edges.items() if set(edge) <= inside}
        if any(n > 1 and a in {b, *_reached(own, b)} for (a, b), n in own.items()):
            return True
        pairs = _paired(own, self.chars)
        back = {(b, a) for a, b in pairs}
        same = {(state, state) for state in inside}
        return any(_reached(pairs, q) & _reached(back, q) - same for q in same)

    def has_neighbours(self) -> bool:
        """Whether a loop without an end follows another over the same characters."""
        return any(
            self.endless.get(a, b) != self.endless.get(b, a)
            and {a, b} <= self.endless.keys()
            and self.chars[a] & self.chars[b]
            for a, b in self.edges
        )

    def sequence(self, tree: Iterable[tuple[Any, Any]]) -> _Part:
        """Read parts that follow each other."""
        made = _Part()
        for kind, value in tree:
            made = self._joined(made, self._part(str(kind), value))
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
        return _Part((state,), (state,), is_empty=False)

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
                optional = _Part(copy.first, copy.last, copy.is_empty or number >= least)
                made = self._joined(made, optional)
            return made
        begun = len(self.chars)
        made = self.sequence(body)
        states = range(begun, len(self.chars))
        self.looped |= set(states)
        again = set(product(made.last, made.first))
        self.edges.update(again - self.kept)
        if kind == "POSSESSIVE_REPEAT":
            self.kept |= again
        elif most >= _ENDLESS:
            self.endless |= dict.fromkeys(states, begun)
        return _Part(made.first, made.last, made.is_empty or least == 0)

    def _joined(self, one: _Part, other: _Part) -> _Part:
        self.edges.update(product(one.last, other.first))
        return _Part(
            one.first + other.first if one.is_empty else one.first,
            one.last + other.last if other.is_empty else other.last,
            one.is_empty and other.is_empty,
        )


def _either(parts: list[_Part]) -> _Part:
    return _Part(
        tuple(state for part in parts for state in part.first),
        tuple(state for part in parts for state in part.last),
        any(part.is_empty for part in parts),
    )


_CATEGORIES: dict[str, Callable[[str], bool]] = {
    "DIGIT": str.isdigit,
    "SPACE": str.isspace,
    "WORD": lambda char: char.isalnum() or char == "_",
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


def _paired(
    edges: Iterable[tuple[int, int]], chars: list[frozenset[str]]
) -> set[tuple[tuple[int, int], tuple[int, int]]]:
    """Return the edges that two walkers can go at once, over the same character."""
    return {
        ((a, c), (b, d))
        for (a, b), (c, d) in product(list(edges), repeat=2)
        if chars[b] & chars[d]
    }


def _reached(edges: Iterable[tuple[Any, Any]], start: Any) -> set[Any]:
    """Return what can be reached from *start* in one step or more."""
    after: dict[Any, list[Any]] = {}
    for a, b in edges:
        after.setdefault(a, []).append(b)
    found: set[Any] = set()
    waiting = list(after.get(start, ()))
    while waiting:
        state = waiting.pop()
        if state not in found:
            found.add(state)
            waiting += after.get(state, ())
    return found
