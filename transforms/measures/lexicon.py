"""Words of measures, as one automaton: who acts, what is done, on what, and what is talk.

The words of acts are the language's, beside this module; states, bodies and things are
those of the beat. A headline is read as tokens, each with the letter of its word.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from transforms.text.fold import LATIN

_EXACT = "="
_DOUBLES = "+"
# Of what is done, and of what is eased: "officials suspended" suspend nothing.
_PARTICIPLES = {"D": "P", "V": "P", "E": "K", "Y": "K"}
# Letters of words that tell of a measure by themselves.
_TELLING = frozenset("ADVvjNnPGIYEZRHuQK")
# Before the name of a body by which something is done.
_BY = frozenset("被遭由获经")
_HAN = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word, with its letter and what it says of a measure."""

    letter: str
    exact: str = ""
    side: str = ""
    body: str = ""
    court: bool = False
    thing: str = ""
    instrument: str = ""
    strength: float = 1.0
    direction: str = ""
    status: str = ""
    grants: bool = False
    is_sign: bool = False
    is_alone: bool = False


_RULE = Word("N", instrument="rule-or-standard")


class Office(NamedTuple):
    """Words of what only one body of a state decides."""

    side: str
    body: str
    words: tuple[str, ...]

    def is_told(self, lower: str) -> bool:
        """Tell whether a headline has one of the words."""
        return any(word in lower for word in self.words)


class Token(NamedTuple):
    """A word, firm or mark of a headline, in its place."""

    letter: str
    start: int
    end: int
    word: Word
    company: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class MeasureWords:
    """The words as one automaton; ``before`` and ``behind`` are what signs stand beside.

    Companies of the sectors ``elsewhere`` are none of technology.
    """

    automaton: AhoCorasick
    words: tuple[Word, ...]
    telling: frozenset[int]
    before: frozenset[str]
    behind: frozenset[str]
    sectors: Mapping[str, str]
    elsewhere: frozenset[str]
    countries: Mapping[str, str]
    offices: tuple[Office, ...]

    @property
    def things(self) -> frozenset[str]:
        """What a measure may be about."""
        of_words = (word.thing for word in self.words if word.thing)
        return frozenset((*of_words, *self.sectors.values(), "other"))

    def side_of(self, country: str) -> str:
        """Return the side of a country: "other" for any that has none."""
        return self.countries.get(country, "other") if country else ""

    def find(self, text: str, lower: str) -> list[tuple[int, int, Word]]:
        """Return the words of a text, the longest at each place; none without an act."""
        places = self.automaton.find_matches_as_indexes(lower, overlapping=True)
        words = self.words
        if self.telling.isdisjoint([number for number, _, _ in places]):
            return []
        found = [
            (start, -end, number)
            for number, start, end in places
            if self._stands(words[number], text, lower, start, end)
        ]
        found.sort()
        kept, at = [], 0
        for start, minus_end, number in found:
            if start >= at:
                at = -minus_end
                kept.append((start, at, words[number]))
        return kept

    def _stands(self, word: Word, text: str, lower: str, start: int, end: int) -> bool:
        if lower[start] in LATIN and start and lower[start - 1] in LATIN:
            return False
        if lower[end - 1] in LATIN and end < len(lower) and lower[end] in LATIN:
            return False
        if word.exact and text[start:end] != word.exact:
            return False
        if word.is_sign:
            follows = lower[end : end + 1] in self.before
            before = lower[start - 1] if start else ""
            return before in self.behind or (follows and not before.isdigit())
        if word.is_alone and start:
            return not _HAN.match(lower[start - 1]) or lower[start - 1] in _BY
        return True


