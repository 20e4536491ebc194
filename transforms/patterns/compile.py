"""The regular expressions that editors write, over folded text.

A pattern may hold full-width punctuation or Traditional characters: it is folded
as the text is. ``{A}`` stands for the alias a pattern belongs to, and the name of
a macro for the macro's pattern.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from transforms.text.fold import fold

# Chinese outlets put a space between Han and Latin (理想 L8); patterns see both.
# Begins with the space itself, so that the engine leaps from one to the next.
_PANGU = re.compile(
    r" (?:(?<=[\u4e00-\u9fff] ) *(?=[A-Za-z0-9])|(?<=[A-Za-z0-9] ) *(?=[\u4e00-\u9fff]))"
)
IGNORES_CASE = "(?i)"
_OUTSIDE_ESCAPES = re.compile(r"(?<!\\)(?:\\\\)*[A-Z]+")
_FULL_WIDTH = re.compile("[\uff01-\uff5e]")


@cache
def compile_pattern(source: str) -> re.Pattern[str]:
    """Compile *source* so that it matches folded text.

    Raises:
        re.error: It is not a regular expression.
    """
    return re.compile(folded_pattern(source))


def folded_pattern(source: str) -> str:
    """Return *source* as it is to be matched against folded text."""
    return fold(_FULL_WIDTH.sub(_half_width, source)).text


def in_lower_case(source: str) -> str:
    """Return for a pattern that ignores case one for lower-case text."""
    lower = _OUTSIDE_ESCAPES.sub(lambda found: found[0].lower(), source)
    return lower.removeprefix(IGNORES_CASE)


class LazyPattern:
    """A regular expression that is compiled when it is first searched for.

    A watchlist has thousands, a run of some hundred articles meets one in ten.
    """

    __slots__ = ("flags", "pattern", "search")

    search: Callable[[str], re.Match[str] | None]

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern = pattern
        self.flags = flags
        self.search = self._compile_and_search

    def sub(self, made: Callable[[re.Match[str]], str] | str, text: str) -> str:
        """Return *text* with each match made something else."""
        return re.compile(self.pattern, self.flags).sub(made, text)

    def _compile_and_search(self, text: str) -> re.Match[str] | None:
        self.search = re.compile(self.pattern, self.flags).search
        return self.search(text)


@cache
def lazy_pattern(source: str) -> LazyPattern:
    """Return *source*, which is known to compile, ready to search folded text."""
    return LazyPattern(folded_pattern(source))


def expand(source: str, macros: Mapping[str, str], alias: str = "") -> str:
    """Return *source*, or the macro of that name, with ``{A}`` set to *alias*."""
    return macros.get(source, source).replace("{A}", re.escape(alias))


def without_pangu(text: str) -> str:
    """Close the spaces between Han and Latin characters."""
    return _PANGU.sub("", text)


def _half_width(found: re.Match[str]) -> str:
    # Escaped, since （ is a character and ( would open a group.
    return re.escape(chr(ord(found[0]) - 0xFEE0))
