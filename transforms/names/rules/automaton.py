"""Automaton of a regular expression: which character leads from where to where.

Each literal and each class of characters is a state, as often as a repeat copies it. It
has every way that Python's engine may try, and some more: an atomic group and a possessive
repeat give back what they took, and a loop may take less than its least. An assertion is a
state with an automaton of its own.
"""

from __future__ import annotations

import re

# Those of the standard library; our own reader of patterns knows too little of repeats.
import re._compiler as compiler  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

# As far as a repeat can reach: a headline.
FURTHEST = 500
# A repeat of up to so many is copied; one of more is a loop, and so is one of a single
# class that may end earlier.
_COPIES = 8
# Parts and edges that copies of copies may come to.
_MOST = 20_000
# Characters of a range that are looked at for digits, spaces and words.
_MOST_OF_A_RANGE = 2_000
# Beyond this, more empty matches are no news.
_MANY = 10**9
# The states of a search: it begins at the first character, and then at each.
BEGINNING, SEARCH = 0, 1
# What a pattern may tell apart, besides its own characters.
_PROBES = "".join(map(chr, range(128))) + "\x85\xa0ªß×÷ùſКйΩ²٣中一々〇ーｱ。、,(…—“\u2028😀"
_LOOPS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_SETS = ("LITERAL", "NOT_LITERAL", "ANY", "IN", "CATEGORY")
# What a step costs the engine, in units of about ten nanoseconds: of a literal, of a loop
# of one class and of .* before a literal, of a loop of several parts.
_PLAIN, _SINGLE, _SWIFT, _COMPLEX = 0.3, 1.0, 0.2, 15.0
Ways = dict[int, int]


class Unbounded(Exception):  # noqa: N818 - not an error, only beyond this reader
    """The pattern has more states, edges or walkers than are looked at."""


class Unknown(Exception):  # noqa: N818 - the same
    """The pattern has syntax that this reader does not know."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Entry and exit states of a part, in how many ways each, and its empty matches."""

    first: Ways = field(default_factory=dict)
    last: Ways = field(default_factory=dict)
    empties: int = 1


@dataclass(slots=True)
class Budget:
    """What may still be looked at."""

    left: int

    def spend(self, amount: int) -> None:
        """Take *amount* off.

        Raises:
            Unbounded: There is not so much left.
        """
        self.left -= amount
        if self.left < 0:
            raise Unbounded