def read_measure_words(beat: str) -> MeasureWords:
    """Return the words of the language with those of ``measures.toml`` of a beat.

    Raises:
        ValueError: A list is missing or of another shape.
    """
    own = tomllib.loads(beat)
    found: dict[str, Word] = {}
    for written, word in (*_of_beat(own), *_of_language()):
        text = written.removeprefix(_EXACT)
        exact = text if written.startswith(_EXACT) else ""
        _add(found, text.lower(), replace(word, exact=exact))
    for side, names in own["means"].items():
        for name in names:
            text = name.removeprefix(_EXACT).lower()
            found[text] = replace(found.get(text, _RULE), side=side)
    signs = _language()["signs"]
    return MeasureWords(
        automaton=AhoCorasick(list(found), implementation=Implementation.ContiguousNFA),
        words=tuple(found.values()),
        telling=frozenset(
            number for number, word in enumerate(found.values()) if word.letter in _TELLING
        ),
        before=frozenset(signs["before"]),
        behind=frozenset(signs["behind"]),
        sectors={s: thing for thing, all_of in own["sectors"].items() for s in all_of},
        elsewhere=frozenset(own["elsewhere"].get("sectors", ())),
        countries={c: side for side, all_of in own["countries"].items() for c in all_of},
        offices=tuple(
            Office(o["side"], o["body"], tuple(o["words"])) for o in own.get("office", ())
        ),
    )


def _add(found: dict[str, Word], text: str, word: Word) -> None:
    """Add a word; of one that is told twice the first letter holds, with what both say."""
    if text not in found:
        found[text] = word
        return
    first = found[text]
    both = bool((first.thing or word.thing) and (first.instrument or word.instrument))
    found[text] = replace(
        first,
        letter="n" if both else first.letter,
        thing=first.thing or word.thing,
        instrument=first.instrument or word.instrument,
        status=first.status or word.status,
        strength=max(first.strength, word.strength),
    )


def _of_beat(own: Mapping[str, Any]) -> Iterator[tuple[str, Word]]:
    for body in own["body"]:
        court = bool(body.get("court"))
        word = Word("C" if court else "B", side=body["side"], body=body["id"], court=court)
        yield from (
            (name, replace(word, is_alone=name in own["alone"]["names"]))
            for name in body["names"]
        )
    for state in own["state"]:
        for letter, key in (("S", "nouns"), ("J", "adjectives")):
            word = Word(letter, side=state["side"], body=state.get("body", ""))
            yield from ((name, word) for name in state[key])
        for sign in state.get("signs", ()):
            yield sign, Word("S", side=state["side"], is_sign=True)
    for law in own["law"]:
        word = replace(_RULE, letter="n", side=law["side"], thing=law["thing"])
        yield from ((name, word) for name in law["names"])
    for thing, names in own["thing"].items():
        yield from (
            (name, Word("e" if name in own["faint"]["words"] else "T", thing=thing))
            for name in names
        )
    yield from ((name, Word("z")) for name in own["elsewhere"]["words"])


def _of_language() -> Iterator[tuple[str, Word]]:
    for group in _language()["words"]:
        word = Word(
            group["as"],
            instrument=group.get("instrument", ""),
            strength=group.get("strength", 1.0),
            direction=group.get("direction", ""),
            status=group.get("status", ""),
            grants=group.get("grants", False),
        )
        for key in ("en", "zh"):
            yield from ((text, word) for text in group.get(key, ()))
        for verb in group.get("verbs", ()):
            yield from _forms(verb, word)


def _forms(verb: str, word: Word) -> Iterator[tuple[str, Word]]:
    """Yield a verb's forms; participles of acts have letters of their own."""
    doubles = verb.endswith(_DOUBLES)
    base = verb.removesuffix(_DOUBLES)
    head, _, tail = base.partition(" ")
    tail = f" {tail}" if tail else ""
    stem = head + head[-1] if doubles else head.removesuffix("e")
    past, ing = f"{stem}ed", f"{stem}ing"
    third = f"{head}es" if head.endswith(("s", "sh", "ch", "x", "z")) else f"{head}s"
    if head.endswith("y") and head[-2] not in "aeiou":
        past, third, ing = f"{head[:-1]}ied", f"{head[:-1]}ies", f"{head}ing"
    done = _PARTICIPLES.get(word.letter, word.letter)
    doing = "G" if word.letter in "DV" else word.letter
    yield base, word
    yield third + tail, word
    yield past + tail, replace(word, letter=done)
    yield ing + tail, replace(word, letter=doing)


@cache
def _language() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "words.toml").read_text(encoding="utf-8"))
