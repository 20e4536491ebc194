"""Find the words of ``words.toml`` in a text, by group."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from transforms.mentions.documents import Field
from transforms.text.fold import LATIN, fold, lowered

_EXACT = "="
# What a word of the summary counts; one of the title counts full.
_SUMMARY = 0.5


class Found(NamedTuple):
    """How much a group of words counts in a text, and the first of them there."""

    value: float
    word: str


class _Word(NamedTuple):
    groups: tuple[str, ...]
    exact: str
    latin_start: bool
    latin_end: bool


class _Words(NamedTuple):
    automaton: AhoCorasick
    words: tuple[_Word, ...]


def words_in(fields: Iterable[Field]) -> dict[str, Found]:
    """Return the groups whose words stand in title or summary."""
    found: dict[str, Found] = {}
    known = _shipped()
    for field in fields:
        if field.name == "content":
            continue
        value = 1.0 if field.name == "title" else _SUMMARY
        lower = field.lower
        places = known.automaton.find_matches_as_indexes(lower, overlapping=True)
        for number, start, end in places:
            word = known.words[number]
            if not _stands(word, field, start, end):
                continue
            for group in word.groups:
                if group not in found:
                    found[group] = Found(value, lower[start:end])
    return found


def _stands(word: _Word, field: Field, start: int, end: int) -> bool:
    lower = field.lower
    if word.latin_start and start and lower[start - 1] in LATIN:
        return False
    if word.latin_end and end < len(lower) and lower[end] in LATIN:
        plural = lower[end] == "s" and not (
            end + 1 < len(lower) and lower[end + 1] in LATIN
        )
        if not plural:
            return False
    return not word.exact or field.text[start:end] == word.exact


@cache
def _shipped() -> _Words:
    data = tomllib.loads((files(__package__) / "words.toml").read_text(encoding="utf-8"))
    groups: dict[str, list[str]] = {}
    exact: dict[str, str] = {}
    for group, section in data.items():
        for written in section["words"]:
            text = fold(written.removeprefix(_EXACT)).text
            groups.setdefault(lowered(text), []).append(group)
            if written.startswith(_EXACT):
                exact[lowered(text)] = text
    words = tuple(
        _Word(tuple(dict.fromkeys(found)), exact.get(text, ""), text[0] in LATIN, text[-1] in LATIN)
        for text, found in groups.items()
    )
    return _Words(AhoCorasick(list(groups)), words)