@dataclass(slots=True, eq=False)
class Automaton:
    """States with what each reads, and edges with their ways.

    ``costs`` are those of a step, ``loop`` is the outermost loop of a state, by its first
    state, and ``reach`` has the most characters that a loop takes. Over an edge of
    ``borders`` a word begins or ends; a state of ``anchored`` is entered at the beginning
    alone, one of ``asserted`` has what is to match there.
    """

    probes: str
    budget: Budget
    chars: list[frozenset[str]] = field(init=False)
    costs: list[float] = field(default_factory=lambda: [_PLAIN, _PLAIN])
    after: list[Ways] = field(default_factory=lambda: [{SEARCH: 1}, {SEARCH: 1}])
    loop: dict[int, int] = field(default_factory=lambda: {SEARCH: SEARCH})
    reach: dict[int, int] = field(default_factory=lambda: {SEARCH: FURTHEST})
    borders: set[tuple[int, int]] = field(default_factory=set)
    anchored: set[int] = field(default_factory=set)
    asserted: dict[int, Automaton] = field(default_factory=dict)
    _sets: dict[tuple[str, int], frozenset[str]] = field(default_factory=dict)
    _inner: dict[tuple[int, int], Automaton] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin with the states of a search."""
        self.chars = [frozenset(self.probes)] * 2

    def whole(self, tree: Any, flags: int) -> _Part:
        """Add a sequence with its end, for which each way to it is tried."""
        return self._joined(self.sequence(tree, flags), self._state(frozenset()))

    def sequence(self, tree: Iterable[tuple[Any, Any]], flags: int) -> _Part:
        """Add a sequence of parts."""
        made = _Part()
        before: tuple[str, Any] = "", None
        anchor = sys.maxsize
        for kind, value in tree:
            self.budget.spend(1)
            part = self._part(str(kind), (kind, value), flags)
            if _is_border(*before, flags):
                self.borders.update((a, b) for a in made.last for b in part.first)
            if str(kind) == "LITERAL" and _is_anything(*before):
                self._hasten(part)
            made = self._joined(made, part)
            before = str(kind), value
            if _is_anchor(*before, flags):
                anchor = min(anchor, len(self.chars))
        self.anchored.update(range(anchor, len(self.chars)))
        return made

    def _part(  # noqa: PLR0911 - a case each
        self, kind: str, node: tuple[Any, Any], flags: int
    ) -> _Part:
        match kind, node[1]:
            case "SUBPATTERN", (_, added, removed, body):
                return self.sequence(body, _scoped(flags, added, removed))
            case "ATOMIC_GROUP", body:
                return self.sequence(body, flags)
            case "BRANCH", (_, branches):
                return _either([self.sequence(each, flags) for each in branches])
            case "GROUPREF_EXISTS", (_, yes, no):
                return _either([self.sequence(each or (), flags) for each in (yes, no)])
            case kind, (least, most, body) if kind in _LOOPS:
                return self._repeat(body, int(least), int(most), flags)
            case (("ASSERT" | "ASSERT_NOT"), (_, body)):
                return self._assertion(body, flags)
            case kind, _ if kind in _SETS:
                return self._state(self._read(node, flags))
            case "AT", _:
                return _Part()
            case "FAILURE", _:
                return self._state(frozenset())
        raise Unknown

    def _read(self, node: tuple[Any, Any], flags: int) -> frozenset[str]:
        """Return the probes that a literal or class matches."""
        key = str(node), flags
        if key not in self._sets:
            found = _compiled(node, flags).findall(self.probes)
            self._sets[key] = frozenset(found)
        return self._sets[key]

    def _hasten(self, part: _Part) -> None:
        """Lower the cost of a loop before a literal that has no case."""
        [state] = part.first
        if len(self.chars[state]) == 1:
            self.costs[state - 1] = _SWIFT

    def _state(self, chars: frozenset[str]) -> _Part:
        self.chars.append(chars)
        self.costs.append(_PLAIN)
        self.after.append({})
        state = len(self.chars) - 1
        return _Part({state: 1}, {state: 1}, empties=0)

    def _assertion(self, body: Any, flags: int) -> _Part:
        """Add a state for what has an automaton of its own, and leads nowhere."""
        key = id(body), flags
        if key not in self._inner:
            inner = self._inner[key] = Automaton(self.probes, self.budget)
            inner.after[BEGINNING] = inner.whole(body, flags).first
        part = self._state(frozenset(self.probes))
        self.asserted[len(self.chars) - 1] = self._inner[key]
        return _Part(part.first, {}, empties=1)

    def _repeat(self, body: Any, least: int, most: int, flags: int) -> _Part:
        is_single = len(body) == 1 and str(body[0][0]) in _SETS
        if most <= (_COPIES if least == most or not is_single else 1):
            made = _Part()
            for number in range(most):
                copy = self.sequence(body, flags)
                empties = copy.empties + (number >= least)
                made = self._joined(made, _Part(copy.first, copy.last, empties))
            return made
        begun = len(self.chars)
        made = self.sequence(body, flags)
        self._link(made.last, made.first)
        if made.empties and least > 1:
            # Any of the turns that must be may be the empty one.
            self._link(made.last, made.first)
        cost = _SINGLE if is_single else _COMPLEX
        self._loop(begun, max(1, min(FURTHEST, most * body.getwidth()[1])), cost)
        # An empty turn ends a loop, and is one more way to leave it.
        last = {state: n * (1 + made.empties) for state, n in made.last.items()}
        return _Part(made.first, last, made.empties + (least == 0))

    def _loop(self, begun: int, reach: int, cost: float) -> None:
        states = range(begun, len(self.chars))
        for state in states:
            self.costs[state] = cost
        self.loop |= dict.fromkeys(states, begun)
        self.reach[begun] = max([reach, *(self.reach.get(each, 0) for each in states)])

    def _joined(self, one: _Part, other: _Part) -> _Part:
        self._link(one.last, other.first)
        return _Part(
            _sum(one.first, other.first, one.empties),
            _sum(other.last, one.last, other.empties),
            min(_MANY, one.empties * other.empties),
        )

    def _link(self, last: Ways, first: Ways) -> None:
        self.budget.spend(len(last) * len(first))
        for a, ways in last.items():
            after = self.after[a]
            for b, n in first.items():
                after[b] = min(_MANY, after.get(b, 0) + ways * n)


def automaton_of(source: str) -> Automaton:
    """Return the automaton of a search for *source*.

    Raises:
        Unbounded: It has too many states or edges.
        Unknown: It refers back to a group.
    """
    tree = parser.parse(source)
    codes = {c for code in _codes(tree) for c in chr(code) + chr(code).swapcase()}
    made = Automaton("".join(sorted({*_PROBES, *codes})), Budget(_MOST))
    first = made.whole(tree, tree.state.flags).first
    made.after[BEGINNING] |= first
    made.after[SEARCH] |= {to: n for to, n in first.items() if to not in made.anchored}
    return made


def _codes(node: Any) -> Iterator[int]:
    """Yield the characters that a tree names; of its ranges one of each kind."""
    match node:
        case (kind, int(code)) if str(kind) in _SETS:
            yield code
        case (kind, (int(first), int(last))) if str(kind) == "RANGE":
            yield from (max(0, first - 1), first, last, min(last + 1, 0x10FFFF))
            within = map(chr, range(first, min(last, first + _MOST_OF_A_RANGE)))
            yield from map(
                ord, {(c.isalnum(), c.isdigit(), c.isspace()): c for c in within}.values()
            )
        case list() | tuple() | parser.SubPattern():
            for each in node:
                yield from _codes(each)


def _is_anchor(kind: str, value: Any, flags: int) -> bool:
    starts = ("AT_BEGINNING_STRING", *(() if flags & re.MULTILINE else ("AT_BEGINNING",)))
    return kind == "AT" and str(value) in starts


def _is_border(kind: str, value: Any, flags: int) -> bool:
    return kind == "AT" and str(value) == "AT_BOUNDARY" and not flags & re.ASCII


def _is_anything(kind: str, value: Any) -> bool:
    return kind == "MAX_REPEAT" and [str(each) for each, _ in value[2]] == ["ANY"]


def _scoped(flags: int, added: int, removed: int) -> int:
    """Return the flags inside a group: of re.A and re.U there is one."""
    if added & parser.TYPE_FLAGS:
        flags &= ~parser.TYPE_FLAGS
    return (flags | added) & ~removed


def _compiled(node: tuple[Any, Any], flags: int) -> re.Pattern[str]:
    """Return a literal or class alone as a pattern."""
    state = parser.State()
    state.flags = flags
    compiled: re.Pattern[str] = compiler.compile(parser.SubPattern(state, [node]))
    return compiled


def _sum(one: Ways, other: Ways, times: int) -> Ways:
    if not times:
        return one
    made = dict(one)
    for state, n in other.items():
        made[state] = min(_MANY, made.get(state, 0) + n * times)
    return made


def _either(parts: list[_Part]) -> _Part:
    first: Ways = {}
    last: Ways = {}
    for part in parts:
        first = _sum(first, part.first, 1)
        last = _sum(last, part.last, 1)
    return _Part(first, last, min(_MANY, sum(part.empties for part in parts)))
