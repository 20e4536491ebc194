r"""Tell which regular expressions would take hours over a few hundred characters.

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
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any

from transforms.patterns.automaton import Edge, Machine, is_of_a_word, machine_of

NESTED = "a repeat can read the same text in many ways, by a repeat or alternatives in it"
ADJACENT = "two repeats without an end, side by side, match the same characters"
RUN = "too many repeats follow each other that match what stands between them"
_REPEAT = re.compile(r"[*+]|\{\d*,\d*\}")
# As far as a repeat can reach: a headline with its summary.
_FURTHEST = 1_000
# Two repeats without an end, or four of up to forty: a second over the worst headline.
_MOST_WAYS = 10_000_000
_Three = tuple[int, int, int]


# A copy of the shipped watchlist has 1,700 patterns: two seconds, whenever it is read anew.
@lru_cache(maxsize=4096)
def backtracking(source: str) -> str | None:
    """Return why *source* would take far too long on some text, None where it would not.

    Raises:
        re.error: It is not a regular expression.
    """
    if not _REPEAT.search(source):
        return None
    machine = machine_of(source)
    if _is_ambiguous(machine):
        return NESTED
    if _has_neighbours(machine):
        return ADJACENT
    return RUN if _ways(machine) > _MOST_WAYS else None


def _is_ambiguous(machine: Machine) -> bool:
    """Whether one text leads from a state back to it in two ways."""
    inside = machine.looped
    own = {edge: n for edge, n in machine.edges.items() if set(edge) <= inside}
    if any(n > 1 and a in {b, *_reached(own, b)} for (a, b), n in own.items()):
        return True
    pairs = _paired(own, machine.chars)
    back = {(b, a) for a, b in pairs}
    same = {(state, state) for state in inside}
    return any(_reached(pairs, q) & _reached(back, q) - same for q in same)


def _paired(edges: Iterable[Edge], chars: list[frozenset[str]]) -> set[tuple[Edge, Edge]]:
    """Return the edges that two walkers can go at once, over the same character."""
    return {
        ((a, c), (b, d))
        for (a, b), (c, d) in product(list(edges), repeat=2)
        if chars[b] & chars[d]
    }


def _has_neighbours(machine: Machine) -> bool:
    """Whether a loop without an end follows another over the same characters."""
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
    """Whether one character brings all walkers from *at* to *to*."""
    was, comes = (
        machine.chars[a] & machine.chars[b] & machine.chars[c] for a, b, c in (at, to)
    )
    if machine.borders.isdisjoint(zip(at, to, strict=True)):
        return bool(comes)
    return any(is_of_a_word(x) != is_of_a_word(y) for x, y in product(was, comes))


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
