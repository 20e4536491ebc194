"""Patterns of all clauses, with one scan of a text that preselects them.

Clauses share most of their patterns, and few can match a headline: one automaton finds the
literals of all at once, and only patterns with a literal in the text are tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from transforms.names.rules.literals import BORDER, required_literals
from transforms.names.rules.patterns import IGNORES_CASE, in_lower_case
from transforms.text.fold import LATIN

Span = tuple[int, int]


class Wording:
    """A pattern, compiled lazily; *bit* represents it in a mask.

    A case-insensitive pattern is searched in lower-case text, several times as fast.
    """

    __slots__ = ("_regex", "bit", "in_lower", "source")

    def __init__(self, source: str, bit: int) -> None:
        self.source = source
        self.bit = bit
        self.in_lower = source.startswith(IGNORES_CASE)
        self._regex: re.Pattern[str] | None = None

    @property
    def written(self) -> str:
        """Source of the pattern for its text, lower-case or as written."""
        return in_lower_case(self.source) if self.in_lower else self.source

    @property
    def regex(self) -> re.Pattern[str]:
        """The compiled pattern."""
        if self._regex is None:
            self._regex = re.compile(self.written)
        return self._regex


class Sentence:
    """A sentence with the mask of its likely patterns, and a cache of matches."""

    __slots__ = ("found", "likely", "lower", "text")

    def __init__(self, text: str, lower: str, likely: int) -> None:
        self.text = text
        self.lower = lower
        self.likely = likely
        self.found: dict[tuple[Wording, ...], list[Span]] = {}


@dataclass(slots=True, eq=False)
class Wordings:
    """All distinct patterns of the watchlist's clauses."""

    known: dict[str, Wording] = field(default_factory=dict)
    # Made when the first clause is worth a look, since most texts have none.
    _look: _Look | None = None

    def add(self, sources: Iterable[str]) -> tuple[Wording, ...]:
        """Return the wordings of *sources*, adding new ones."""
        self._look = None
        return tuple(self._add(source) for source in dict.fromkeys(sources))

    def places(self, lower: str) -> Places:
        """Return the likely patterns of a lower-case text, with their places."""
        if self._look is None:
            self._look = _look(self.known.values())
        return self._look.places(lower)

    def _add(self, source: str) -> Wording:
        if source not in self.known:
            self.known[source] = Wording(source, 1 << len(self.known))
        return self.known[source]


class Places(NamedTuple):
    """Mask of the likely patterns of a text, and the places of their literals.

    Patterns without a literal are likely *anywhere*.
    """

    likely: int
    literals: list[tuple[int, int]]
    anywhere: int

    def between(self, start: int, end: int) -> int:
        """Return the mask of the likely patterns of [start, end)."""
        found = self.anywhere
        for at, mask in self.literals:
            if start <= at < end:
                found |= mask
        return found


@dataclass(frozen=True, slots=True)
class _Look:
    """Automaton of all literals, with two *masks* each: anywhere, and at a word's start."""

    automaton: AhoCorasick
    masks: tuple[tuple[int, int], ...]
    always: int

    def places(self, lower: str) -> Places:
        likely, masks = self.always, self.masks
        literals: list[tuple[int, int]] = []
        for literal, start, _ in self.automaton.find_matches_as_indexes(
            lower, overlapping=True
        ):
            mask, begun = masks[literal]
            if begun and (not start or lower[start - 1] not in LATIN):
                mask |= begun
            if mask:
                likely |= mask
                literals.append((start, mask))
        return Places(likely, literals, self.always)


def _look(wordings: Iterable[Wording]) -> _Look:
    masks: dict[str, list[int]] = {}
    always = 0
    for wording in wordings:
        literals = required_literals(wording.source)
        if not literals:
            always |= wording.bit
        for literal in literals:
            text = literal.removeprefix(BORDER)
            masks.setdefault(text, [0, 0])[text != literal] |= wording.bit
    return _Look(AhoCorasick(list(masks)), tuple((a, b) for a, b in masks.values()), always)


def spans(wordings: Sequence[Wording], mask: int, sentence: Sentence) -> list[Span]:
    """Return the matches of *wordings* in a sentence; *mask* combines their bits.

    The matches are those of one alternation: from left to right, without overlap, and at
    one place the first pattern; first those for the text as written, then those for lower
    case.
    """
    likely = mask & sentence.likely
    if not likely:
        return []
    # What cannot stand there is none of the alternatives.
    tried = tuple([wording for wording in wordings if wording.bit & likely])
    found = sentence.found.get(tried)
    if found is None:
        exact = [w for w in tried if not w.in_lower]
        small = [w for w in tried if w.in_lower]
        found = [*_all_of(exact, sentence.text), *_all_of(small, sentence.lower)]
        sentence.found[tried] = found
    return found


def _all_of(wordings: Sequence[Wording], text: str) -> list[Span]:
    if not wordings:
        return []
    if len(wordings) == 1:
        return [found.span() for found in wordings[0].regex.finditer(text)]
    merged = list(_merged(wordings, text))
    if all(start < end for start, end in merged):
        return merged
    # What matches nothing at all has rules of its own.
    union = re.compile("|".join(f"(?:{w.written})" for w in wordings))
    return [found.span() for found in union.finditer(text)]


def _merged(wordings: Sequence[Wording], text: str) -> Iterator[Span]:
    heads = [wording.regex.search(text) for wording in wordings]
    at = 0
    while True:
        for number, head in enumerate(heads):
            if head and head.start() < at:
                heads[number] = wordings[number].regex.search(text, at)
        standing = [head for head in heads if head]
        if not standing:
            return
        first = min(standing, key=re.Match.start)
        yield first.span()
        if first.end() == first.start():
            return
        at = first.end()
