"""The rows a brief is written from, with the words, names and dates it is written in.

Rows come from a query, a test or a JSON file; whatever is missing from them is
simply not said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from string import Formatter
from typing import Any

from transforms.brief.model import Column, Line, Period, Query, Table, Text
from transforms.brief.phrases import phrase, phrases
from transforms.brief.values import Row, instant, labels, whole
from transforms.dates.period import days_of

MONTH = 28  # days
# As in the view readiness: four of five days must be there.
ENOUGH = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where sections find their rows and how they say things."""

    data: Mapping[str, Any]
    period: Period
    since: datetime
    until: datetime
    zone: tzinfo
    language: str
    names: Mapping[str, str]
    as_of: datetime | None = None

    def rows(self, key: str) -> list[Row]:
        """Return the rows called *key*; a missing key has none."""
        found = self.data.get(key) or []
        return [found] if isinstance(found, Mapping) else list(found)

    def queries(self, *keys: str) -> tuple[Query, ...]:
        """Return the SQL behind *keys*, as far as it came with the data."""
        known = self.data.get("queries") or {}
        return tuple(Query(key, known[key].strip()) for key in keys if known.get(key))

    def word(self, key: str, **parts: object) -> str:
        """Return a phrase with its names filled in."""
        return phrase(key, self.language).format(**parts)

    def line(self, key: str, **parts: Text | Line | object) -> Line:
        """Return a phrase as a line: a part that is a text or a line keeps its links."""
        pieces: list[Text] = []
        for literal, name, _, _ in Formatter().parse(phrase(key, self.language)):
            pieces += [Text(literal)] if literal else []
            pieces += _pieces(parts[name]) if name else []
        return tuple(pieces)

    def count(self, key: str, number: object) -> str:
        """Return "1 story", "12 stories" and their like."""
        n = whole(number)
        one = f"{key}.one"
        return self.word(one if n == 1 and one in phrases() else key, n=f"{n:,}")

    def label(self, group: str, value: object) -> str:
        """Return the word for a code such as a state; one without a word stays as it is."""
        key = f"{group}.{value}"
        return self.word(key) if key in phrases() else str(value or "")

    def columns(self, *keys: str) -> tuple[Column, ...]:
        """Return the heads of a table; ``#`` before a key means numbers."""
        return tuple(
            Column(self.word(f"column.{key.lstrip('#')}"), numeric=key.startswith("#"))
            for key in keys
        )

    def folded(self, table: Table, *, show: int = 12) -> Table:
        """Return *table* with the rows beyond *show* folded away."""
        rest = table.rows[show:]
        label = self.word("fold.rows", n=len(rest)) if rest else ""
        return Table(table.caption, table.columns, table.rows[:show], rest, label)

    def joined(self, parts: Iterable[Text | Line | str]) -> Line:
        """Return *parts* as one enumeration."""
        pieces: list[Text] = []
        for part in parts:
            pieces += [Text(self.word("list.and"))] if pieces else []
            pieces += _pieces(part)
        return tuple(pieces)

    def name(self, row: Row, key: str = "company_id") -> str:
        """Return what the subject of *row* is called in the brief's language."""
        chinese = row.get("name_zh") if self.language == "zh" else ""
        subject = str(row.get(key) or "")
        return str(chinese or row.get("name") or self.names.get(subject, subject))

    def listed(self, values: object, *, between: str = "") -> str:
        """Return company or topic ids as an enumeration of their names."""
        names = [self.names.get(v, v.replace("-", " ")) for v in labels(values)]
        return (between or self.word("list.and")).join(dict.fromkeys(names))

    def day(self, value: object, *, form: str = "date") -> str:
        """Return a calendar day of the reporting zone in words."""
        day = self.local_day(value)
        if day is None:
            return ""
        months = self.word("months").split()
        return self.word(
            form,
            day=day.day,
            number=day.month,
            month=months[day.month - 1] if months else "",
            year=day.year,
        )

    def moment(self, value: object) -> str:
        """Return a time of day; with its date where that is not the brief's own."""
        at = instant(value)
        if at is None:
            return ""
        local = at.astimezone(self.zone)
        clock = f"{local:%H:%M}"
        last = (self.until - timedelta(microseconds=1)).astimezone(self.zone).date()
        if local.date() == last:
            return clock
        day = self.day(local, form="date.short")
        return self.word("date.clock", day=day, clock=clock)

    def stamp(self, at: datetime) -> str:
        """Return date and time, for the lines that say what a brief is based on."""
        clock = f"{at.astimezone(self.zone):%H:%M}"
        return self.word("date.clock", day=self.day(at), clock=clock)

    def span(self, hours: float) -> str:
        """Return a length of time in the unit that suits it."""
        if hours < 1:
            return self.word("minutes", n=round(hours * 60))
        if hours < 72:  # noqa: PLR2004 three days: above it hours say nothing
            return self.word("hours", n=round(hours))
        return self.word("days", n=round(hours / 24))

    @property
    def week(self) -> date:
        """The first day of the week that the brief is about: seven days of the calendar."""
        return days_of(self.since, self.until, self.zone)[0]

    def week_of(self, day: date, *, form: str = "date.short") -> str:
        """Return what the week is called that begins on *day*."""
        key = "week.days" if self.week.weekday() else "week.calendar"
        return self.word(key, day=self.day(day, form=form))

    @property
    def days_on_record(self) -> int:
        """How many of the 28 days before are known well enough to compare with."""
        found = self._window.get("days_on_record")
        return MONTH if found is None else whole(found)

    @property
    def is_warm(self) -> bool:
        """Whether there is a month to compare with."""
        return self.days_on_record >= MONTH * ENOUGH

    @property
    def is_comparable(self) -> bool:
        """Whether the period before is known well enough to compare with."""
        return self._window.get("is_comparable") is not False

    @property
    def warming(self) -> Line:
        """The sentence that says why nothing is compared with the month before."""
        return self.line("warming", days=self.days_on_record, needed=MONTH)

    @property
    def _window(self) -> Row:
        return next(iter(self.rows("window")), {})

    def shares(self) -> dict[date, list[Row]]:
        """Return the rows of the share of voice by week, up to the brief's own."""
        weeks: dict[date, list[Row]] = {}
        for row in self.rows("share"):
            day = self.local_day(row.get("week"))
            if day and day <= self.week:
                weeks.setdefault(day, []).append(row)
        return dict(sorted(weeks.items()))

    def local_day(self, value: object) -> date | None:
        """Return the day of *value* in the reporting zone; a date is one already."""
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if isinstance(value, str) and len(value) == len("2026-11-24"):
            return date.fromisoformat(value)
        at = instant(value)
        return at.astimezone(self.zone).date() if at else None


def _pieces(part: object) -> list[Text]:
    if isinstance(part, Text):
        return [part]
    if isinstance(part, tuple):
        return list(part)
    return [Text(str(part))]
