r"""Detection of regular expressions with catastrophic backtracking.

Python's engine tries every way in which a pattern can match before it gives up. Three
kinds of pattern have so many that a headline is enough:

- a repeat over what can be read in two ways, by a repeat in it or by alternatives that
  match alike: ``(\w+\s?)+``, ``(a*)*``, ``(a|a)*``. The ways double with each character;
- two repeats without an end, side by side, that match the same characters: ``\d+.*x``.
  The work grows with the third power of the text;
- a run of repeats that match what stands between them: ``a.*b.*c.*d``. Each can end
  at any of many places, so that the ways are multiplied.

Of the pattern's automaton, the first kind has two ways through a loop over the same
text, which end where they began; the third leads from a loop into the next over a text
that either of them takes as well.
"""

from __future__ import annotations

import re

# The parser of the standard library; our own reader knows too little of repeats.
import re._parser as parser  # type: ignore[import-not-found]
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any

NESTED = "a repeat can read the same text in many ways, by a repeat or alternatives in it"
ADJACENT = "two repeats without an end, side by side, match the same characters"
RUN = "too many repeats follow each other that match what stands between them"
_REPEAT = re.compile(r"[*+]|\{\d*,\d*\}")
# As far as a repeat can reach: a headline with its summary.
_FURTHEST = 1_000
# Two repeats without an end, or four of up to forty: a second over the worst headline.
_MOST_WAYS = 10_000_000
_Three = tuple[int, int, int]
_Edge = tuple[int, int]
# What a pattern may tell apart: besides its own characters, one of each common kind.
_PROBES = "aZ0 \n_-.!,中é"
# Repeats of up to so many are copies; of more, a loop.
_COPIES = 8
# A bounded repeat is one without an end where the bound is as long as a headline.
_ENDLESS = 200


# A copy of the shipped watchlist has 1,700 patterns: two seconds, whenever it is read anew.
@lru_cache(maxsize=4096)
def backtracking(source: str) -> str | None:
    """Return the reason for *source*'s catastrophic backtracking; None without any.

    Raises:
        re.error: It is not a regular expression.
    """
    if not _REPEAT.search(source):
        return None
    machine = _machine_of(source)
    if _is_ambiguous(machine):
        return NESTED
    if _has_neighbours(machine):
        return ADJACENT
    return RUN if _ways(machine) > _MOST_WAYS else None


def _is_ambiguous(machine: Machine) -> bool:
    """Tell whether one text leads from a state back to itself in two ways."""
    inside = machine.looped
    own = {edge: n for edge, n in machine.edges.items() if set(edge) <= inside}
    if any(n > 1 and a in {b, *_reached(own, b)} for (a, b), n in own.items()):
        return True
    pairs = _paired(own, machine.chars)
    back = {(b, a) for a, b in pairs}
    same = {(state, state) for state in inside}
    return any(_reached(pairs, q) & _reached(back, q) - same for q in same)


def _paired(
    edges: Iterable[_Edge], chars: list[frozenset[str]]
) -> set[tuple[_Edge, _Edge]]:
    """Return the edges that two walkers can go at once, over the same character."""
    return {
        ((a, c), (b, d))
        for (a, b), (c, d) in product(list(edges), repeat=2)
        if chars[b] & chars[d]
    }


def _has_neighbours(machine: Machine) -> bool:
    """Tell whether an unbounded loop follows another over the same characters."""
    endless = machine.endless
    return any(
        endless.get(a, b) != endless.get(b, a)
        and {a, b} <= endless.keys()
        and machine.chars[a] & machine.chars[b]
        for a, b in machine.edges
    )


def _ways(machine: Machine) -> int:
    """Return in how many ways a run of loops can share one text, as far as it matters."""
    reach = {loop: min(n, _FURTHEST) for loop, n in machine.loops.items()}
    if prod(reach.values()) <= _MOST_WAYS:
        return 1
    follows = _follower(machine)
    most: dict[range, int] = {}
    for loop in sorted(reach, key=lambda each: each.start):
        before = (ways for other, ways in most.items() if follows(other, loop))
        most[loop] = reach[loop] * max(before, default=1)
    return max(most.values())


