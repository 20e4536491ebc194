"""The rows a brief is written from, with the words, names and dates it is written in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from string import Formatter
from typing import TypeVar

from transforms.brief.model import Column, Line, Period, SectionSql, Table, Text
from transforms.dates.period import days_of
from transforms.models import Answers, Query
from transforms.words import Words, phrases

MONTH = 28  # days
# As in the view readiness: four of five days must be there.
ENOUGH = 0.8
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk(Words):
    """Where sections find their rows and how they say things.

    ``names`` says what companies and topics are called. Of the 28 days before,
    ``days_on_record`` are known well enough to compare with.
    """

    answers: Answers
    period: Period
    since: datetime
    until: datetime
    names: Mapping[str, str]
    as_of: datetime | None = None
    days_on_record: int = MONTH
    is_comparable: bool = True

    def rows(self, query: Query[R]) -> Sequence[R]:
        """Return the rows of *query*; one that was not asked has none."""
        return self.answers.of(query)

    def first(self, query: Query[R]) -> R | None:
        """Return the one row of a query that gives one; None where it was not asked."""
        return self.answers.first(query)

    def evidence(self, *keys: str) -> tuple[SectionSql, ...]:
        """Return the SQL behind *keys*, as far as it came with the data."""
        sql = self.answers.sql
        return tuple(SectionSql(key, sql[key].strip()) for key in keys if key in sql)

    def line(self, key: str, **parts: Text | Line | object) -> Line:
        """Return a phrase as a line: a part that is a text or a line keeps its links."""
        pieces: list[Text] = []
        for literal, name, _, _ in Formatter().parse(phrases(self.language)[key]):
            pieces += [Text(literal)] if literal else []
            pieces += _pieces(parts[name]) if name else []
        return tuple(pieces)

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

    def enumerated(self, parts: Iterable[Text | Line | str]) -> Line:
        """Return *parts* as one enumeration that keeps their links."""
        pieces: list[Text] = []
        for part in parts:
            pieces += [Text(self.word("list.and"))] if pieces else []
            pieces += _pieces(part)
        return tuple(pieces)

    def name(self, subject: str) -> str:
        """Return what a company or topic is called in the brief's language."""
        return self.names.get(subject, subject)

    def listed(self, subjects: Iterable[str], *, between: str = "") -> str:
        """Return company or topic ids as an enumeration of their names."""
        names = [self.names.get(v, v.replace("-", " ")) for v in subjects]
        return (between or self.word("list.and")).join(dict.fromkeys(names))

    def moment(self, at: datetime) -> str:
        """Return a time of day; with its date where that is not the brief's own."""
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

    @property
    def week(self) -> date:
        """The first day of the week that the brief is about: seven days of the calendar."""
        return days_of(self.since, self.until, self.zone)[0]

    def week_of(self, day: date, *, form: str = "date.short") -> str:
        """Return what the week is called that begins on *day*."""
        key = "week.days" if self.week.weekday() else "week.calendar"
        return self.word(key, day=self.day(day, form=form))

    @property
    def is_warm(self) -> bool:
        """Whether there is a month to compare with."""
        return self.days_on_record >= MONTH * ENOUGH

    @property
    def warming(self) -> Line:
        """The sentence that says why nothing is compared with the month before."""
        return self.line("warming", days=self.days_on_record, needed=MONTH)


def _pieces(part: object) -> list[Text]:
    if isinstance(part, Text):
        return [part]
    if isinstance(part, tuple):
        return list(part)
    return [Text(str(part))]
