"""Facts in headlines, for counts in SQL: sides, amounts, regions, announced dates.

The words are data: of sides and regions those of the beat, of amounts and days those of
the language, in the lexicons beside this module. Facts are stored with the article,
like mentions and tags, so that no query has to read a text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from transforms.headlines.lexicon import (
    ANY_CASE,
    Found,
    Regions,
    Sides,
    amount_patterns,
    find_amount,
    lexicon_source,
    read_lexicon,
    read_regions,
    read_sides,
    words_or_names,
)
from transforms.models import FactKind, HeadlineFact
from transforms.names.rules.patterns import PatternSet, pattern_set

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
        patterns=pattern_set((*own, *amount_patterns(), *named.terms.patterns, *due)),
        version=f"h{version[:10]}",
    )


def read_headline(
    article_id: str, title: str, lexicon: FactLexicon, *, is_digest: bool
) -> list[HeadlineFact]:
    """Return the facts in an article's headline; none for a round-up."""
    if is_digest or not lexicon.patterns.likely(title.lower()):
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
