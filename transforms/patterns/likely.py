"""Find the few of many regular expressions that can match a text.

Each needs some literal to stand in the text; an automaton looks for all of these at once,
and most texts hold none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick, Implementation

from transforms.patterns.compile import LazyPattern
from transforms.patterns.literals import BORDER, required_literals
from transforms.text.fold import LATIN

# A set has a few hundred literals, and few texts have any: a table of all steps is small,
# and read twice as fast.
_SWIFT = Implementation.DFA

Searched = re.Pattern[str] | LazyPattern


@dataclass(frozen=True, slots=True, eq=False)
class PatternSet:
    """Patterns, and the automaton whose literals lead to them by number.

    A literal may count at the beginning of a word alone. A pattern that names no literal
    is always worth a search.
    """

    patterns: tuple[Searched, ...] = ()
    automaton: AhoCorasick | None = None
    owners: tuple[tuple[int, bool], ...] = ()
    always: frozenset[int] = frozenset()

    def likely(self, lower: str) -> list[int]:
        """Return the numbers of the patterns that may match a lower-case text, in order."""
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
        """Whether any of the patterns matches somewhere in *text*."""
        patterns = self.patterns
        return any(patterns[n].search(text) for n in self.likely(text.lower()))

    def first(self, text: str) -> tuple[int, re.Match[str]] | None:
        """Return the match that begins first, with its pattern's number.

        Of two that begin at one place, that of the earlier pattern.
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
    """Prepare *patterns*, whose order is their numbers'."""
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
