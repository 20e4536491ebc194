"""Facts in headlines, for counts in SQL: sides, amounts, regions, announced dates.

The words are data: of sides and regions those of the beat, of amounts and days those of
the language, in the lexicons beside this module. Facts are stored with the article,
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
from datetime import date, timedelta
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
_READER = "1"
# Short, and what makes it long; a small "may" is no month.
_MONTHS = {
    "Jan": "uary",
    "Feb": "ruary",
    "Mar": "ch",
    "Apr": "il",
    "May": "",
    "Jun": "e",
    "Jul": "y",
    "Aug": "ust",
    "Sep": "t|tember",
    "Oct": "ober",
    "Nov": "ember",
    "Dec": "ember",
}
_NUMBERS = {short: number for number, short in enumerate(_MONTHS, 1)}
_NAME = "|".join(f"{short}(?:{rest})?" for short, rest in _MONTHS.items())
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,? (?P<year>20\d\d)\b)?"
_DATES = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"\b(?P<name>{_NAME})\.? {_DAY}\b{_YEAR}",
        rf"\b{_DAY} (?P<name>{_NAME})\b{_YEAR}",
        r"(?:(?P<year>20\d\d)年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号號]",
    )
)
_NEXT_WEEK = re.compile(
    r"\bnext week\b|(?<!下)(?P<next>下++)个?(?:周|週|星期)(?P<weekday>[一二三四五六日天])?",
    ANY_CASE,
)
_WEEKDAYS = {name: index for index, name in enumerate("一二三四五六日")} | {"天": 6}
# Of two that begin at one place the earlier: "3 May" before "May 5" in "3 May 5".
_DAYS = pattern_set((*_DATES, _NEXT_WEEK))


class Found(NamedTuple):
    """A fact's value in a headline, and the matched words."""

    value: str
    term: str


@cache
def lexicon_source(name: str) -> str:
    """Return the text of a lexicon of the language, "amounts" or "due"."""
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
    own, due = acting.terms.patterns, _occasions()[1].patterns
    texts = (_READER, sides, lexicon_source("amounts"), regions, lexicon_source("due"))
    version = hashlib.sha256("\n".join(texts).encode()).hexdigest()
    return FactLexicon(
        sides=acting,
        regions=named,
        patterns=pattern_set(
            (
                *own,
                *_with_currency().patterns,
                *_without_currency().patterns,
                *named.terms.patterns,
                *due,
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
    if occasion := find_due(title):
        yield "due", occasion


@dataclass(frozen=True, slots=True)
class Due:
    """Announced day, or range of days including both ends."""

    first: date
    last: date


def find_due(title: str) -> Found | None:
    """Return the announced occasion in *title*, with its words for the day.

    None if it does not name both: a listing, results, a hearing or a rule, and a day
    or the next week. Whether that day is to come depends on the day of the headline.
    """
    if not (occasion := _occasion(title)):
        return None
    said = _DAYS.first(title)
    return Found(occasion, said[1][0]) if said else None


def due(said: str, published: date) -> Due | None:
    """Return the days that *said* means in a headline published on *published*.

    A date without a year is the next one with that month and day.
    """
    if week := _NEXT_WEEK.fullmatch(said):
        # 下下周 is the week after the next.
        is_next = week["next"] in (None, "下")
        return _next_week(week["weekday"], published) if is_next else None
    for pattern in _DATES:
        if found := pattern.fullmatch(said):
            return _dated(found.groupdict(), published)
    return None


def _occasion(title: str) -> str:
    names, terms = _occasions()
    for number in terms.likely(title.lower()):
        if terms.patterns[number].search(title):
            return names[number]
    return ""


@cache
def _occasions() -> tuple[tuple[str, ...], PatternSet]:
    lists = read_lexicon("due")["occasion"]
    terms = [words_or_names(o["words"], o["names"]) for o in lists.values()]
    return tuple(lists), pattern_set(terms)


def _next_week(weekday: str | None, published: date) -> Due:
    monday = published + timedelta(days=7 - published.weekday())
    if weekday is None:
        return Due(monday, monday + timedelta(days=6))
    day = monday + timedelta(days=_WEEKDAYS[weekday])
    return Due(day, day)


def _dated(parts: dict[str, str | None], published: date) -> Due | None:
    name, day = parts.get("name"), int(parts["day"] or 0)
    month = _NUMBERS[name[:3]] if name else int(parts["month"] or 0)
    year = int(parts["year"] or published.year)
    if not parts["year"] and (month, day) < (published.month, published.day):
        year += 1
    try:
        named = date(year, month, day)
    except ValueError:  # a headline may name a 31st of February
        return None
    return Due(named, named)
