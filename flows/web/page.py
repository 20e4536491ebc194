"""Page of the desk: its request, declaration, reading and view."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

import duckdb

from flows.settings import Settings
from flows.steps.statistics import look_back
from flows.web.answers import Stop
from flows.web.errors import BadRequest
from flows.web.shelf import Publication
from transforms.dates.zones import is_zone
from transforms.freshness import stamp
from transforms.models import Query
from transforms.pages.rows.desk import StockLine
from transforms.pages.rows.stories import ARTICLES_OF, TOLD, TRANSLATED, ToldArticle
from transforms.pages.stories import ToldStory, told_stories
from transforms.pages.words import DataTable, PageWords
from warehouse.numbers.brief import Hindsight, seen_by
from warehouse.queries import board_sql, read

Form = Literal["html", "json", "csv", "atom", "svg"]
_MOMENT = re.compile(
    r"(19|20)\d\d-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{3}(\d{3})?)?)?Z"
)
YEARS = range(1990, 2101)
R = TypeVar("R")
DAY = timedelta(days=1)
# Every page knows the reader's zone; beside it, a program names a table, and a form's
# redirect the correction that its page tells of.
ALWAYS = frozenset({"zone"})
OF_FORM: Mapping[Form, frozenset[str]] = {
    "html": frozenset({"said"}),
    "json": frozenset({"table"}),
    "csv": frozenset({"table"}),
    "atom": frozenset(),
    "svg": frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskAsk:
    """The request of a page: language, form and parameters.

    ``path`` is that of the page, without language and form. ``query`` holds parameters
    that the page knows and that have a value, in order: two addresses that mean the same
    are one. A statement is run where ``runs`` says so; where a browser does not say whose
    page asks, ``stamp`` is what its form is known by.
    """

    path: str
    language: str = "en"
    form: Form = "html"
    place: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    runs: bool = False
    stamp: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """The cache key of the page, beside the publication."""
        query = tuple(self.query.items())
        return (self.path, self.language, self.form, query, self.runs, self.stamp)

    def text(self, name: str) -> str | None:
        """Return a parameter, None where it is absent."""
        return self.query.get(name)

    def day(self, name: str) -> date | None:
        """Return a parameter that is a day.

        Raises:
            BadRequest: It is something else.
        """
        value = self.query.get(name)
        return None if value is None else read_day(value)

    def number(self, name: str, *, default: int, most: int) -> int:
        """Return a parameter that is a number from 1 to *most*.

        Raises:
            BadRequest: It is something else.
        """
        value = self.query.get(name)
        if value is None:
            return default
        if not value.isascii() or not value.isdigit() or not 1 <= int(value[:9]) <= most:
            raise BadRequest(f"{name} is {value!r}; it is a number from 1 to {most}")
        return int(value)

    def one_of(self, name: str, *values: str) -> str | None:
        """Return a parameter that is one of *values*.

        Raises:
            BadRequest: It is something else.
        """
        value = self.query.get(name)
        if value is not None and value not in values:
            raise BadRequest(f"{name} is {value!r}; it is one of {', '.join(values)}")
        return value

    def period(self) -> tuple[date, date] | None:
        """Return the days *since* and *until*, both included; None without either.

        Raises:
            BadRequest: They are no days, or in the wrong order.
        """
        since, until = self.day("since"), self.day("until")
        if since is None and until is None:
            return None
        first = since or (until or date.max) - timedelta(days=89)
        last = until or (since or date.min) + timedelta(days=89)
        if first > last:
            raise BadRequest(f"the period begins on {first}, after its end on {last}")
        return first, last


def read_day(value: str) -> date:
    """Return a day written as 2026-11-25.

    Raises:
        BadRequest: It is something else.
    """
    try:
        found = datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007  a day has no zone
    except ValueError:
        found = None
    if found is None or found.year not in YEARS or value != found.isoformat():
        raise BadRequest(f"{value!r} is not a day; write it as 2026-11-25")
    return found


def read_moment(value: str, publication: Publication) -> datetime:
    """Return the moment of ``as_of``; a day stands for its end in the reporting zone.

    Raises:
        BadRequest: It is neither a day nor a moment, or after the newest data.
    """
    zone, newest = ZoneInfo(publication.zone), publication.as_of
    if _MOMENT.fullmatch(value):
        at = datetime.fromisoformat(value)
    else:
        day = read_day(value)
        at = datetime.combine(day + DAY, time(), zone) - timedelta.resolution
        at = min(at, newest) if day == newest.astimezone(zone).date() else at
    # A permanent address has whole seconds.
    if at >= newest + timedelta(seconds=1):
        raise BadRequest(f"as_of is {value!r}; the newest data are of {stamp(newest)}")
    return min(at, newest)


def read_zone(value: str) -> ZoneInfo:
    """Return the zone of clock times.

    Raises:
        BadRequest: There is no such zone.
    """
    if not is_zone(value):
        raise BadRequest(f"{value!r} is not an IANA time zone, such as Asia/Shanghai")
    return ZoneInfo(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One page being made: its request, data and words.

    ``as_of`` is the moment whose knowledge was asked for, None for the newest.
    """

    ask: DeskAsk
    settings: Settings
    publication: Publication
    con: duckdb.DuckDBPyConnection
    words: PageWords
    stop: Stop
    as_of: datetime | None = None

    @property
    def until(self) -> datetime:
        """The moment up to which the page tells."""
        return self.as_of or self.publication.as_of

    def as_seen(self, found: Hindsight | None = None) -> AbstractContextManager[None]:
        """Hide what was not seen by then; *found* are the statistics of then."""
        return seen_by(self.con, self.as_of, found)

    def rows(self, query: Query[R], **params: Any) -> list[R]:
        """Return the rows of *query*."""
        return read(self.con, query, params)

    def stories(
        self,
        story_ids: Sequence[str],
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        late: datetime | None = None,
    ) -> dict[str, ToldStory]:
        """Return stories with their articles before *until*, in the given order.

        None of them began before *since*; without it that is looked up, and when the last
        of them ended, which is not before *late*: all that is older or newer is skipped.
        """
        if not story_ids:
            return {}
        params: dict[str, Any] = {"story_ids": list(story_ids)}
        params["until"] = until or self.until + DAY
        if since is None:
            [times] = self.rows(TOLD, **params, since=late)
            since = times.began_at
            if times.ended_at is not None:
                ended = times.ended_at + timedelta.resolution
                params["until"] = min(params["until"], ended)
        params["since"] = since
        told = self.translated(told_stories(self.articles(**params)))
        return {story_id: told[story_id] for story_id in story_ids if story_id in told}

    def articles(self, **params: Any) -> list[ToldArticle]:
        """Return the articles of stories, without summaries that say nothing of them."""
        stock = self.publication.stock
        return [
            replace(article, summary="")
            if StockLine(article.publisher, article.summary) in stock
            else article
            for article in self.rows(ARTICLES_OF, **params)
        ]

    def translated(self, told: Mapping[str, ToldStory]) -> Mapping[str, ToldStory]:
        """Return stories with machine translations of headlines, if the home has them.

        A story that an outlet tells in the page's language needs none.
        """
        if self.settings.translate is None:
            return told
        language = self.words.language
        foreign = {s.headline for s in told.values() if language not in s.languages}
        found = self.rows(
            TRANSLATED, titles=sorted(filter(None, foreign)), language=language
        )
        translations = {row.title: row.text for row in found}
        return {
            key: replace(story, translated=translations.get(story.headline or ""))
            for key, story in told.items()
        }

    def sql(self, query: Query[Any] | str, *, of: str = "", **params: Any) -> str:
        """Return the address of the SQL page with a board's statement.

        As of an earlier moment it is "": no single statement says that.
        """
        if self.as_of is not None:
            return ""
        name = query if isinstance(query, str) else query.name
        return self.words.href("/sql", q=board_sql(name, params, of=of))

    def start_of(self, day: date) -> datetime:
        """Return the moment at which a day begins in the reporting zone."""
        return datetime.combine(day, time(), ZoneInfo(self.publication.zone))

    def day_of(self, at: datetime) -> date:
        """Return the day of a moment in the reporting zone."""
        return at.astimezone(ZoneInfo(self.publication.zone)).date()


