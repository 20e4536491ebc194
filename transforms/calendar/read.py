"""Dates ahead in headlines: a date beside a word for what is to come, in one clause.

A date counts only where the headline says what is due on it. One that has passed is none,
and neither is a goal for a year after the next.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple, cast

from transforms.dates.absolute import as_date
from transforms.models import Mention
from transforms.models.calendar import DateAhead, Occasion, Precision
from transforms.names.match.document import Field
from transforms.names.rules.patterns import PatternSet, pattern_set

DAY = timedelta(days=1)
_BEIJING = timedelta(hours=8)
# A day without a year that would be further ahead has just passed.
_SOON = timedelta(days=270)
# What is named for later years is a goal.
_YEARS = 2
_MONTHS: Mapping[Precision, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_CLAUSE = re.compile(
    r"[,;!?|、。]|:(?!\d)|\. |[–—]|(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", re.ASCII
)
_MACRO = re.compile(r"\{([a-z]+)\}")
_HAN = re.compile("[\u4e00-\u9fff]")


class Span(NamedTuple):
    """First and last day that a date may be, and the words for it."""

    first: date
    last: date
    precision: Precision
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words for a date; ``ahead`` are units from the day of publication, if given."""

    precision: Precision
    ahead: int | None
    words: re.Pattern[str]

    def find(self, text: str, on: date) -> Iterator[Span]:
        """Yield the dates in *text*, as one of the day *on* means them."""
        for found in self.words.finditer(text):
            if first := self._first(found.groupdict(), on):
                precision: Precision = "day" if self._is_day(found) else self.precision
                last = last_of(first, precision)
                if last >= on and first.year <= on.year + _YEARS:
                    yield Span(first, last, precision, found.start(), found.end())

    def _is_day(self, found: re.Match[str]) -> bool:
        return bool(found.groupdict().get("weekday"))

    def _first(self, parts: Mapping[str, str | None], on: date) -> date | None:
        if self.ahead is not None:
            return _ahead(self.precision, self.ahead, _number(parts.get("weekday")), on)
        part = parts.get("part") or parts.get("part2")
        month = _number(parts.get("month")) or 1
        if part:
            month = (_number(part) - 1) * _MONTHS[self.precision] + 1
        if "month" not in parts and self.precision == "day":
            month = on.month
        day, year = int(parts.get("day") or 1), parts.get("year")
        if year:
            at = on.year + words().years[year] if year in words().years else int(year)
            return as_date(at, month, day)
        return self._next(month, day, on)

    def _next(self, month: int, day: int, on: date) -> date | None:
        """Return the next such date that is near enough to be meant."""
        for year in (on.year, on.year + 1):
            first = as_date(year, month, day)
            if first and last_of(first, self.precision) >= on:
                return first if first - on <= _SOON else None
        return None


