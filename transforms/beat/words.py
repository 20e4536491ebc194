"""Find the words of ``words.toml`` in a text, by group."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from transforms.names.match.document import Field
from transforms.text.fold import LATIN, fold, lowered

_EXACT = "="
# What a word of the summary counts; one of the title counts full.
_SUMMARY = 0.5


# One thing that speaks for or against: how much it counts, and what it is in the text.
# A bare tuple: an article has half a dozen.
Evidence = tuple[float, str]


class _Word(NamedTuple):
    groups: tuple[str, ...]
    exact: str
    latin_start: bool
    latin_end: bool


class _Words(NamedTuple):
    automaton: AhoCorasick
    words: tuple[_Word, ...]


def words_in(fields: Iterable[Field]) -> dict[str, Evidence]:
    """Return the groups whose words stand in title or summary."""
    found: dict[str, Evidence] = {}
    automaton, words = _shipped()
    for field in fields:
        if field.name == "content":
            continue
        value = 1.0 if field.name == "title" else _SUMMARY
        lower = field.lower
        places = automaton.find_matches_as_indexes(lower, overlapping=True)
        for number, start, end in places:
            groups, exact, latin_start, latin_end = words[number]
            if groups[-1] in found and groups[0] in found:
                continue
            if latin_start and start and lower[start - 1] in LATIN:
                continue
            if latin_end and end < len(lower) and _runs_on(lower, end):
                continue
            if exact and field.text[start:end] != exact:
                continue
            for group in groups:
                if group not in found:
                    found[group] = (value, lower[start:end])
    return found


def _runs_on(lower: str, end: int) -> bool:
    """Whether the word goes on there, other than by a plural s."""
    if lower[end] not in LATIN:
        return False
    return lower[end] != "s" or (end + 1 < len(lower) and lower[end + 1] in LATIN)


@cache
def _shipped() -> _Words:
    data = tomllib.loads((files(__package__) / "words.toml").read_text(encoding="utf-8"))
    groups: dict[str, list[str]] = {}
    exact: dict[str, str] = {}
    for group, section in data.items():
        for written in section["words"]:
            text = fold(written.removeprefix(_EXACT)).text
            groups.setdefault(lowered(text), []).append(f"word-{group}")
            if written.startswith(_EXACT):
                exact[lowered(text)] = text
    words = tuple(
        _Word(tuple(found), exact.get(text, ""), text[0] in LATIN, text[-1] in LATIN)
        for text, found in groups.items()
    )
    return _Words(AhoCorasick(list(groups)), words)
