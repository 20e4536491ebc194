"""What a text must hold before a regular expression is worth trying on it.

``(?i)shift.{0,40}(to india|to vietnam)`` can match only where "to india" or "to
vietnam" stands, and an automaton finds those in passing. So a hundred patterns
cost nothing on the many texts that none of them can match.
"""

from __future__ import annotations

import re
import string
from functools import reduce

Literals = frozenset[str]

_NONE: Literals = frozenset()
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
    return found if reader.at_end() else ()


class _Reader:
    """A walk over the pattern that remembers where it is."""

    def __init__(self, pattern: str) -> None:
        flags = _FLAGS.match(pattern)
        self._pattern = pattern
        self._at = flags.end() if flags else 0

    def at_end(self) -> bool:
        return self._at == len(self._pattern)

    def alternation(self) -> tuple[Literals, ...]:
        """Read branches up to a closing bracket: what each needs, or all of them do."""
        branches = [self._branch()]
        while self._peek() == "|":
            self._at += 1
            branches.append(self._branch())
        if len(branches) == 1:
            return branches[0]
        best = [reduce(_better, branch, _NONE) for branch in branches]
        return (frozenset().union(*best),) if all(best) else ()

    def _branch(self) -> tuple[Literals, ...]:
        """Read a sequence and return, set by set, what it must hold."""
        needs: list[Literals] = []
        chosen: list[Literals] = []
        run = ""
        while not self.at_end() and self._peek() not in "|)":
            began = self._at
            literal, found, widthless = self._element()
            few = _FEW.fullmatch(self._pattern, began, self._at)
            at_least = self._repeats()
            if few and at_least != 0:
                chosen.append(frozenset(few[1].lower()))
            if at_least == 1 and widthless:
                continue
            if at_least == 1 and literal:
                run += literal
                continue
            # An optional or repeated letter ends the run: "chips?" must hold "chip".
            if at_least != 0 and literal:
                run += literal
            needs += _only(run)
            run = ""
            if at_least != 0:
                needs += found
        # Last, since a single character is in most texts.
        return (*needs, *_only(run), *chosen)

    def _element(self) -> tuple[str, tuple[Literals, ...], bool]:
        """Read one element: its literal, what it must hold, whether it has no width."""
        char = self._peek()
        if char == "(":
            return self._group()
        if char == "[":
            self._take(_CLASS)
            return "", (), False
        self._at += 1
        if char == "\\":
            return self._escape()
        if char in "^$":
            return "", (), True
        return ("" if char == "." else char.lower()), (), False

    def _group(self) -> tuple[str, tuple[Literals, ...], bool]:
        look = _LOOK.match(self._pattern, self._at)
        self._take(_LOOK if look else _GROUP)
        found = self.alternation()
        self._take(re.compile(r"\)"))
        return "", (() if look else found), bool(look)

    def _escape(self) -> tuple[str, tuple[Literals, ...], bool]:
        char = self._peek()
        self._at += 1
        if char in _WIDTHLESS:
            return "", (), True
        if char.isdigit():
            raise _TooClever
        return ("" if char.isalpha() else char), (), False

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


def _only(run: str) -> tuple[Literals, ...]:
    return (frozenset({run}),) if run else ()


def _better(one: Literals, other: Literals) -> Literals:
    """Return the set whose shortest text is longer: it is found less often."""
    if not one or not other:
        return one or other
    return other if _shortest(other) > _shortest(one) else one


def _shortest(literals: Literals) -> int:
    return min(map(len, literals))