def _follower(machine: Machine) -> Callable[[range, range], bool]:
    """Return what says whether a text leads from loop to loop that either takes as well."""
    after = _steps(machine.edges)

    def follows(one: range, other: range) -> bool:
        def together(at: _Three) -> Iterator[_Three]:
            # Three walkers over one text: in the one loop, between them, in the other.
            for to in product(*(after.get(state, ()) for state in at)):
                if to[0] in one and to[2] in other and _can_go(machine, at, to):
                    yield to

        return any(
            (a, b, b) in _walked(together, (a, a, b)) for a, b in product(one, other)
        )

    return follows


def _can_go(machine: Machine, at: _Three, to: _Three) -> bool:
    """Tell whether one character brings all walkers from *at* to *to*."""
    was, comes = (
        machine.chars[a] & machine.chars[b] & machine.chars[c] for a, b, c in (at, to)
    )
    if machine.borders.isdisjoint(zip(at, to, strict=True)):
        return bool(comes)
    return any(_is_of_a_word(x) != _is_of_a_word(y) for x, y in product(was, comes))


def _reached(edges: Iterable[tuple[Any, Any]], start: Any) -> set[Any]:
    """Return what can be reached from *start* in one step or more."""
    after = _steps(edges)
    return _walked(lambda state: after.get(state, ()), start)


def _steps(edges: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    after: dict[Any, list[Any]] = {}
    for a, b in edges:
        after.setdefault(a, []).append(b)
    return after


def _walked(after: Callable[[Any], Iterable[Any]], start: Any) -> set[Any]:
    found: set[Any] = set()
    waiting = list(after(start))
    while waiting:
        state = waiting.pop()
        if state not in found:
            found.add(state)
            waiting += after(state)
    return found


@dataclass(frozen=True, slots=True)
class _Part:
    """Entry and exit states of a part, and the number of its empty matches.

    A state that stands there twice is come to, or left, in two ways.
    """

    first: tuple[int, ...] = ()
    last: tuple[int, ...] = ()
    empties: int = 1


@dataclass(slots=True)
class Machine:
    """Automaton of a pattern: states and edges; an ambiguous edge counts 2.

    ``looped`` states are in a loop, ``endless`` ones in one without a bound, which it
    names; ``loops`` are the outermost that give back, with how often they repeat. What a
    possessive loop took by an edge that is ``kept`` is never given back. Over an edge of
    ``borders`` a word begins or ends.
    """

    probes: frozenset[str]
    ignores_case: bool = False
    chars: list[frozenset[str]] = field(default_factory=list)
    edges: Counter[_Edge] = field(default_factory=Counter)
    looped: set[int] = field(default_factory=set)
    endless: dict[int, int] = field(default_factory=dict)
    loops: dict[range, int] = field(default_factory=dict)
    kept: set[_Edge] = field(default_factory=set)
    borders: set[_Edge] = field(default_factory=set)

    def sequence(self, tree: Iterable[tuple[Any, Any]]) -> _Part:
        """Add a sequence of parts."""
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
                self.chars.append(self._taken(kind, value))
                state = len(self.chars) - 1
                return _Part((state,), (state,), empties=0)
        return _Part()

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


def _machine_of(source: str) -> Machine:
    """Return the automaton of *source*."""
    tree = parser.parse(source)
    machine = Machine(probes=frozenset(_PROBES + source.lower() + source.upper()))
    machine.ignores_case = bool(tree.state.flags & re.IGNORECASE)
    machine.sequence(tree)
    return machine


def _is_of_a_word(char: str) -> bool:
    r"""Tell whether *char* is one of ``\w``."""
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
    "WORD": _is_of_a_word,
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