def hindsight(reading: Reading, first: date, last: date) -> Hindsight | None:
    """Return the bursts, shifts and terms of some days as of then, None as of now."""
    if reading.as_of is None:
        return None
    until = min(last, reading.day_of(reading.as_of))
    return look_back(
        reading.con,
        since=min(first, until),
        until=until,
        as_of=reading.as_of,
        false_alarms_a_week=reading.publication.rules.false_alarms,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """A page before rendering: its template and variables, and its rows as tables.

    The times of a page of a day of the calendar, which ends at ``until``, are left as they
    are; those of others a script may put on the reader's clock. What ``is_document`` has
    its times in the reporting zone, whatever clock was asked for. ``known_at`` is the
    moment whose knowledge it shows, where that is not the newest.
    ``feed`` are its stories for feed readers, where it has that form, with the words
    ``sought``; ``drawing`` its picture by itself.
    """

    template: str
    title: str
    section: str
    given: Mapping[str, Any]
    tables: Sequence[DataTable] = ()
    feed: Sequence[ToldStory] | None = None
    feed_title: str = ""
    sought: tuple[str, ...] = ()
    drawing: str = ""
    status: int = 200
    is_kept: bool = True
    until: datetime | None = None
    known_at: datetime | None = None
    is_document: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page: its path in Starlette's notation, its parameters, and its view function.

    ``nav`` is its place in the navigation, which leads to ``entry`` where its path has a
    parameter. ``base`` is the path that forms are hung on where the page's own cannot bear
    them; ``also`` are paths that lead to it (to ``entry``). Its parameters are declared
    here alone: an address with any other is refused, and what an address is cached,
    linked and subscribed by are these. ``texts`` may be long and hold any character; on a
    page of statements ``q`` is one, which is run as far as :mod:`flows.web.access` lets
    it. A page that ``is_form`` is there for who may write, and is made for each of them.
    """

    path: str
    view: Callable[[Reading], PageView]
    known: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    prefix: str = ""  # of parameters that the reader names
    forms: tuple[Form, ...] = ("json", "csv")
    base: str = ""
    nav: str = ""
    entry: str = ""
    also: tuple[str, ...] = ()
    is_of_statements: bool = False
    is_form: bool = False

    def parameters(self, form: Form) -> frozenset[str]:
        """Return the names of all parameters of an address in *form*."""
        return self.known | self.texts | ALWAYS | OF_FORM[form]

    def is_named(self, name: str) -> bool:
        """Tell whether a parameter is one of those that the reader names."""
        return bool(self.prefix) and name.startswith(self.prefix)
