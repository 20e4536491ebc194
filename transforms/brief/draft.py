"""Draft of a brief: rows, words, headlines and lists, and the declaration of a section."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from string import Formatter
from typing import Any, Literal, TypeVar

from transforms.brief.model import (
    BREAK,
    Block,
    Board,
    BriefSpan,
    Column,
    Items,
    Line,
    Period,
    Section,
    Spark,
    Table,
    Text,
)
from transforms.brief.rules import BriefRules
from transforms.dates.zones import days_of
from transforms.models import Answers, Query, StoryId
from transforms.words import Words, phrases

MONTH = 28  # days
# As in the view readiness: four of five days must be there.
ENOUGH = 0.8
R = TypeVar("R")
Rows = Mapping[str, Sequence[Any]]
WEB = ("http://", "https://")
Style = Literal["", "strong", "muted"]
BOARD_ROWS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(BriefSpan, Words):
    """Rows and wording for the sections of a brief, with the rules of its beat.

    ``names`` are the names of companies and topics, ``called`` what the brief is called by
    where that is not the beat. ``days_on_record`` is the number of usable days among the 28
    before.
    """

    answers: Answers
    rules: BriefRules
    names: Mapping[str, str]
    called: str = ""
    days_on_record: int = MONTH
    is_comparable: bool = True

    def opens(self, path: str, since: date, until: date, **query: object) -> str:
        """Return the desk's page for a period; "" without a desk, or if it would differ.

        Days are both included. A span of moments is one up to the newest data.
        """
        href = self.answers.href
        if href is None or self.as_of is not None:
            return ""
        if isinstance(since, datetime) and isinstance(until, datetime):
            if since.astimezone(self.zone).time() != time():
                hours = round((until - since).total_seconds() / 3600)
                return href(path, hours=hours, **query)
            since = self.local_day(since)
            until = self.local_day(until - timedelta.resolution)
        return href(path, since=since, until=until, **query)

    def rows(self, query: Query[R]) -> Sequence[R]:
        """Return the rows of *query*; empty if it was not run."""
        return self.answers.of(query)

    def first(self, query: Query[R]) -> R | None:
        """Return the single row of a query; None if it was not run."""
        return self.answers.first(query)

    def evidence(self, *keys: str) -> Mapping[str, str]:
        """Return the SQL of the queries *keys*, where present in the data."""
        sql = self.answers.sql
        return {key: sql[key].strip() for key in keys if key in sql}

    def line(self, key: str, **parts: Text | Line | object) -> Line:
        """Return a phrase as a line; parts that are texts or lines keep their links."""
        pieces: list[Text] = []
        for literal, name, _, _ in Formatter().parse(phrases(self.language)[key]):
            pieces += [Text(literal)] if literal else []
            pieces += _pieces(parts[name]) if name else []
        return tuple(pieces)

    def section(
        self,
        key: str,
        *blocks: Block,
        notes: tuple[Line, ...] = (),
        evidence: tuple[str, ...] = (),
    ) -> Section:
        """Return the section *key* without tables that have no rows.

        Its *evidence* are the keys of its queries, where these are not its own.
        """
        return Section(
            key=key,
            title=self.word(f"section.{key}"),
            blocks=tuple(b for b in blocks if not isinstance(b, Table) or b.rows),
            notes=notes,
            queries=self.evidence(*(evidence or (key,))),
        )

    def columns(self, *keys: str) -> tuple[Column, ...]:
        """Return the heads of a table; ``#`` before a key marks numbers."""
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
        """Return *parts* as one enumeration with their links."""
        pieces: list[Text] = []
        for part in parts:
            pieces += [Text(self.word("list.and"))] if pieces else []
            pieces += _pieces(part)
        return tuple(pieces)

    def name(self, subject: str) -> str:
        """Return the name of a company or topic in the brief's language."""
        return self.names.get(subject, subject)

    def listed(self, subjects: Iterable[str], *, between: str = "") -> str:
        """Return company or topic ids as an enumeration of their names."""
        names = [self.names.get(v, v.replace("-", " ")) for v in subjects]
        return (between or self.word("list.and")).join(dict.fromkeys(names))

    def moment(self, at: datetime) -> str:
        """Return a time of day, with its date if that is not the brief's own."""
        local = at.astimezone(self.zone)
        clock = f"{local:%H:%M}"
        last = (self.until - timedelta(microseconds=1)).astimezone(self.zone).date()
        if local.date() == last:
            return clock
        day = self.day(local, form="date.short")
        return self.word("date.clock", day=day, clock=clock)

    def stamp(self, at: datetime) -> str:
        """Return date and time, for the lines on the brief's data."""
        clock = f"{at.astimezone(self.zone):%H:%M}"
        return self.word("date.clock", day=self.day(at), clock=clock)

    @property
    def week(self) -> date:
        """First day of the brief's week: seven calendar days."""
        return days_of(self.since, self.until, self.zone)[0]

    def week_of(self, day: date, *, form: str = "date.short") -> str:
        """Return the name of the week that begins on *day*."""
        key = "week.days" if self.week.weekday() else "week.calendar"
        return self.word(key, day=self.day(day, form=form))

    @property
    def is_warm(self) -> bool:
        """Whether a month of history is available for comparison."""
        return self.days_on_record >= MONTH * ENOUGH

    @property
    def warming(self) -> Line:
        """Sentence on the missing month of history."""
        return self.line("warming", days=self.days_on_record, needed=MONTH)


