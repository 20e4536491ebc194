"""What a page is made with, and what it becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import duckdb

from flows.settings import Settings
from flows.web.ask import DeskAsk
from flows.web.shelf import Publication
from flows.web.waiting import Stop
from transforms.models import Query
from transforms.pages.links import DataTable
from transforms.pages.rows.stories import ARTICLES_OF, TOLD, TRANSLATED
from transforms.pages.stories import ToldStory, told_stories
from transforms.pages.words import PageWords
from warehouse.pages import board_sql
from warehouse.typed import read

R = TypeVar("R")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One page being made: what was asked, what it is made of, how it is said."""

    ask: DeskAsk
    settings: Settings
    publication: Publication
    con: duckdb.DuckDBPyConnection
    words: PageWords
    stop: Stop

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
        """Return stories with what was told of them before *until*, in the order asked.

        None of them began before *since*; without it that is looked up, and when the last
        of them ended, which is not before *late*: all that is older or newer is skipped.
        """
        if not story_ids:
            return {}
        asked: dict[str, Any] = {"story_ids": list(story_ids)}
        asked["until"] = until or self.publication.as_of + DAY
        if since is None:
            [times] = self.rows(TOLD, **asked, since=late)
            since = times.began_at
            if times.ended_at is not None:
                ended = times.ended_at + timedelta.resolution
                asked["until"] = min(asked["until"], ended)
        asked["since"] = since
        told = self.translated(told_stories(self.rows(ARTICLES_OF, **asked)))
        return {story_id: told[story_id] for story_id in story_ids if story_id in told}

    def translated(self, told: Mapping[str, ToldStory]) -> Mapping[str, ToldStory]:
        """Return stories with what a machine made of headlines, where a home asks for it.

        A story that an outlet tells in the page's language needs none.
        """
        if self.settings.translate is None:
            return told
        language = self.words.language
        foreign = {s.headline for s in told.values() if language not in s.languages}
        found = self.rows(
            TRANSLATED, titles=sorted(filter(None, foreign)), language=language
        )
        made = {row.title: row.text for row in found}
        return {
            key: replace(story, translated=made.get(story.headline or ""))
            for key, story in told.items()
        }

    def sql(self, query: Query[Any] | str, *, of: str = "", **params: Any) -> str:
        """Return the address of the SQL page with the statement of a board."""
        name = query if isinstance(query, str) else query.name
        return self.words.href("/sql", q=board_sql(name, params, of=of))

    def start_of(self, day: date) -> datetime:
        """Return the moment at which a day of the reporting zone begins."""
        return datetime.combine(day, time(), ZoneInfo(self.publication.zone))

    def day_of(self, at: datetime) -> date:
        """Return the day of the reporting zone that a moment is in."""
        return at.astimezone(ZoneInfo(self.publication.zone)).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class AtomFeed:
    """The entries of a page for feed readers: stories, the newest first."""

    title: str
    stories: Sequence[ToldStory]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """A page: the template, what it is given, and the same rows for programs.

    A page of a day of the calendar, which ends at ``until``, keeps to the calendar's zone;
    on others a script may put times on the reader's clock, all of them and the heading.
    """

    template: str
    title: str
    section: str
    given: Mapping[str, Any]
    tables: Sequence[DataTable] = ()
    feed: AtomFeed | None = None
    status: int = 200
    is_kept: bool = True
    until: datetime | None = None
    others: Mapping[str, str] = field(default_factory=dict)
