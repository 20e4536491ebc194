"""Concepts of both languages: actions, places, people and things.

A lexicon of concepts maps words of both languages to concepts: beside names and numbers
they are the only evidence shared by headlines of two languages.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from math import log
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick

from transforms.stories.letters import GENERIC, stem
from transforms.text.fold import LATIN

KINDS = ("action", "place", "person", "thing")
# Of ten thousand headlines: from how many on a concept is common, and what those are
# taken for that hardly any holds.
_COMMON = 60.0
RAREST = 2.0
# A concept that one headline in a thousand holds tells as much as a company's name.
_FULL = log(1000)
_TELLING = 0.75
_NONE: frozenset[str] = frozenset()
_Tables = Mapping[str, Mapping[str, Any]]


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


class ConceptRoles(NamedTuple):
    """Concepts that comparisons treat apart: ``[roles]`` of ``links.toml``."""

    home: frozenset[str] = _NONE
    announced: frozenset[str] = _NONE
    weak: frozenset[str] = _NONE
    answers: frozenset[str] = _NONE
    reversals: frozenset[str] = _NONE
    results: frozenset[str] = _NONE
    figures: frozenset[str] = _NONE
    quarters: frozenset[str] = _NONE
    worth: frozenset[str] = _NONE
    listing: frozenset[str] = _NONE
    listing_steps: frozenset[str] = _NONE
    venues: frozenset[str] = _NONE
    plans: frozenset[str] = _NONE
    released: frozenset[str] = _NONE
    wide: frozenset[str] = _NONE
    shares: frozenset[str] = _NONE
    no_object: frozenset[str] = _NONE


class _Word(NamedTuple):
    kind: str
    concept: str
    whole: bool
    ends: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ConceptLexicon:
    """Words of concepts, and what the concepts bring with them; the same only as itself.

    ``actors`` are names of firms and bodies, tracked or not; ``lasting`` of products in
    the news all year. ``chains`` are acts that follow each other. ``common`` are the
    concepts too frequent for a key, ``common_words`` the stems of words that half the
    headlines hold.
    """

    spotter: AhoCorasick
    words: tuple[_Word, ...]
    names: Mapping[str, frozenset[str]]
    brought: Mapping[str, tuple[tuple[int, str], ...]]
    combined: tuple[tuple[str, frozenset[str]], ...]
    implied: Mapping[str, frozenset[str]]
    wholes: Mapping[str, str]
    firms: Mapping[str, frozenset[str]]
    owners: Mapping[str, frozenset[str]]
    actors: frozenset[str]
    chains: Mapping[str, frozenset[str]]
    lasting: frozenset[str]
    common: frozenset[str]
    common_words: frozenset[str]
    informative: Mapping[str, float]
    roles: ConceptRoles
    source: tuple[str, str, str]

    def __reduce__(self) -> tuple[Any, tuple[str, str, str]]:
        """Leave what is compiled behind: an automaton cannot be sent."""
        return read_concepts, self.source

    def concepts_of(self, text: str) -> Concepts:
        """Return the concepts in a folded, lower-case headline.

        Of overlapping words the longest counts: "interest rates" is no rate.
        """
        return _concepts_of(text, self)

    def who_and_where(self, text: str) -> list[tuple[int, int]]:
        """Return the spans of places, people and lasting products in a folded text."""
        return [
            (start, end)
            for start, end, word in _found(text, self)
            if word.kind in ("place", "person") or word.concept in self.lasting
        ]

    def without_concepts(self, text: str) -> str:
        """Return a folded, lower-case text with its concepts blanked out."""
        for start, end, _ in _found(text, self):
            text = text[:start] + "|" * (end - start) + text[end:]
        return text

    def products_of(self, name: str) -> frozenset[str]:
        """Return the things with this folded, lower-case name, in either language."""
        return self.names.get(name, _NONE)

    def firms_of(self, people: Iterable[str]) -> frozenset[str]:
        """Return the companies that *people* represent."""
        return _NONE.union(*(self.firms.get(person, _NONE) for person in people))

    def owners_of(self, things: Iterable[str]) -> frozenset[str]:
        """Return the firms and bodies that *things* denote or belong to."""
        return _NONE.union(*(self.owners.get(thing, _NONE) for thing in things))

    def implied_by(self, concepts: Iterable[str]) -> frozenset[str]:
        """Return the concepts implied by *concepts*, which add no evidence."""
        return _NONE.union(*(self.implied.get(concept, _NONE) for concept in concepts))

    def information(self, concepts: Iterable[str]) -> float:
        """Return the information of sharing *concepts*: higher for rare ones."""
        return sum(map(self.informative.__getitem__, concepts))

    def rarest(self, things: frozenset[str]) -> list[str]:
        """Return distinctive things, no firms or lasting products, rarest first."""
        named = self.telling(things) - self.lasting - self.actors
        return sorted(named, key=lambda thing: (-self.informative[thing], thing))

    def telling(self, concepts: frozenset[str]) -> frozenset[str]:
        """Return the distinctive, that is rare, ones of *concepts*."""
        rare = frozenset(c for c in concepts if self.informative[c] >= _TELLING)
        return once(rare) if rare else _NONE

    def other_places(self, some: frozenset[str], others: frozenset[str]) -> bool:
        """Tell whether both name places, and none contains another: Gansu is in China."""
        if not some or not others or not some.isdisjoint(others):
            return False
        return some.isdisjoint(self.with_wholes(others)) and others.isdisjoint(
            self.with_wholes(some)
        )

    def with_wholes(self, places: frozenset[str]) -> frozenset[str]:
        """Return places with the countries that contain them."""
        return places.union(self.wholes[place] for place in places & self.wholes.keys())


@lru_cache(maxsize=1 << 12)
def _concepts_of(text: str, lexicon: ConceptLexicon) -> Concepts:
    return _by_kind({word.concept for _, _, word in _found(text, lexicon)}, lexicon)


@lru_cache(maxsize=1 << 10)
def _found(text: str, lexicon: ConceptLexicon) -> tuple[tuple[int, int, _Word], ...]:
    words = lexicon.words
    hits = [
        (start, end, words[number])
        for number, start, end in lexicon.spotter.find_matches_as_indexes(
            text, overlapping=True
        )
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


def _stands(word: _Word, text: str, start: int, end: int) -> bool:
    if word.whole and start and text[start - 1] in LATIN:
        return False
    return not word.ends or end == len(text) or text[end] not in LATIN


def _by_kind(named: set[str], lexicon: ConceptLexicon) -> Concepts:
    """Return concepts by kind, with what two of them make and what they bring with them."""
    if not named:
        return NOTHING
    for made, parts in lexicon.combined:
        if parts <= named:
            named.add(made)
    found: tuple[set[str], ...] = (set(), set(), set(), set())
    for concept in named:
        for kind, brought in lexicon.brought[concept]:
            found[kind].add(brought)
    return Concepts(*[once(frozenset(kind)) if kind else _NONE for kind in found])


# Headlines are kept by thousands, and most have but one concept of a kind.
@lru_cache(maxsize=1 << 12)
def once(concepts: frozenset[str]) -> frozenset[str]:
    """Return the same set for equal ones."""
    return concepts


# Of equal texts the same one: what headlines mean is kept by the lexicon.
@lru_cache(maxsize=4)
def read_concepts(concepts: str, links: str, rates: str) -> ConceptLexicon:
    """Return the lexicon of ``concepts.toml``, ``links.toml`` and ``rates.toml``."""
    source = concepts, links, rates
    return _compiled(*map(tomllib.loads, source), source=source)


def _compiled(
    concepts: _Tables, links: _Tables, rates: _Tables, *, source: tuple[str, str, str]
) -> ConceptLexicon:
    words = list(_words(concepts))
    kinds = {concept: n for n, kind in enumerate(KINDS) for concept in concepts[kind]}
    if unknown := sorted(_linked(links) - kinds.keys()):
        raise ValueError(f"links.toml names {unknown[0]!r}, which is no concept")
    if never := [concept for concept, rate in rates["rates"].items() if rate <= 0]:
        raise ValueError(f"rates.toml says that no headline holds {never[0]!r}")
    implied, named, held = links["implies"], links["named"], rates["rates"]
    return ConceptLexicon(
        spotter=AhoCorasick([text for text, _ in words]),
        words=tuple(word for _, word in words),
        names={text: frozenset({w.concept}) for text, w in words if w.kind == "thing"},
        brought={
            each: tuple((kinds[one], one) for one in (each, *implied.get(each, ())))
            for each in kinds
        },
        combined=tuple(
            (concept, frozenset(parts))
            for concept, ways in links["combines"].items()
            for parts in ways
        ),
        implied=_sets(implied),
        wholes={part: all_ for all_, parts in links["within"].items() for part in parts},
        firms=_sets(links["firms"]),
        owners=_sets(links["actors"]),
        actors=frozenset(named["actors"]),
        chains=_sets(links["chains"]),
        lasting=frozenset(links["lasting"]["products"]),
        common=frozenset(concept for concept, rate in held.items() if rate >= _COMMON),
        common_words=frozenset(map(stem, (*GENERIC, *links["common"]["words"]))),
        informative={c: -log(held.get(c, RAREST) / 1e4) / _FULL for c in kinds},
        roles=ConceptRoles(**_sets(links["roles"])),
        source=source,
    )


def _linked(links: _Tables) -> set[str]:
    """Return the concepts that links name."""
    of_concepts = ("implies", "combines", "within", "actors", "firms")
    tables = ("implies", "within", "named", "roles", "chains")
    listed = [links[name].values() for name in tables]
    ways = chain.from_iterable(links["combines"].values())
    return set(links["lasting"]["products"]).union(
        *(links[name] for name in of_concepts), *chain.from_iterable(listed), *ways
    )


def _words(tables: _Tables) -> Iterator[tuple[str, _Word]]:
    for kind in KINDS:
        for concept, spellings in tables[kind].items():
            for spelling in spellings:
                text = spelling.removesuffix("*")
                if not text:
                    raise ValueError(f"{concept} has an empty word")
                whole = text[0] in LATIN
                ends = text[-1] in LATIN and text == spelling
                yield text, _Word(kind, concept, whole, ends)


def _sets(lists: Mapping[str, Iterable[str]]) -> Mapping[str, frozenset[str]]:
    return {key: frozenset(each) for key, each in lists.items()}