def _ahead(precision: Precision, ahead: int, weekday: int, on: date) -> date | None:
    if precision == "week":
        monday = on - timedelta(days=on.weekday())
        return monday + timedelta(days=7 * ahead + (weekday or 1) - 1)
    if precision == "day":
        return on + timedelta(days=ahead)
    months = on.month - 1 + ahead if precision == "month" else 0
    years = on.year + (ahead if precision == "year" else 0)
    return date(years + months // 12, months % 12 + 1, 1)


def last_of(first: date, precision: Precision) -> date:
    """Return the last day of the day, week, month … that begins on *first*."""
    if precision == "day":
        return first
    if precision == "week":
        return first + timedelta(days=6)
    months = first.year * 12 + first.month - 1 + _MONTHS[precision]
    return date(months // 12, months % 12 + 1, 1) - DAY


def _number(word: str | None) -> int:
    """Return the number that a month, a weekday or a part of a year is; 0 for none."""
    if not word:
        return 0
    numbers = words().numbers
    return int(word) if word.isdecimal() else numbers.get(word, numbers.get(word[:3], 0))


class Cues(NamedTuple):
    """Words for an occasion, before and behind its date."""

    occasion: Occasion
    before: re.Pattern[str]
    after: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class CalendarWords:
    """Words for dates and occasions; ``likely`` preselects the patterns of dates."""

    patterns: Sequence[Pattern]
    likely: PatternSet
    numbers: Mapping[str, int]
    years: Mapping[str, int]
    english: Sequence[Cues]
    chinese: Sequence[Cues]
    moves: re.Pattern[str]
    ahead: re.Pattern[str]
    refused: re.Pattern[str]


@cache
def words() -> CalendarWords:
    """Return the words that are shipped."""
    dates, occasions = (
        tomllib.loads((files(__package__) / f"{name}.toml").read_text(encoding="utf-8"))
        for name in ("dates", "occasions")
    )
    moves, ahead, refused = (
        re.compile(_any(occasions.pop(name)), re.ASCII)
        for name in ("moves", "ahead", "not")
    )
    english, chinese = (
        (occasions.pop(f"before_{name}"), occasions.pop(f"after_{name}"))
        for name in ("en", "zh")
    )
    patterns = tuple(_patterns(dates))
    return CalendarWords(
        patterns=patterns,
        likely=pattern_set([pattern.words for pattern in patterns]),
        numbers=dates["numbers"],
        years=dates["years"],
        english=_cues(occasions, *english),
        chinese=_cues(occasions, *chinese),
        moves=moves,
        ahead=ahead,
        refused=refused,
    )


def _any(sources: Iterable[str]) -> str:
    return f"(?:{'|'.join(sources)})"


def _patterns(dates: Mapping[str, Any]) -> Iterator[Pattern]:
    for precision in ("day", "week", *_MONTHS):
        table = dates[precision]
        listed: list[tuple[int | None, str]] = [(None, each) for each in table["patterns"]]
        for ahead, sources in table.get("ahead", {}).items():
            listed += [(int(ahead), source) for source in sources]
        for ahead, source in listed:
            words_for_it = _MACRO.sub(lambda found: dates["macros"][found[1]], source)
            yield Pattern(precision, ahead, re.compile(words_for_it, re.ASCII))


def _cues(occasions: Mapping[str, Any], before: str, after: str) -> Sequence[Cues]:
    return tuple(
        Cues(
            cast("Occasion", name),
            re.compile(rf"(?<![a-z]){_any(cues['before'])}{before}\Z", re.ASCII),
            re.compile(rf"{after}(?<![a-z]){_any(cues['after'])}", re.ASCII),
        )
        for name, cues in occasions.items()
    )


def local_day(moment: datetime, language: str) -> date:
    """Return the day on which an outlet wrote: "明日" of an evening in UTC is Beijing's.

    Outlets that write English are in many zones, and are taken at UTC.
    """
    return (moment + (_BEIJING if language.startswith("zh") else timedelta(0))).date()


def read_dates(
    title: Field, mentions: Iterable[Mention], on: date | None
) -> tuple[DateAhead, ...]:
    """Return the dates ahead that a headline of the day *on* names."""
    text, shipped = title.lower, words()
    spans = _spans(text, on) if on else []
    if on is None or not spans or shipped.refused.search(text):
        return ()
    named = sorted(
        (m for m in mentions if m.field == "title"),
        key=lambda m: (m.role != "subject", m.start),
    )
    found: dict[tuple[Occasion, date], DateAhead] = {}
    for span in spans:
        start, end = _clause(text, span)
        occasion = _occasion(text[start : span.start], text[span.end : end])
        if occasion is None or (
            span.first <= on and not shipped.ahead.search(text, start, end)
        ):
            continue
        subject = next((m for m in named if start <= m.start < end), None)
        if subject and occasion == "launch" and _goes_public(text, subject, span):
            occasion = "listing"
        subject = subject or next(iter(named), None)
        ahead = DateAhead(
            occasion,
            subject.company_id if subject else "",
            span.first,
            span.last,
            span.precision,
            bool(shipped.moves.search(text, start, end)),
            title.text[span.start : span.end].strip(),
        )
        found.setdefault((occasion, span.first), ahead)
    return tuple(found.values())


def _spans(text: str, on: date) -> list[Span]:
    """Return the dates in *text*: of two that overlap the more exact one."""
    likely = (words().patterns[number] for number in words().likely.likely(text))
    found = [span for pattern in likely for span in pattern.find(text, on)]
    apart: list[Span] = []
    for span in sorted(found, key=lambda s: (s.last - s.first, s.start - s.end)):
        if all(span.end <= other.start or span.start >= other.end for other in apart):
            apart.append(span)
    return sorted(apart, key=lambda s: s.start)


def _clause(text: str, span: Span) -> tuple[int, int]:
    """Return where the clause of a date begins and ends."""
    ends = [found for found in _CLAUSE.finditer(text) if found.start() >= span.end]
    starts = [found.end() for found in _CLAUSE.finditer(text, 0, span.start)]
    return max(starts, default=0), ends[0].start() if ends else len(text)


def _occasion(before: str, after: str) -> Occasion | None:
    is_chinese = _HAN.search(before) or _HAN.search(after)
    cues = words().chinese if is_chinese else words().english
    return next(
        (c.occasion for c in cues if c.before.search(before) or c.after.match(after)), None
    )


def _goes_public(text: str, firm: Mention, span: Span) -> bool:
    """Tell whether the firm itself 上市 on the date: no product stands between them."""
    end = firm.start + firm.length
    between = text[end : span.start]
    # A name in letters may be that of what it makes.
    if text[firm.start : end].isascii() or between.strip(" 将于或瞄准计划拟最快早有望"):
        return False
    return text[span.end :].lstrip("正式起将").startswith("上市")