def _pieces(part: object) -> list[Text]:
    if isinstance(part, Text):
        return [part]
    return list(part) if isinstance(part, tuple) else [Text(str(part))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """Declaration of a section of the brief, as listed in ``sections``.

    ``printed`` returns its rows by name for JSON; without it they are those of its queries.
    A section of the front page comes before the numbers.
    """

    key: str
    write: Callable[[Draft], Section]
    queries: tuple[Query[Any], ...]
    periods: tuple[Period, ...] = ("day", "week")
    printed: Callable[[Draft], Rows] | None = None
    is_front: bool = False

    def rows(self, draft: Draft) -> Rows:
        """Return the rows that the section prints, by name."""
        if self.printed:
            return self.printed(draft)
        return {query.key: draft.rows(query) for query in self.queries}


@dataclass(frozen=True, slots=True, kw_only=True)
class Headlines:
    """Headlines of a story: the first one, and one each in English and Chinese."""

    headline: str | None
    headline_en: str | None
    headline_zh: str | None
    url: str | None
    url_en: str | None
    url_zh: str | None


def headline(draft: Draft, story: Headlines, *, style: Style = "") -> Text:
    """Return the headline in the brief's language, linked to its article.

    A story without one in that language has its first headline.
    """
    own = headline_in(draft.language, story, style=style)
    found = own or link(story.headline, story.url, style=style)
    return replace(found, story_id=getattr(story, "story_id", None) or "")


def headline_in(language: str, story: Headlines, *, style: Style = "") -> Text | None:
    """Return the headline in *language*, linked to its own article; None without one."""
    in_chinese = language == "zh"
    text = story.headline_zh if in_chinese else story.headline_en
    if not text:
        return None
    url = story.url_zh if in_chinese else story.url_en
    if not url and text == story.headline:
        url = story.url
    return link(text, url, style=style)


def link(text: str | None, url: str | None, *, style: Style = "") -> Text:
    """Return *text* linked to *url*; addresses other than http(s) are dropped."""
    address = (url or "").strip()
    safe = address if address.lower().startswith(WEB) else ""
    return Text(text or "", safe, style)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryHead(StoryId, Headlines):
    """Headlines of a story, and its first publication, in either language too."""

    first_publisher: str
    first_published_at: datetime
    first_en_at: datetime | None
    first_zh_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(StoryId, Headlines):
    """A story with an event, and the companies that it names."""

    event: str
    publisher: str
    published_at: datetime
    publishers: int
    companies: tuple[str, ...]


E = TypeVar("E", bound=Event)


def named_first(events: Iterable[E]) -> list[E]:
    """Return *events* with those that name a company first."""
    return sorted(events, key=lambda event: not event.companies)


def event_line(draft: Draft, row: Event, *, amount: str = "") -> Line:
    """Return a headline with a second line on the event."""
    known = [
        amount,
        draft.listed(row.companies),
        row.publisher,
        draft.moment(row.published_at),
    ]
    after = " · ".join(part for part in known if part)
    return (headline(draft, row), Text(BREAK), Text(after, style="muted"))


def first_lines(draft: Draft, lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the first lines, and the number of further ones."""
    more = len(lines) - BOARD_ROWS
    rest = [(Text(draft.word("fold.rows", n=more), style="muted"),)] if more > 0 else []
    return (*lines[:BOARD_ROWS], *rest)


def board(draft: Draft, left: Items, right: Items) -> Board:
    """Return two lists side by side; an empty one says so."""
    empty = draft.word("nothing")
    return Board(
        replace(left, empty=left.empty or empty),
        replace(right, empty=right.empty or empty),
    )


def spark(draft: Draft, days: tuple[int, ...]) -> Spark:
    """Return the sparkline of *days* with its description."""
    high, last = max(days, default=0), days[-1] if days else 0
    return Spark(days, draft.word("spark", n=len(days), high=high, last=last))
