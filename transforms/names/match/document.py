"""Article fields as input of matchers: folded, without credit lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from transforms.models import TextField
from transforms.names.rules.patterns import PatternSet, lazy_pattern, pattern_set
from transforms.text.fold import Folded, fold, lowered

# Feeds cut summaries at 100 to 300 characters, most with an ellipsis; a shorter text with
# one is style. Without an ellipsis, only a round length says that a feed has cut.
_CUT_WITH_ELLIPSIS = 60
_ROUND_LENGTHS = frozenset({*range(100, 1001, 50), 120, 140, 160, 255, 256, 280, 512})
_ELLIPSIS = re.compile(r"(?<=\w)[\[(]?(?:…|\.{3,})[\])]?\s*$")
_ELLIPSIS_SIGNS = "….[]()"
# A bracket that nothing closes was cut, wherever that was.
_OPEN_BRACKET = re.compile(r"\([^()]{0,12}\s*$")
# Credit lines are words that are no part of the news.
_NO_CREDIT_LINES = PatternSet()


class Field(NamedTuple):
    """One field: *text* and *lower* are equally long, *folded* maps back."""

    name: TextField
    original: str
    folded: Folded
    text: str
    lower: str
    cut: int | None = None

    def written(self, start: int, end: int) -> tuple[str, int, int]:
        """Return the original text, start and length of folded [start, end)."""
        at, length = self.folded.span(start, end)
        return self.original[at : at + length], at, length


class ArticleText(NamedTuple):
    """Non-empty fields of an article, with title and summary as one text."""

    fields: tuple[Field, ...]

    @property
    def headline(self) -> str:
        """Title and summary, the context of ambiguous names."""
        return "\n".join([f.text for f in self.fields if f.name != "content"])


def read_document(
    title: str,
    summary: str = "",
    content: str | None = None,
    *,
    credit_lines: PatternSet = _NO_CREDIT_LINES,
) -> ArticleText:
    """Fold the fields of an article and blank out credit lines.

    Blanks keep the length and so all positions.
    """
    texts: tuple[tuple[TextField, str], ...] = (
        ("title", title),
        ("summary", summary),
        ("content", content or ""),
    )
    return ArticleText(tuple([_field(n, t, credit_lines) for n, t in texts if t]))


def compile_credit_lines(sources: Iterable[str]) -> PatternSet:
    """Compile the patterns of a watchlist's credit lines."""
    return pattern_set([lazy_pattern(source) for source in sources])


def _field(name: TextField, original: str, credit_lines: PatternSet) -> Field:
    folded = fold(original)
    text, lower = folded.text, lowered(folded.text)
    for number in credit_lines.likely(lower):
        text = credit_lines.patterns[number].sub(_blank, text)
    cut = None if name == "title" else _cut(text)
    if name != "title" and (found := _OPEN_BRACKET.search(text, max(0, len(text) - 16))):
        text = text[: found.start()] + " " * (len(text) - found.start())
    if text is not folded.text:
        lower = lowered(text)
    return Field(name, original, folded, text, lower, cut)


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _cut(text: str) -> int | None:
    """Return where a feed cut *text* off inside a word, or None."""
    end = len(text.rstrip())
    tail = len(text[:end].rstrip(_ELLIPSIS_SIGNS))
    if tail < end and (found := _ELLIPSIS.search(text, tail)):
        return found.start() if found.start() >= _CUT_WITH_ELLIPSIS else None
    return end if len(text) in _ROUND_LENGTHS and text[end - 1].isalnum() else None
