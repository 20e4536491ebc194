r"""Required literals of a regular expression, to skip texts without them.

``(?i)shift.{0,40}(to india|to vietnam)`` can match only where "to india" or "to
vietnam" stands, and an automaton finds those in passing. So a hundred patterns
cost nothing on the many texts that none of them can match.

A text that begins with ``BORDER`` counts only where no letter or digit stands before
it: ``\b(eu|us)`` is not worth trying on "business". ``\d`` is read as the ten digits of
ASCII, as which folding leaves nearly all others.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from functools import cache, reduce
from typing import NamedTuple

Literals = frozenset[str]
BORDER = "\b"
_NOTHING_KNOWN: Literals = frozenset()
_START: Literals = frozenset({""})
_AT_BORDER: Literals = frozenset({BORDER})
_EMPTY: Literals = frozenset({"", BORDER})
_DIGITS: Literals = frozenset(string.digits)
# Beyond this, "(a|b|c) (d|e|f)" is taken as two sets rather than as their products.
_MANY = 64
_WIDTHLESS = frozenset("bBAZ")
_HAN = re.compile("[\u3400-\u9fff]")
# One of thousands of characters is seldom found, as is a word of two or three letters.
_HAN_WEIGHT = 1.5
_QUANTIFIER = re.compile(r"(?:([*?])|(\+)|\{(\d*)(?:,\d*)?\})[?+]?")
_FLAGS = re.compile(r"\(\?[aimsu]+\)")
_GROUP = re.compile(r"\((?:\?(?:[aims]*:|P<\w+>))?(?!\?)")
_BAR = re.compile(r"\|")
_CLOSED = re.compile(r"\)")
_LOOK = re.compile(r"\(\?<?[=!]")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_WORD = re.compile(r"(?:[^\\\[\](){}.*+?|^$](?![*+?{]))+")
# A class of few characters, one of which must stand there: [$€£].
_FEW = re.compile(r"\[([^\]\\^-]{1,8})\]")
_COMMON = frozenset({*string.ascii_lowercase, *string.digits, " ", "in", "on", "to", "es"})
# What patterns need, and their branches, as read before: most are asked for three times.
_read: dict[str, tuple[Literals, ...]] = {}
_split: dict[str, tuple[str, ...]] = {}
# The same, as another process may keep it.
Readings = tuple[dict[str, list[list[str]]], dict[str, list[str]]]


class TooClever(Exception):  # noqa: N818 - not an error, only beyond this reader
    """The pattern has syntax that this reader does not know."""


class Read(NamedTuple):
    """Required literals of a part, set by set; *spelt* are all its spellings, if known.

    So "(round|raise) at" must hold "round at" or "raise at", which is rarer than either.
    """

    needs: tuple[Literals, ...] = ()
    spelt: Literals = _NOTHING_KNOWN


_NOTHING = Read()


class RegexReader:
    """Parser of a pattern, with its position."""

    def __init__(self, pattern: str) -> None:
        flags = _FLAGS.match(pattern)
        self._pattern = pattern
        self._end = len(pattern)
        self.at = flags.end() if flags else 0

    def at_end(self) -> bool:
        """Tell whether the pattern is read to its end."""
        return self.at == self._end

    def alternation(self, before: Literals = _START) -> Read:
        """Read branches up to a closing bracket; return their required literals."""
        branches = [self.branch(before)]
        while self._peek() == "|":
            self.at += 1
            branches.append(self.branch(before))
        if len(branches) == 1:
            return branches[0]
        best = [reduce(_rarer, branch.needs, _NOTHING_KNOWN) for branch in branches]
        spelt = [branch.spelt for branch in branches]
        return Read(
            needs=(_NOTHING_KNOWN.union(*best),) if all(best) else (),
            spelt=_NOTHING_KNOWN.union(*spelt) if all(spelt) else _NOTHING_KNOWN,
        )

    def branch(self, before: Literals) -> Read:
        """Read a sequence; return its required literals, set by set."""
        needs: list[Literals] = []
        chosen: list[Literals] = []
        run, whole = before, True
        pattern, end = self._pattern, self._end
        while self.at < end and pattern[self.at] not in "|)":
            if len(run) <= _MANY and (word := self._word()):
                run = frozenset([text + word for text in run])
                continue
            began = self.at
            (found, spelt), widthless = self._element(run)
            few = pattern[began] == "[" and _FEW.fullmatch(pattern, began, self.at)
            is_optional = self.at < end and pattern[self.at] == "?"
            at_least = self._repeats()
            if at_least == 1 and widthless:
                run = _AT_BORDER if spelt == _AT_BORDER and run == _START else run
                continue
            fits = at_least != 0 and spelt and len(run) * len(spelt) <= _MANY
            if fits:
                run, found = _joined(run, spelt), ()
                if at_least == 1:
                    continue
            if is_optional and spelt and len(run) * (len(spelt) + 1) <= _MANY:
                # "e\.?u" must hold "eu" or "e.u".
                run |= _joined(run, spelt)
                continue
            # A repeated letter ends the run, and one that may be absent among others.
            # What follows a repeated one comes after the last of them.
            needs += _only(run)
            run, whole = (anywhere(spelt) if at_least and spelt else _START), False
            if at_least != 0:
                needs += found
                chosen += [frozenset(few[1].lower())] if few else []
        # Last, since a single character is in most texts.
        all_needs = (*needs, *_only(run), *chosen)
        is_spelt = whole and not run & _EMPTY
        return Read(all_needs, run if is_spelt else _NOTHING_KNOWN)

    def _word(self) -> str:
        """Read letters that stand for themselves, each once, and return them."""
        found = _WORD.match(self._pattern, self.at)
        if not found:
            return ""
        self.at = found.end()
        return "".join([char.lower() for char in found[0]])

    def _element(self, before: Literals) -> tuple[Read, bool]:
        """Read one element, and whether it has no width."""
        char = self._peek()
        if char == "(":
            return self._group(_AT_BORDER if before == _AT_BORDER else _START)
        if char == "[":
            self.take(_CLASS.match)
            return _NOTHING, False
        self.at += 1
        if char == "\\":
            return self._escape()
        if char in "^$":
            return _NOTHING, True
        return (_NOTHING if char == "." else _letter(char)), False

    def _group(self, before: Literals) -> tuple[Read, bool]:
        look = _LOOK.match(self._pattern, self.at)
        self.take(_LOOK.match if look else _GROUP.match)
        found = self.alternation(before)
        self.take(_CLOSED.match)
        return (_NOTHING if look else found), bool(look)

    def _escape(self) -> tuple[Read, bool]:
        char = self._peek()
        self.at += 1
        if char in _WIDTHLESS:
            return (Read((), _AT_BORDER) if char == "b" else _NOTHING), True
        if char.isdigit():
            raise TooClever
        if char == "d":
            return Read((), _DIGITS), False
        return (_NOTHING if char.isalpha() else _letter(char)), False

    def _repeats(self) -> int:
        """Read a quantifier: 1 without one, 0 if optional, else 2."""
        if self.at < self._end and self._pattern[self.at] not in "*?+{":
            return 1
        found = _QUANTIFIER.match(self._pattern, self.at)
        if not found:
            return 1
        self.at = found.end()
        optional = found[1] or (not found[2] and int(found[3] or 0) == 0)
        return 0 if optional else 2

    def take(self, expected: Callable[[str, int], re.Match[str] | None]) -> None:
        """Read the *expected* syntax, or raise."""
        found = expected(self._pattern, self.at)
        if not found:
            raise TooClever
        self.at = found.end()

    def _peek(self) -> str:
        return self._pattern[self.at] if self.at < self._end else ""


@cache
def _letter(char: str) -> Read:
    return Read((), frozenset({char.lower()}))


def _joined(run: Literals, spelt: Literals) -> Literals:
    """Return each of *run* with each of *spelt* behind it."""
    if len(run) == 1 == len(spelt):  # as of most letters
        [a], [b] = run, spelt
        return frozenset({a + (b.removeprefix(BORDER) if a else b)})
    return frozenset(a + (b.removeprefix(BORDER) if a else b) for a in run for b in spelt)


def _only(run: Literals) -> tuple[Literals, ...]:
    return () if run & _EMPTY else (_fewest(frozenset(map(_bordered, run))),)


def _fewest(literals: Literals) -> Literals:
    """Return *literals* without those that hold another one of them, as "chips" "chip"."""
    if len(literals) == 1:
        return literals
    kept: list[str] = []
    for literal in sorted(literals, key=lambda text: len(text.removeprefix(BORDER))):
        if not any(_holds(literal, shorter) for shorter in kept):
            kept.append(literal)
    return frozenset(kept)


def _holds(literal: str, shorter: str) -> bool:
    return literal.startswith(shorter) if shorter[0] == BORDER else shorter in literal


def _bordered(literal: str) -> str:
    """Return *literal* without a border that says nothing of what stands before it."""
    text = literal.removeprefix(BORDER)
    return literal if text[0].isalnum() else text


def anywhere(literals: Literals) -> Literals:
    """Return *literals* without their leading borders."""
    return frozenset(literal.removeprefix(BORDER) for literal in literals)


def _rarer(one: Literals, other: Literals) -> Literals:
    """Return the set that is found less often: of longer texts, or of fewer."""
    if not one or not other:
        return one or other
    return max(one, other, key=lambda literals: (_rarity(literals), -len(literals)))


def _rarity(literals: Literals) -> float:
    """Return the weight of the text that is found most often: its length, roughly."""
    return min(len(text) + _HAN_WEIGHT * len(_HAN.findall(text)) for text in literals)


def required_literals(pattern: str) -> Literals:
    """Return lower-case literals; every match of *pattern* contains at least one of them.

    Some may begin with ``BORDER``. Empty means unknown: the pattern must always be tried.
    """
    return reduce(_rarer, _needs(pattern), _NOTHING_KNOWN)


def readings() -> Readings:
    """Return what was read of patterns so far."""
    needs = {pattern: list(map(sorted, read)) for pattern, read in _read.items()}
    return needs, {pattern: list(split) for pattern, split in _split.items()}


def recall(kept: Readings) -> None:
    """Take what another process read of patterns for read."""
    needs, split = kept
    read = {pattern: tuple(map(frozenset, sets)) for pattern, sets in needs.items()}
    _split.update({pattern: tuple(found) for pattern, found in split.items()})
    _read.update(read)


def count_read() -> int:
    """Return how many patterns have been read."""
    return len(_read) + len(_split)


def branches(pattern: str) -> tuple[str, ...]:
    """Return patterns that together match like *pattern*: "a|b" has two."""
    if "|" not in pattern:
        return (pattern,)
    if (known := _split.get(pattern)) is None:
        known = _split[pattern] = _branches(pattern)
    return known


def _branches(pattern: str) -> tuple[str, ...]:
    reader = RegexReader(pattern)
    flags = pattern[: reader.at]
    found: list[tuple[str, tuple[Literals, ...]]] = []
    try:
        while not found or not reader.at_end():
            if found:
                reader.take(_BAR.match)
            began = reader.at
            needs = reader.branch(_START).needs
            found.append((flags + pattern[began : reader.at], needs))
    except TooClever:
        return (pattern,)
    _read.update(found)
    return tuple(branch for branch, _ in found)


def other_literals(pattern: str) -> tuple[Literals, ...]:
    """Return further sets of literals: each match of *pattern* has one of each.

    The rarest set comes first; sets with very common literals are left out.
    """
    needs = _needs(pattern)
    best = reduce(_rarer, needs, _NOTHING_KNOWN)
    others = {anywhere(need): None for need in needs if need != best}
    telling = [need for need in others if need.isdisjoint(_COMMON)]
    return tuple(sorted(telling, key=_rarity, reverse=True))


def _needs(pattern: str) -> tuple[Literals, ...]:
    if (known := _read.get(pattern)) is None:
        known = _read[pattern] = _read_needs(pattern)
    return known


def _read_needs(pattern: str) -> tuple[Literals, ...]:
    reader = RegexReader(pattern)
    try:
        found = reader.alternation()
    except TooClever:
        return ()
    return found.needs if reader.at_end() else ()
