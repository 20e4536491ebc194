"""What happened, where, to whom and with what, in words of both languages.

A word of one language meets a word of the other through a concept of ``concepts.toml``:
between headlines of two languages there is no other bridge but names and numbers.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from transforms.text.fold import LATIN

KINDS = ("action", "place", "person", "thing")
_ANY_ENDING = "*"
_NONE: frozenset[str] = frozenset()


class Concepts(NamedTuple):
    """The concepts of a headline by kind; *common* ones only tip the balance."""

    action: frozenset[str] = _NONE
    place: frozenset[str] = _NONE
    person: frozenset[str] = _NONE
    thing: frozenset[str] = _NONE


@dataclass(frozen=True, slots=True, eq=False)
class _Word:
    kind: str
    concept: str
    whole: bool
    ends: bool


@lru_cache(maxsize=1 << 12)
def concepts_of(text: str) -> Concepts:
    """Return the concepts that a folded, lower-case headline speaks of.

    Of words that overlap the longest counts: "interest rates" is no rate.
    """
    automaton, words = _lexicon()
    hits = [
        (start, end, words[number])
        for number, start, end in automaton.find_matches_as_indexes(text, overlapping=True)
        if _stands(words[number], text, start, end)
    ]
    hits.sort(key=lambda hit: (hit[0], -hit[1]))
    found: dict[str, set[str]] = {kind: set() for kind in KINDS}
    done = 0
    for start, end, word in hits:
        if start >= done:
            found[word.kind].add(word.concept)
            done = end
    return Concepts(*(frozenset(found[kind]) for kind in KINDS))


@cache
def common_concepts() -> frozenset[str]:
    """Return the ids of those that are in every second headline."""
    return frozenset(_file()["common"]["ids"])


def _stands(word: _Word, text: str, start: int, end: int) -> bool:
    if word.whole and start and text[start - 1] in LATIN:
        return False
    return not word.ends or end == len(text) or text[end] not in LATIN


@cache
def _lexicon() -> tuple[AhoCorasick, tuple[_Word, ...]]:
    words = list(_words(_file()))
    return AhoCorasick([text for text, _ in words]), tuple(word for _, word in words)


def _words(tables: Mapping[str, Mapping[str, list[str]]]) -> Iterator[tuple[str, _Word]]:
    for kind in KINDS:
        for concept, spellings in tables[kind].items():
            for spelling in spellings:
                text = spelling.removesuffix(_ANY_ENDING)
                yield (
                    text,
                    _Word(
                        kind,
                        concept,
                        whole=text[0] in LATIN,
                        ends=text[-1] in LATIN and text == spelling,
                    ),
                )


@cache
def _file() -> Mapping[str, Mapping[str, list[str]]]:
    source = files(__package__).joinpath("concepts.toml").read_text(encoding="utf-8")
    return tomllib.loads(source)
