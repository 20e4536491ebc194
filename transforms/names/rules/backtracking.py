r"""Objection of regular expressions that would keep the engine busy over one headline.

Python's engine tries every way in which a pattern can match before it gives up. Each way
is a walker over the text; what all of them do over the worst text is bounded here.

Walkers that left one loop go on as a group: one text leads all of them, so that of
``(one|two)`` a character lets one go on, and a loop before ``three`` lets off one in five
characters. What comes to another loop parts from its group, and so does a second walker of
the same state: the worst text of each is added. Two walkers that meet in the loop which
both come from double with each round: ``(\w+\s?)+``, ``(a*)*``, ``(a|a)*``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from math import ceil
from typing import NamedTuple

from transforms.names.rules.automaton import (
    BEGINNING,
    FURTHEST,
    Automaton,
    Budget,
    Unbounded,
    Unknown,
    Ways,
    automaton_of,
)

# Groups and their moves that are looked at: half a second.
_MOST = 12_000
# What follows a loop sees the less of a headline the later the loop is left.
_PARTS = 5
# Characters over which a loop's work is counted; the rest is as often as much.
_ROUND = 25
# States of walkers, and whether the character behind them is one of a word.
_Group = tuple[frozenset[int], bool]
_NOBODY: _Group = frozenset(), False
# The work over so many parts of a headline as its place in the row says.
_Work = tuple[float, ...]
_NO_WORK: _Work = (0.0,) * _PARTS
# For each group of a loop, to which of them it goes on and what parts from it on the way.
_Steps = tuple[tuple[tuple[int, float], ...], ...]


class Objection(NamedTuple):
    """Why a pattern is refused, and what to write instead."""

    why: str
    remedy: str


NESTED = Objection(
    "could take hours over one headline: a repeat can read the same text in many ways, by"
    " a repeat or alternatives in it",
    "let each turn of a repeat begin with what nothing else in it matches",
)
MANY = Objection(
    "could take too long over one headline: its repeats and alternatives can share out one"
    " text in too many ways",
    "give its repeats an end, {0,40} for *, or write fewer of them",
)
LARGE = Objection(
    "is too large to be checked: each part counts as often as it is repeated",
    "make several patterns of it, or repeat less",
)
UNKNOWN = Objection(
    "refers back to a group, which cannot be checked", "write out what is to stand there"
)
# Without a repeat or a group, a pattern is a list of words.
_CAN_BRANCH = re.compile(r"[*+?({]")
# In units of ten nanoseconds: of the 50 ms that a headline may take, a slow machine needs
# all and a fast one a third.
_MOST_WORK = 5_000_000


@lru_cache(maxsize=4096)
def backtracking(source: str) -> Objection | None:
    """Return why *source* is refused; None if any headline is soon done.

    Raises:
        re.error: It is not a regular expression.
    """
    if not _CAN_BRANCH.search(source):
        return None
    try:
        automaton = automaton_of(source)
        # Most patterns are known to be well at the first look, which is quick.
        looks = (work(automaton, in_groups=grouped) for grouped in (False, True))
        return None if any(each <= _MOST_WORK for each in looks) else MANY
    except Endless:
        return NESTED
    except Unbounded:
        return LARGE
    except Unknown:
        return UNKNOWN


class Endless(Exception):  # noqa: N818 - an answer
    """Two walkers meet in the loop that both come from."""


class _Move(NamedTuple):
    """What a group becomes by one character, and who parts from it, how many of each."""

    to: _Group
    parting: tuple[tuple[_Group, int], ...]


class _Moves(NamedTuple):
    """Moves of a group, beside those of the ``loop`` that it comes from."""

    loop: _Group
    own: frozenset[_Move]


def work(automaton: Automaton, *, in_groups: bool) -> float:
    """Return a bound on the work over one headline, in units of ten nanoseconds.

    Without groups it is found sooner, and larger.

    Raises:
        Endless: It doubles with each round of a loop.
        Unbounded: There are too many groups.
    """
    return _work(automaton, Budget(_MOST), in_groups=in_groups)


def _work(automaton: Automaton, budget: Budget, *, in_groups: bool) -> float:
    inner = {
        each: _work(each, budget, in_groups=in_groups)
        for each in set(automaton.asserted.values())
    }
    costs = list(automaton.costs)
    for state, asserted in automaton.asserted.items():
        costs[state] += inner[asserted]
    start = frozenset({BEGINNING}), False
    moves = _Groups(automaton, in_groups=in_groups).found_from(start, budget)
    return _Bounds(automaton, moves, costs).all()[start][-1]


class _Groups:
    """Groups that walkers can form, with their moves."""

    def __init__(self, automaton: Automaton, *, in_groups: bool) -> None:
        self._loop = automaton.loop
        self._in_groups = in_groups
        self._steps, self._is_of_a_word = _steps(automaton)

    def found_from(self, start: _Group, budget: Budget) -> dict[_Group, _Moves]:
        """Return the groups that *start* leads to, with the moves of each."""
        found: dict[_Group, _Moves] = {}
        waiting = [start]
        while waiting:
            group = waiting.pop()
            if group in found or group == _NOBODY:
                continue
            moves = found[group] = self._moves(group)
            budget.spend(len(moves.own) + 1)
            waiting.append(moves.loop)
            for to, parting in moves.own:
                waiting += (to, *(each for each, _ in parting))
        return found

    def _moves(self, group: _Group) -> _Moves:
        states, is_after_word = group
        looping = frozenset(state for state in states if state in self._loop)
        # What only the loop reads, it does as if alone.
        moved = (states - looping) or states
        kinds = {kind for state in moved for kind in self._steps[state]}
        loop = next((self._loop[state] for state in looping), None)
        own = frozenset(self._move(group, kind, loop) for kind in kinds)
        return _Moves((looping, is_after_word) if looping else group, own)

    def _move(self, group: _Group, kind: int, loop: int | None) -> _Move:
        states, is_after_word = group
        is_of_a_word = self._is_of_a_word[kind]
        ways: Ways = defaultdict(int)
        for state in states:
            for to, n, is_border in self._steps[state].get(kind, ()):
                if not is_border or is_after_word != is_of_a_word:
                    ways[to] += n
        kept = [to for to in ways if self._stays(to, loop)]
        for to in kept:
            ways[to] -= 1
            if ways[to] and to in self._loop:
                raise Endless
        parting = [((frozenset({to}), is_of_a_word), n) for to, n in ways.items() if n]
        return _Move(
            (frozenset(kept), is_of_a_word) if kept else _NOBODY,
            tuple(sorted(parting, key=lambda each: min(each[0][0]))),
        )

    def _stays(self, state: int, loop: int | None) -> bool:
        its = self._loop.get(state)
        return self._in_groups if its is None else its == loop


class _Bounds:
    """Bounds on the work of groups, of those that come last in the pattern first."""

    def __init__(
        self, automaton: Automaton, moves: dict[_Group, _Moves], costs: list[float]
    ) -> None:
        self._loop, self._reach = automaton.loop, automaton.reach
        self._moves = moves
        self._known: dict[_Group, _Work] = {_NOBODY: _NO_WORK}
        self._costs = costs

    def all(self) -> dict[_Group, _Work]:
        """Return the work of each group."""
        together: dict[tuple[int, bool], list[_Group]] = defaultdict(list)
        for group in self._moves:
            loops = [self._loop[state] for state in group[0] if state in self._loop]
            together[(loops or [min(group[0])])[0], not loops].append(group)
        for (first, is_apart), groups in sorted(together.items(), reverse=True):
            if is_apart:
                self._known |= {group: self._apart(group) for group in groups}
            else:
                works = self._looping(groups, self._reach[first])
                self._known |= dict.fromkeys(groups, works)
        return self._known

    def _cost(self, group: _Group) -> float:
        return sum(self._costs[state] for state in group[0])

    def _apart(self, group: _Group) -> _Work:
        """Return the work of a group that is in no loop."""
        cost = self._cost(group)
        works = [
            _sum(self._parting(move), self._known[move.to])
            for move in self._moves[group].own
        ]
        return tuple(cost + most for most in _most(works))

    def _parting(self, move: _Move) -> _Work:
        return tuple(
            sum(n * self._known[group][part] for group, n in move.parting)
            for part in range(_PARTS)
        )

    def _looping(self, groups: Sequence[_Group], reach: int) -> _Work:
        """Return the work of groups in one loop, from whichever it begins."""
        place = {group: n for n, group in enumerate(groups)}
        stays: list[dict[int, _Work]] = [{} for _ in groups]
        leaves = [_NO_WORK]
        for stay, group in zip(stays, groups, strict=True):
            for move in self._moves[group].own:
                works = self._parting(move)
                if move.to in place:
                    at = place[move.to]
                    stay[at] = _most([works, stay.get(at, _NO_WORK)])
                else:
                    leaves.append(_sum(works, self._known[move.to]))
        costs = [self._cost(group) for group in groups]
        loops = [place[self._moves[group].loop] for group in groups]
        length = min(reach, _ROUND)

        @cache  # what does not lead to a loop takes the same in each part
        def most(steps: _Steps) -> float:
            return _round(costs, loops, steps, length)

        rounds = [most(_part(stays, part)) for part in range(_PARTS)]
        return _sum(_whole(rounds, reach, length), _most(leaves))


def _part(stays: Sequence[dict[int, _Work]], part: int) -> _Steps:
    return tuple(tuple((at, works[part]) for at, works in stay.items()) for stay in stays)


def _round(
    costs: Sequence[float], loops: Sequence[int], steps: _Steps, length: int
) -> float:
    """Return the most work over *length* characters that a loop takes."""
    done = [0.0] * len(costs)
    for _ in range(length):
        own = [max([done[at] + more for at, more in each], default=0.0) for each in steps]
        done = [
            cost + max(most, own[loop])
            for cost, most, loop in zip(costs, own, loops, strict=True)
        ]
    return max(done)


def _whole(rounds: Sequence[float], reach: int, length: int) -> _Work:
    """Return the work of a loop from that of a round of it, part for part."""
    if reach < FURTHEST:
        return tuple(ceil(reach / length) * each for each in rounds)
    times = FURTHEST / _PARTS / length
    return tuple(times * sum(rounds[: part + 1]) for part in range(_PARTS))


def _most(works: Iterable[_Work]) -> _Work:
    return tuple(map(max, zip(*works, _NO_WORK, strict=True)))


def _sum(one: _Work, other: _Work) -> _Work:
    return tuple(a + b for a, b in zip(one, other, strict=True))


def _steps(
    automaton: Automaton,
) -> tuple[list[dict[int, list[tuple[int, int, bool]]]], list[bool]]:
    """Return the steps of each state by kind of character, and which kinds are of words.

    Characters are of one kind where no part of the pattern tells them apart.
    """
    sets = {chars: 1 << n for n, chars in enumerate(dict.fromkeys(automaton.chars))}
    marks = dict.fromkeys(automaton.probes, 0)
    for chars, mark in sets.items():
        for char in chars:
            marks[char] |= mark
    numbers: dict[tuple[int, bool], int] = {}
    kinds = {
        char: numbers.setdefault(
            (mark, bool(automaton.borders) and (char.isalnum() or char == "_")),
            len(numbers),
        )
        for char, mark in marks.items()
    }
    read = {chars: frozenset(kinds[char] for char in chars) for chars in sets}
    steps: list[dict[int, list[tuple[int, int, bool]]]] = []
    for state, after in enumerate(automaton.after):
        of_state: dict[int, list[tuple[int, int, bool]]] = defaultdict(list)
        for to, ways in after.items():
            for kind in read[automaton.chars[to]]:
                of_state[kind].append((to, ways, (state, to) in automaton.borders))
        steps.append(dict(of_state))
    return steps, [is_of_a_word for _, is_of_a_word in numbers]
