"""Cues of claims in a text: words of ``cues.toml``, found by one automaton."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from transforms.text.fold import LATIN

# Words of this group keep shorter ones within them from counting.
_NOTHING = "nothing"
# Groups that tell something of a firm where the watchlist knows none in the title.
_TELLING = frozenset(
    {"denial", "rejects", "dismisses", "clarifies", "confirms", "admits", "sources", "told"}
    | {"exposed", "leaks", "answers", "filing", "exclusive"}
)


class Cue(NamedTuple):
    """A cue of a *group* at [start, end) of a text."""

    group: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class CueWords:
    """The words of all groups as one automaton: the longest of the first counts."""

    automaton: AhoCorasick
    telling: tuple[AhoCorasick, AhoCorasick]
    words: tuple[tuple[str, bool, bool], ...]
    facts: tuple[str, ...]

    def find(self, lower: str) -> list[Cue]:
        """Return the cues of a lower-case text in reading order."""
        found = []
        for number, start, end in self.automaton.find_matches_as_indexes(lower):
            group, latin_start, latin_end = self.words[number]
            if group == _NOTHING:
                continue
            if latin_start and start and lower[start - 1] in LATIN:
                continue
            if latin_end and lower[end : end + 1] in LATIN:
                continue
            found.append(Cue(group, start, end))
        return found

    def tell(self, lower: str) -> bool:
        """Tell whether a text may tell something of a firm, by a glance."""
        by_script = self.telling[lower.isascii()]
        return bool(by_script.find_matches_as_indexes(lower))


@cache
def cue_words() -> CueWords:
    """Return the words of ``cues.toml``."""
    groups = tomllib.loads(cue_source())
    words = {word: group for group, section in groups.items() for word in section["words"]}
    return CueWords(
        AhoCorasick(
            list(words),
            matchkind=MatchKind.LeftmostLongest,
            implementation=Implementation.ContiguousNFA,
        ),
        (_telling(words, is_ascii=False), _telling(words, is_ascii=True)),
        tuple(
            (group, word[0] in LATIN, word[-1] in LATIN) for word, group in words.items()
        ),
        tuple(groups["exposed"]["facts"]),
    )


def _telling(words: Mapping[str, str], *, is_ascii: bool) -> AhoCorasick:
    """Return the telling words of a script."""
    told = [word for word, group in words.items() if group in _TELLING]
    return AhoCorasick([word for word in told if word.isascii() == is_ascii])


@cache
def cue_source() -> str:
    """Return the text of ``cues.toml``."""
    return (files(__package__) / "cues.toml").read_text(encoding="utf-8")
