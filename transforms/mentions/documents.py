"""An article's fields as the matchers see them: folded, without credit lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from transforms.models import TextField
from transforms.patterns.compile import compile_pattern
from transforms.patterns.literals import anywhere, required_literals
from transforms.text.fold import Folded, fold, lowered

# Feeds cut summaries at 100 to 300 characters, some with an ellipsis. A shorter
# text with an ellipsis is style, a shorter one without a full stop a headline.
_CUT_WITH_ELLIPSIS = 60
_CUT_WITHOUT = 100
_ELLIPSIS = re.compile(r"(?<=\w)[\[(]?(?:…|\.{3,})[\])]?\s*$")
_ELLIPSIS_SIGNS = "….[]()"
_OPEN_BRACKET = re.compile(r"\([^()]{0,12}$")


@dataclass(frozen=True, slots=True, eq=False)
class CreditLines:
    """The patterns of words that are no part of the news.

    A pattern is worth a search where the automaton finds one of its literals, whose
    numbers lead to it; those that name no literal always are.
    """

    patterns: tuple[re.Pattern[str], ...] = ()
    automaton: AhoCorasick | None = None
    owners: tuple[int, ...] = ()
    always: frozenset[int] = frozenset()

    def likely(self, lower: str) -> list[re.Pattern[str]]:
        """Return the patterns that may stand in a lower-case text, in their order."""
        if not self.automaton:
            return list(self.patterns)
        places = self.automaton.find_matches_as_indexes(lower, overlapping=True)
        if not places and not self.always:
            return []
        numbers = {self.owners[literal] for literal, _, _ in places}
        return [self.patterns[number] for number in sorted(numbers | self.always)]


NO_CREDIT_LINES = CreditLines()


class Field(NamedTuple):
    """One field: *text* and *lower* have the same length, *folded* maps back."""

    name: TextField
    original: str
    folded: Folded
    text: str
    lower: str
    cut: int | None = None

    def written(self, start: int, end: int) -> tuple[str, int, int]:
        """Return what the original has at folded [start, end), its start and length."""
        at, length = self.folded.span(start, end)
        return self.original[at : at + length], at, length


class Document(NamedTuple):
    """The fields that are not empty, and title and summary as one text."""

    fields: tuple[Field, ...]

    @property
    def headline(self) -> str:
        """Title and summary, which decide what an ambiguous name means."""
        return "\n".join([f.text for f in self.fields if f.name != "content"])


def read_document(
    title: str,
    summary: str = "",
    content: str | None = None,
    *,
    credit_lines: CreditLines = NO_CREDIT_LINES,
) -> Document:
    """Fold the fields of an article and blank out credit lines.

    Blanks keep the length, so that places stay what they are.
    """
    texts: tuple[tuple[TextField, str], ...] = (
        ("title", title),
        ("summary", summary),
        ("content", content or ""),
    )
    return Document(tuple([_field(n, t, credit_lines) for n, t in texts if t]))


def compile_credit_lines(sources: Iterable[str]) -> CreditLines:
    """Prepare the patterns of a watchlist's credit lines."""
    patterns = tuple(map(compile_pattern, sources))
    needs = [anywhere(required_literals(pattern.pattern)) for pattern in patterns]
    literals = [(text, n) for n, need in enumerate(needs) for text in sorted(need)]
    return CreditLines(
        patterns=patterns,
        automaton=AhoCorasick([text for text, _ in literals]) if literals else None,
        owners=tuple(number for _, number in literals),
        always=frozenset(number for number, need in enumerate(needs) if not need),
    )


def _field(name: TextField, original: str, credit_lines: CreditLines) -> Field:
    folded = fold(original)
    text, lower = folded.text, lowered(folded.text)
    for pattern in credit_lines.likely(lower):
        text = pattern.sub(_blank, text)
    cut = None if name == "title" else _cut(text)
    if cut and (found := _OPEN_BRACKET.search(text, max(0, cut - 13), cut)):
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
    return end if end >= _CUT_WITHOUT and text[end - 1].isalnum() else None
