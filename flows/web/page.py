"""Page of the desk: its declaration, reading and view."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from operator import attrgetter
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import duckdb

from flows.settings import Settings
from flows.steps.brief import own_words_of
from flows.steps.statistics import look_back
from flows.web.answers import Stop
from flows.web.asked import DAY, DeskAsk, Form
from flows.web.shelf import Publication
from transforms.models import Query
from transforms.pages.rows.desk import StockLine
from transforms.pages.rows.stories import ARTICLES_OF, TOLD, TRANSLATED, ToldArticle
from transforms.pages.stories import ToldStory, told_stories
from transforms.pages.words import DataTable, PageWords
from warehouse.numbers.brief import Hindsight, seen_by
from warehouse.queries import board_sql, read

R = TypeVar("R")
# Every page knows the reader's zone; beside it, a program names a table, and a form's
# redirect the correction that its page tells of.
ALWAYS = frozenset({"zone"})
OF_FORM: Mapping[Form, frozenset[str]] = {
    "html": frozenset({"said"}),
    "json": frozenset({"table"}),
    "csv": frozenset({"table"}),
    "atom": frozenset(),
    "svg": frozenset(),
    "ics": frozenset(),
}


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

    def shared(self, query: Query[R], **params: Any) -> list[R]:
        """Return the rows of a *query* that many pages ask, read once a publication."""
        key = (query.name, *params.values(), self.as_of)
        return self.publication.memory.of(key, lambda: self.rows(query, **params))

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
        """Return stories with lines on headlines that stand alone in another language.

        That is a machine translation, if the home has one, and else words of our own.
        A story that an outlet tells in the page's language needs none.
        """
        language = self.words.language
        foreign = [s for s in told.values() if language not in s.languages]
        if not foreign:
            return told
        translations = {}
        if self.settings.translate is not None:
            titles = sorted({s.headline for s in foreign if s.headline})
            found = self.rows(TRANSLATED, titles=titles, language=language)
            translations = {row.title: row.text for row in found}
        lines = own_words_of(
            self.con,
            self.words,
            {s.story_id: s.headline or "" for s in foreign},
            since=min(s.first_published_at for s in foreign),
            until=max(s.last_published_at for s in foreign),
        )
        return {
            key: replace(
                story,
                translated=translations.get(story.headline or ""),
                own_words=lines.get((key, story.headline or ""), ""),
            )
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
    look = partial(
        look_back,
        reading.con,
        since=min(first, until),
        until=until,
        as_of=reading.as_of,
        false_alarms_a_week=reading.publication.rules.false_alarms,
    )
    return reading.publication.memory.of(tuple(look.keywords.values()), look)


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

    ``nav`` is its word in the navigation, which leads to ``entry`` where its path has a
    parameter; pages of one ``room`` have one word there, and lead to one another. ``base``
    is the path that forms are hung on where the page's own cannot bear them; ``also`` are
    paths that lead to it (to ``entry``). Its parameters are declared here alone: an address
    with any other is refused, and what an address is cached, linked and subscribed by are
    these. ``texts`` may be long and hold any character; on a page of statements ``q`` is
    one, which is run as far as :mod:`flows.web.access` lets it. ``counts`` tells which of
    its requests wait among statements, since they may take as long. A page that ``is_form``
    is there for who may write, and is made for each of them.
    """

    path: str
    view: Callable[[Reading], PageView]
    known: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    prefix: str = ""  # of parameters that the reader names
    forms: tuple[Form, ...] = ("json", "csv")
    base: str = ""
    nav: str = ""
    room: str = ""
    entry: str = ""
    also: tuple[str, ...] = ()
    is_of_statements: bool = False
    counts: Callable[[DeskAsk], bool] = attrgetter("runs")
    is_form: bool = False

    def parameters(self, form: Form) -> frozenset[str]:
        """Return the names of all parameters of an address in *form*."""
        return self.known | self.texts | ALWAYS | OF_FORM[form]

    def is_named(self, name: str) -> bool:
        """Tell whether a parameter is one of those that the reader names."""
        return bool(self.prefix) and name.startswith(self.prefix)
