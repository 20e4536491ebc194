"""Facts in headlines, for counts in SQL: sides, amounts and regions.

The words are data: of sides and regions those of the beat, of amounts those of the
language, in the lexicon beside this module. Facts are stored with the article,
like mentions and tags, so that no query has to read a text.

A list holds regular expressions over a headline as it is written. What is a letter, a
digit or a border is ASCII's: 中国EU has a border before EU.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from transforms.models import FactKind, HeadlineFact
from transforms.names.rules.patterns import PatternSet, pattern_set

# Whose acts briefs tell of beside each other; the last where a headline does not say.
STATES = ("china", "us_eu")
SIDES = (*STATES, "unclear")
ANY_CASE = re.IGNORECASE | re.ASCII
# From its first digit to its last: a long number is not tried again at each of them.
_NUMBER = r"(?<!\d)(?<!\d[.,])\d++(?:[.,]\d++)*+"
# Part of the version: raise it when the code gives the same words a new meaning.
_READER = "2"


class Found(NamedTuple):
    """A fact's value in a headline, and the matched words."""

    value: str
    term: str


@cache
def lexicon_source(name: str) -> str:
    """Return the text of a lexicon of the language: "amounts"."""
    return (files(__package__) / f"{name}.toml").read_text(encoding="utf-8")


def read_lexicon(name: str) -> dict[str, Any]:
    """Return a lexicon, parsed."""
    return tomllib.loads(lexicon_source(name))


def one_of(terms: Iterable[str]) -> str:
    """Return a regular expression for any of *terms*."""
    return f"(?:{'|'.join(terms)})"


def words_or_names(words: Iterable[str], names: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern of whole *words* and of *names* anywhere, ignoring case."""
    return re.compile("|".join((rf"\b{one_of(words)}\b", *names)), ANY_CASE)


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """How headlines call the authorities of each side; ``objects`` are no actors."""

    objects: re.Pattern[str]
    terms: PatternSet
    sides: tuple[str, ...]

    def find(self, title: str) -> Found | None:
        """Return the side of the first acting body in *title*; None without one.

        Most headlines have none.
        """
        if not self.terms.likely(title.lower()):
            return None
        found = self.terms.first(self.objects.sub("", title))
        return Found(self.sides[found[0]], found[1][0]) if found else None


def read_sides(text: str) -> Sides:
    """Return the sides of a TOML text.

    Raises:
        ValueError: An actor is of another side than those that briefs tell of.
    """
    lists = tomllib.loads(text)
    for actor in lists["actor"]:
        if actor["side"] not in SIDES:
            raise ValueError(f"side is {actor['side']!r}; there are {', '.join(SIDES)}")
    macros = {"{adverb}": lists["adverb"], "{verbs}": "|".join(lists["verbs"])}
    return Sides(
        objects=re.compile("|".join(lists["objects"]), re.ASCII),
        terms=pattern_set([_pattern(actor["terms"], macros) for actor in lists["actor"]]),
        sides=tuple(actor["side"] for actor in lists["actor"]),
    )


def _pattern(terms: list[str], macros: dict[str, str]) -> re.Pattern[str]:
    text = one_of(terms)
    for name, meaning in macros.items():
        text = text.replace(name, meaning)
    return re.compile(text, re.ASCII)


def find_amount(title: str) -> Found | None:
    """Return the first amount with a unit in *title*; None without one.

    Units match as whole words: "bln" does, the b of "bought" does not. An amount with a
    currency takes precedence.
    """
    for forms in (_with_currency(), _without_currency()):
        if found := forms.first(title):
            amount = found[1]["amount"]
            return Found(amount, amount)
    return None


@cache
def _with_currency() -> PatternSet:
    lists = read_lexicon("amounts")
    units, units_zh = one_of(lists["units"]), one_of(lists["units_zh"])
    short = one_of([*lists["units"], f"[{lists['letters']}]"])
    forms = (
        # Digits of a signed amount need no border before them: "$5", but also "A$5".
        rf"{one_of(lists['signs'])}\s?\d++(?:[.,]\d++)*+(?:[\s-]?{short}\b|\s?{units_zh})?",
        rf"{_NUMBER}[\s-]?{units} {one_of(lists['currencies'])}\b",
        rf"{_NUMBER}\s?[多余]?{units_zh}[多余]?{one_of(lists['currencies_zh'])}",
    )
    return pattern_set([re.compile(f"(?P<amount>{form})", ANY_CASE) for form in forms])


@cache
def _without_currency() -> PatternSet:
    lists = read_lexicon("amounts")
    amount = rf"(?P<amount>{_NUMBER}\s?{one_of(lists['units_zh'])})"
    behind = rf"(?:{lists['stake']}|[^\sa-z{lists['counted']}]|\Z)"
    return pattern_set([re.compile(amount + behind, re.ASCII)])


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """How headlines name parts of the world."""

    names: tuple[str, ...]
    terms: PatternSet
    excepted: tuple[re.Pattern[str] | None, ...]

    def find(self, title: str) -> list[Found]:
        """Return the regions in *title*, each once, with the first matching words."""
        found = []
        for number in self.terms.likely(title.lower()):
            excepted = self.excepted[number]
            if excepted and excepted.search(title):
                continue
            if match := self.terms.patterns[number].search(title):
                found.append(Found(self.names[number], match[0]))
        return found


def read_regions(text: str) -> Regions:
    """Return the regions of a TOML text."""
    lists = tomllib.loads(text)
    return Regions(
        names=tuple(lists),
        terms=pattern_set([words_or_names(r["words"], r["names"]) for r in lists.values()]),
        excepted=tuple(_excepted(region.get("not", ())) for region in lists.values()),
    )


def _excepted(terms: list[str]) -> re.Pattern[str] | None:
    return re.compile(one_of(terms), ANY_CASE) if terms else None


@dataclass(frozen=True, slots=True, eq=False)
class FactLexicon:
    """Words by which a headline's facts are found, and the version of all of them.

    One look at ``patterns`` tells of three headlines in four that they say nothing.
    """

    sides: Sides
    regions: Regions
    patterns: PatternSet
    version: str


def read_facts(sides: str, regions: str) -> FactLexicon:
    """Return the lexicon of ``sides.toml`` and ``regions.toml``."""
    acting, named = read_sides(sides), read_regions(regions)
    texts = (_READER, sides, lexicon_source("amounts"), regions)
    version = hashlib.sha256("\n".join(texts).encode()).hexdigest()
    return FactLexicon(
        sides=acting,
        regions=named,
        patterns=pattern_set(
            (
                *acting.terms.patterns,
                *_with_currency().patterns,
                *_without_currency().patterns,
                *named.terms.patterns,
            )
        ),
        version=f"h{version[:10]}",
    )


def read_headline(article_id: str, title: str, lexicon: FactLexicon) -> list[HeadlineFact]:
    """Return the facts in the headline of an article that is no round-up."""
    if not lexicon.patterns.likely(title.lower()):
        return []
    return [
        HeadlineFact(article_id, kind, found.value, found.term, lexicon.version)
        for kind, found in _found(title, lexicon)
    ]


def _found(title: str, lexicon: FactLexicon) -> Iterator[tuple[FactKind, Found]]:
    if side := lexicon.sides.find(title):
        yield "side", side
    if amount := find_amount(title):
        yield "amount", amount
    for region in lexicon.regions.find(title):
        yield "region", region
