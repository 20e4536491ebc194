"""What a text must hold before a regular expression is worth trying on it.

``(?i)shift.{0,40}(to india|to vietnam)`` can match only where "to india" or "to
vietnam" stands, and an automaton finds those in passing. So a hundred patterns
cost nothing on the many texts that none of them can match.
"""

from __future__ import annotations

import re
import string
from functools import reduce
from typing import NamedTuple

Literals = frozenset[str]

_NONE: Literals = frozenset()
_START: Literals = frozenset({""})
# Beyond this, "(a|b|c) (d|e|f)" is taken as two sets rather than as their products.
_MANY = 64
_WIDTHLESS = frozenset("bBAZ")
_COMMON = frozenset({*string.ascii_lowercase, " ", "in", "on", "to", "es", "ing"})
_QUANTIFIER = re.compile(r"(?:([*?])|(\+)|\{(\d*)(?:,\d*)?\})[?+]?")
_FLAGS = re.compile(r"\(\?[aimsu]+\)")
_GROUP = re.compile(r"\((?:\?(?:[aims]*:|P<\w+>))?(?!\?)")
_LOOK = re.compile(r"\(\?<?[=!]")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
# A class of few characters, one of which must stand there: [$€£].
_FEW = re.compile(r"\[([^\]\\^-]{1,8})\]")


class _TooClever(Exception):  # noqa: N818 - not an error, only beyond this reader
    """The pattern uses something that this reader does not know."""


def required_literals(pattern: str) -> Literals:
    """Return lower-case texts one of which stands in every match of *pattern*.

    Empty means that nothing is known, and the pattern must always be tried.
    """
    return reduce(_better, _needs(pattern), _NONE)


def other_literals(pattern: str) -> tuple[Literals, ...]:
    """Return further sets of such texts: each has one in every match of *pattern*.

    What is found least often comes first; what nearly every text holds is left out.
    """
    needs = _needs(pattern)
    best = reduce(_better, needs, _NONE)
    telling = {need: None for need in needs if need != best and need.isdisjoint(_COMMON)}
    return tuple(sorted(telling, key=_shortest, reverse=True))


def _needs(pattern: str) -> tuple[Literals, ...]:
    reader = _Reader(pattern)
    try:
        found = reader.alternation()
    except _TooClever:
        return ()
    return found.needs if reader.at_end() else ()


class _Read(NamedTuple):
    """What a part must hold, set by set; *spelt* is all that it can be, if that is known.

    So "(round|raise) at" must hold "round at" or "raise at", which is rarer than either.
    """

    needs: tuple[Literals, ...] = ()
    spelt: Literals = _NONE


_NOTHING = _Read()


class _Reader:
    """A walk over the pattern that remembers where it is."""

    def __init__(self, pattern: str) -> None:
        flags = _FLAGS.match(pattern)
        self._pattern = pattern
        self._at = flags.end() if flags else 0

    def at_end(self) -> bool:
        return self._at == len(self._pattern)

    def alternation(self) -> _Read:
        """Read branches up to a closing bracket: what each needs, or all of them do."""
        branches = [self._branch()]
        while self._peek() == "|":
            self._at += 1
            branches.append(self._branch())
        if len(branches) == 1:
            return _Read(branches[0].needs)
        best = [reduce(_better, branch.needs, _NONE) for branch in branches]
        spelt = [branch.spelt for branch in branches]
        return _Read(
            needs=(_NONE.union(*best),) if all(best) else (),
            spelt=_NONE.union(*spelt) if all(spelt) else _NONE,
        )

    def _branch(self) -> _Read:
        """Read a sequence and return, set by set, what it must hold."""
        needs: list[Literals] = []
        chosen: list[Literals] = []
        run, whole = _START, True
        while not self.at_end() and self._peek() not in "|)":
            began = self._at
            (found, spelt), widthless = self._element()
            few = _FEW.fullmatch(self._pattern, began, self._at)
            at_least = self._repeats()
            if at_least == 1 and widthless:
                continue
            if at_least != 0 and spelt and len(run) * len(spelt) <= _MANY:
                run, found = frozenset(a + b for a in run for b in spelt), ()
                if at_least == 1:
                    continue
            # An optional or repeated letter ends the run: "chips?" must hold "chip".
            needs += _only(run)
            run, whole = _START, False
            if at_least != 0:
                needs += found
                chosen += [frozenset(few[1].lower())] if few else []
        # Last, since a single character is in most texts.
        all_needs = (*needs, *_only(run), *chosen)
        return _Read(all_needs, run if whole and run != _START else _NONE)

    def _element(self) -> tuple[_Read, bool]:
        """Read one element, and whether it has no width."""
        char = self._peek()
        if char == "(":
            return self._group()
        if char == "[":
            self._take(_CLASS)
            return _NOTHING, False
        self._at += 1
        if char == "\\":
            return self._escape()
        if char in "^$":
            return _NOTHING, True
        return (_NOTHING if char == "." else _letter(char)), False

    def _group(self) -> tuple[_Read, bool]:
        look = _LOOK.match(self._pattern, self._at)
        self._take(_LOOK if look else _GROUP)
        found = self.alternation()
        self._take(re.compile(r"\)"))
        return (_NOTHING if look else found), bool(look)

    def _escape(self) -> tuple[_Read, bool]:
        char = self._peek()
        self._at += 1
        if char in _WIDTHLESS:
            return _NOTHING, True
        if char.isdigit():
            raise _TooClever
        return (_NOTHING if char.isalpha() else _letter(char)), False

    def _repeats(self) -> int:
        """Read a quantifier: 1 without one, 0 if optional, else 2."""
        found = _QUANTIFIER.match(self._pattern, self._at)
        if not found:
            return 1
        self._at = found.end()
        optional = found[1] or (not found[2] and int(found[3] or 0) == 0)
        return 0 if optional else 2

    def _take(self, expected: re.Pattern[str]) -> None:
        found = expected.match(self._pattern, self._at)
        if not found:
            raise _TooClever
        self._at = found.end()

    def _peek(self) -> str:
        return self._pattern[self._at] if not self.at_end() else ""


def _letter(char: str) -> _Read:
    return _Read((), frozenset({char.lower()}))


def _only(run: Literals) -> tuple[Literals, ...]:
    return () if run == _START else (run,)


def _better(one: Literals, other: Literals) -> Literals:
    """Return the set whose shortest text is longer: it is found less often."""
    if not one or not other:
        return one or other
    return other if _shortest(other) > _shortest(one) else one


def _shortest(literals: Literals) -> int:
    return min(map(len, literals))
