"""Concepts of both languages: actions, places, people and things.

``concepts.toml`` maps words of both languages to concepts: beside names and numbers they
are the only evidence shared by headlines of two languages.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from math import log
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick

from transforms.seam import beat_text
from transforms.text.fold import LATIN

KINDS = ("action", "place", "person", "thing")
_ANY_ENDING = "*"
# Of ten thousand headlines: from how many on a concept is common, and what those are
# taken for that hardly any holds.
_COMMON = 60.0
RAREST = 2.0
# A concept that one headline in a thousand holds tells as much as a company's name.
_FULL = log(1000)
_TELLING = 0.75
_NONE: frozenset[str] = frozenset()


class Concepts(NamedTuple):
    """The concepts of a headline by kind."""

    action: frozenset[str] = _NONE
    place: frozenset[str] = _NONE
    person: frozenset[str] = _NONE
    thing: frozenset[str] = _NONE

    def shared_with(self, other: Concepts) -> Concepts:
        """Return the concepts in both."""
        return Concepts(
            self.action & other.action,
            self.place & other.place,
            self.person & other.person,
            self.thing & other.thing,
        )


NOTHING = Concepts()


class _Word(NamedTuple):
    kind: str
    concept: str
    whole: bool
    ends: bool


@lru_cache(maxsize=1 << 12)
def concepts_of(text: str) -> Concepts:
    """Return the concepts in a folded, lower-case headline.

    Of overlapping words the longest counts: "interest rates" is no rate.
    """
    return _by_kind({word.concept for _, _, word in _found(text)})


def who_and_where(text: str) -> list[tuple[int, int]]:
    """Return the spans of places, people and lasting products in a folded text."""
    lasting = lasting_products()
    return [
        (start, end)
        for start, end, word in _found(text)
        if word.kind in ("place", "person") or word.concept in lasting
    ]


@lru_cache(maxsize=1 << 10)
def _found(text: str) -> tuple[tuple[int, int, _Word], ...]:
    automaton, words = _lexicon()
    hits = [
        (start, end, words[number])
        for number, start, end in automaton.find_matches_as_indexes(text, overlapping=True)
        if _stands(words[number], text, start, end)
    ]
    hits.sort(key=lambda hit: (hit[0], -hit[1]))
    found = []
    done = 0
    for hit in hits:
        if hit[0] >= done:
            found.append(hit)
            done = hit[1]
    return tuple(found)


def _by_kind(named: set[str]) -> Concepts:
    """Return concepts by kind, with what two of them make and what they bring with them."""
    if not named:
        return NOTHING
    for made, parts in _combined():
        if parts <= named:
            named.add(made)
    found: tuple[set[str], ...] = (set(), set(), set(), set())
    for concept in named:
        for kind, brought in _brought()[concept]:
            found[kind].add(brought)
    return Concepts(*[_once(frozenset(kind)) if kind else _NONE for kind in found])


# Headlines are kept by thousands, and most have but one concept of a kind.
@lru_cache(maxsize=1 << 12)
def _once(concepts: frozenset[str]) -> frozenset[str]:
    """Return the same set for equal ones."""
    return concepts


def products_of(name: str) -> frozenset[str]:
    """Return the things with this folded, lower-case name, in either language."""
    return _names().get(name, _NONE)


@cache
def firms_of(person: str) -> frozenset[str]:
    """Return the companies that a person represents."""
    return frozenset(_file("links.toml")["firms"].get(person, ()))


def information(concepts: Iterable[str]) -> float:
    """Return the information of sharing *concepts*: higher for rare ones."""
    return sum(map(_information_of().__getitem__, concepts))


def rarity(words: Iterable[str]) -> float:
    """Return the information of sharing *words*: concepts, versions or names."""
    return sum(_information_of().get(word, 1.0) for word in words)


def rarest(things: frozenset[str]) -> list[str]:
    """Return the distinctive things without firms and lasting products, rarest first."""
    named = telling(things) - lasting_products() - named_actors()
    return sorted(named, key=lambda thing: (-_information_of()[thing], thing))


def telling(concepts: frozenset[str]) -> frozenset[str]:
    """Return the distinctive, that is rare, ones of *concepts*."""
    rare = frozenset(
        concept for concept in concepts if _information_of()[concept] >= _TELLING
    )
    return _once(rare) if rare else _NONE


@cache
def actors_of(thing: str) -> frozenset[str]:
    """Return the firms and bodies that a thing denotes or belongs to."""
    return frozenset(_file("links.toml")["actors"].get(thing, ()))


@cache
def named_actors() -> frozenset[str]:
    """Return the things that are names of firms and bodies, tracked or not."""
    return frozenset(_file("links.toml")["named"]["actors"])


@cache
def named_products() -> frozenset[str]:
    """Return the things that are names of products in the news for weeks."""
    return frozenset(_file("links.toml")["named"]["products"])


@cache
def implied_by(concept: str) -> frozenset[str]:
    """Return the concepts implied by a concept, which add no evidence."""
    return frozenset(_file("links.toml")["implies"].get(concept, ()))


def other_places(some: frozenset[str], others: frozenset[str]) -> bool:
    """Tell whether both name places, and none contains another: Gansu is in China."""
    if not some or not others or not some.isdisjoint(others):
        return False
    return some.isdisjoint(with_wholes(others)) and others.isdisjoint(with_wholes(some))


def with_wholes(places: frozenset[str]) -> frozenset[str]:
    """Return places with the countries that contain them."""
    return places.union(_wholes()[place] for place in places & _wholes().keys())


@cache
def _wholes() -> Mapping[str, str]:
    within = _file("links.toml")["within"]
    return {part: whole for whole, parts in within.items() for part in parts}


@cache
def lasting_products() -> frozenset[str]:
    """Return the things that are names of products in the news all year."""
    return frozenset(_file("links.toml")["lasting"]["products"])


@cache
def common_concepts() -> frozenset[str]:
    """Return the concepts too frequent for a key."""
    return frozenset(concept for concept, rate in _rates().items() if rate >= _COMMON)


def _stands(word: _Word, text: str, start: int, end: int) -> bool:
    if word.whole and start and text[start - 1] in LATIN:
        return False
    return not word.ends or end == len(text) or text[end] not in LATIN


@cache
def _lexicon() -> tuple[AhoCorasick, tuple[_Word, ...]]:
    words = list(_words(_file("concepts.toml")))
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
def _brought() -> Mapping[str, tuple[tuple[int, str], ...]]:
    """Return each concept, and what it brings with it, with the number of its kind."""
    tables = _file("concepts.toml")
    kinds = {concept: n for n, kind in enumerate(KINDS) for concept in tables[kind]}
    implied = _file("links.toml")["implies"]
    return {
        concept: tuple((kinds[one], one) for one in (concept, *implied.get(concept, ())))
        for concept in kinds
    }


@cache
def _combined() -> tuple[tuple[str, frozenset[str]], ...]:
    made = _file("links.toml")["combines"]
    return tuple(
        (concept, frozenset(parts)) for concept, ways in made.items() for parts in ways
    )


@cache
def _names() -> Mapping[str, frozenset[str]]:
    things = _file("concepts.toml")["thing"]
    return {
        spelling.removesuffix(_ANY_ENDING): frozenset({concept})
        for concept, spellings in things.items()
        for spelling in spellings
    }


@cache
def _information_of() -> Mapping[str, float]:
    rates = _rates()
    return {
        concept: -log(rates.get(concept, RAREST) / 1e4) / _FULL for concept in _brought()
    }


@cache
def _rates() -> Mapping[str, float]:
    """Return how many of ten thousand headlines hold each, the rarest left out."""
    return dict(_file("rates.toml")["rates"])


@cache
def _file(name: str) -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(beat_text(name))
