"""Patterns of editors over folded text, and sets of them with preselection.

A pattern may hold full-width punctuation or Traditional characters: it is folded
as the text is. ``{A}`` stands for the alias a pattern belongs to, and the name of
a macro for the macro's pattern. Each pattern of a set needs some literal to stand in the
text: an automaton looks for all of these at once, and most texts hold none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from ahocorasick_rs import AhoCorasick, Implementation

from transforms.names.rules.literals import BORDER, required_literals
from transforms.text.fold import LATIN, fold

# Chinese outlets put a space between Han and Latin (理想 L8); patterns see both.
# Begins with the space itself, so that the engine leaps from one to the next.
_PANGU = re.compile(
    r" (?:(?<=[\u4e00-\u9fff] ) *(?=[A-Za-z0-9])|(?<=[A-Za-z0-9] ) *(?=[\u4e00-\u9fff]))"
)
IGNORES_CASE = "(?i)"
_OUTSIDE_ESCAPES = re.compile(r"(?<!\\)(?:\\\\)*[A-Z]+")
_FULL_WIDTH = re.compile("[\uff01-\uff5e]")
T = TypeVar("T")
# A set has a few hundred literals, and few texts have any: a table of all steps is small,
# and read twice as fast.
_SWIFT = Implementation.DFA


@cache
def compile_pattern(source: str) -> re.Pattern[str]:
    """Compile *source* for folded text.

    Raises:
        re.error: It is not a regular expression.
    """
    return re.compile(folded_pattern(source))


def folded_pattern(source: str) -> str:
    """Return *source* rewritten for folded text."""
    # Escaped, since （ is a character and ( would open a group.
    half_width = _FULL_WIDTH.sub(lambda m: re.escape(chr(ord(m[0]) - 0xFEE0)), source)
    return fold(half_width).text


def in_lower_case(source: str) -> str:
    """Return a case-insensitive pattern rewritten for lower-case text."""
    lower = _OUTSIDE_ESCAPES.sub(lambda found: found[0].lower(), source)
    return lower.removeprefix(IGNORES_CASE)


class LazyPattern:
    """A regular expression, compiled at its first search.

    A watchlist has thousands, a run of some hundred articles meets one in ten.
    """

    __slots__ = ("flags", "pattern", "search")

    search: Callable[[str], re.Match[str] | None]

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern = pattern
        self.flags = flags
        self.search = self._compile_and_search

    def sub(self, made: Callable[[re.Match[str]], str] | str, text: str) -> str:
        """Return *text* with each match replaced."""
        return re.compile(self.pattern, self.flags).sub(made, text)

    def _compile_and_search(self, text: str) -> re.Match[str] | None:
        self.search = re.compile(self.pattern, self.flags).search
        return self.search(text)


class Made(dict[int, T]):
    """The values of an automaton's texts by number, each made when it is first used.

    A watchlist has thousands, a run of some hundred articles meets one in ten.
    """

    def __init__(self, make: Callable[[int], T], size: int) -> None:
        super().__init__()
        self._make = make
        self._size = size

    def __missing__(self, number: int) -> T:
        """Make what the text of this number stands for."""
        made = self[number] = self._make(number)
        return made

    def all(self) -> Iterator[T]:
        """Yield the value of each text, in order."""
        return map(self.__getitem__, range(self._size))


@cache
def lazy_pattern(source: str) -> LazyPattern:
    """Return the valid pattern *source* for folded text, compiled lazily."""
    return LazyPattern(folded_pattern(source))


def expand(source: str, macros: Mapping[str, str], alias: str = "") -> str:
    """Return *source*, or the macro of that name, with *alias* for ``{A}``."""
    return macros.get(source, source).replace("{A}", re.escape(alias))


def without_pangu(text: str) -> str:
    """Remove the spaces between Han and Latin characters."""
    return _PANGU.sub("", text)


Searched = re.Pattern[str] | LazyPattern


@dataclass(frozen=True, slots=True, eq=False)
class PatternSet:
    """Patterns with an automaton of their literals, which preselects them.

    A literal may count only at the beginning of a word. A pattern without a literal is
    always tried.
    """

    patterns: tuple[Searched, ...] = ()
    automaton: AhoCorasick | None = None
    owners: tuple[tuple[int, bool], ...] = ()
    always: frozenset[int] = frozenset()

    def likely(self, lower: str) -> list[int]:
        """Return the numbers of the patterns that may match a lower-case text."""
        if not self.automaton:
            return sorted(self.always)
        places = self.automaton.find_matches_as_indexes(lower, overlapping=True)
        if not places and not self.always:
            return []
        numbers = set(self.always)
        for literal, start, _ in places:
            number, begins_word = self.owners[literal]
            if not begins_word or not start or lower[start - 1] not in LATIN:
                numbers.add(number)
        return sorted(numbers)

    def any_in(self, text: str) -> bool:
        """Tell whether any pattern matches in *text*."""
        patterns = self.patterns
        return any(patterns[n].search(text) for n in self.likely(text.lower()))

    def first(self, text: str) -> tuple[int, re.Match[str]] | None:
        """Return the leftmost match, with its pattern's number.

        Of two matches at one place the lower number counts.
        """
        found = [
            (match.start(), number, match)
            for number in self.likely(text.lower())
            if (match := self.patterns[number].search(text))
        ]
        if not found:
            return None
        _, number, match = min(found, key=lambda each: each[:2])
        return number, match


def pattern_set(patterns: Sequence[Searched]) -> PatternSet:
    """Compile *patterns*, numbered in their order."""
    needs = [required_literals(pattern.pattern) for pattern in patterns]
    literals = [
        (text, number) for number, need in enumerate(needs) for text in sorted(need)
    ]
    texts = [text.removeprefix(BORDER) for text, _ in literals]
    return PatternSet(
        patterns=tuple(patterns),
        automaton=AhoCorasick(texts, implementation=_SWIFT) if literals else None,
        owners=tuple((n, text.startswith(BORDER)) for text, n in literals),
        always=frozenset(number for number, need in enumerate(needs) if not need),
    )
