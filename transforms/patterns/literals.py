r"""What a text must hold before a regular expression is worth trying on it.

``(?i)shift.{0,40}(to india|to vietnam)`` can match only where "to india" or "to
vietnam" stands, and an automaton finds those in passing. So a hundred patterns
cost nothing on the many texts that none of them can match.

A text that begins with ``BORDER`` counts only where no letter or digit stands before
it: ``\b(eu|us)`` is not worth trying on "business". ``\d`` is read as the ten digits of
ASCII, as which folding leaves nearly all others.
"""

from __future__ import annotations

import string
from functools import reduce

from transforms.patterns.regex_reader import (
    BAR,
    BORDER,
    NOTHING_KNOWN,
    START,
    Literals,
    RegexReader,
    TooClever,
    anywhere,
    rarer,
    rarity,
)

__all__ = [
    "BORDER",
    "Literals",
    "branches",
    "other_literals",
    "required_literals",
]

_COMMON = frozenset({*string.ascii_lowercase, *string.digits, " ", "in", "on", "to", "es"})


def required_literals(pattern: str) -> Literals:
    """Return lower-case texts one of which stands in every match of *pattern*.

    Some may begin with ``BORDER``. Empty means that nothing is known, and the pattern
    must always be tried.
    """
    return reduce(rarer, _needs(pattern), NOTHING_KNOWN)


def branches(pattern: str) -> tuple[str, ...]:
    """Return patterns of which one matches wherever *pattern* does: "a|b" is two."""
    if "|" not in pattern:
        return (pattern,)
    reader = RegexReader(pattern)
    flags = pattern[: reader.at]
    found: list[tuple[str, tuple[Literals, ...]]] = []
    try:
        while not found or not reader.at_end():
            if found:
                reader.take(BAR.match)
            began = reader.at
            needs = reader.branch(START).needs
            found.append((flags + pattern[began : reader.at], needs))
    except TooClever:
        return (pattern,)
    _read.update(found)
    return tuple(branch for branch, _ in found)


def other_literals(pattern: str) -> tuple[Literals, ...]:
    """Return further sets of such texts: each has one in every match of *pattern*.

    What is found least often comes first; what nearly every text holds is left out.
    """
    needs = _needs(pattern)
    best = reduce(rarer, needs, NOTHING_KNOWN)
    others = {anywhere(need): None for need in needs if need != best}
    telling = [need for need in others if need.isdisjoint(_COMMON)]
    return tuple(sorted(telling, key=rarity, reverse=True))


# What patterns need, as read before: most are asked for three times.
_read: dict[str, tuple[Literals, ...]] = {}


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
