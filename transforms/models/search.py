"""Searches in their parsed form, and queries with their row type."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar

SearchOrder = Literal["best", "newest"]
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Words:
    """Folded adjacent words of a search in a headline or summary.

    Latin words match at the beginning of a word; from four letters on the last one is a
    prefix (chip finds chips), a shorter one is not (ai does not find aim). Chinese ones
    match anywhere.
    """

    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """Words that name companies; they match themselves and any alias of these companies."""

    text: str
    companies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchFilters:
    """Filters of a search; empty ones do not restrict.

    The ids of one filter are alternatives. ``companies`` stand for their brands and
    subsidiaries too, ``topics`` and ``events`` for those below them. ``since`` and
    ``until`` are days of the reporting zone, both included, or moments: then the last one
    is not.
    """

    companies: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """Search for articles with all ``terms`` and ``filters``; ``text`` is as typed.

    ``on_beat`` leaves out stories that are off the beat.
    """

    text: str = ""
    terms: tuple[Words | Name, ...] = ()
    filters: SearchFilters = SearchFilters()
    on_beat: bool = True
    order: SearchOrder = "best"


@dataclass(frozen=True, kw_only=True)
class SearchNames:
    """Names usable in a search, by their lower-case spellings.

    ``aliases`` maps each unambiguous alias to its companies; ``certain`` ones match within
    Chinese text, too.
    """

    companies: Mapping[str, str] = field(default_factory=dict)
    topics: Mapping[str, str] = field(default_factory=dict)
    events: Mapping[str, str] = field(default_factory=dict)
    publishers: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    certain: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class BestArticle:
    """A story that a search found, by the article of it that fits best."""

    story_id: str
    article_id: str
    headline: str
    url: str
    publisher: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFound(BestArticle):
    """A story found by a search: its best article and the number of matches.

    ``headline``, ``url``, ``publisher``, ``language`` and ``published_at`` are that
    article's; the other numbers are the whole story's.
    """

    published_at: datetime
    matches: int
    articles: int
    publishers: int
    languages: tuple[str, ...]
    first_published_at: datetime
    is_on_beat: bool
    is_in_headline: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """A value of a filter, and how many stories a search finds, or a page lists, with it.

    ``kind`` is language, outlet, company, topic, event or week; a week's id is its Monday.
    """

    kind: str
    id: str
    stories: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """A page of ``total`` stories; ``off_beat`` more are hidden as off the beat.

    ``typed`` of them hold names as they were typed, and not only another name of those.
    ``is_partial`` says that it asks for topics or events which were not looked for in
    articles that are off the beat and name nobody.
    """

    query: SearchQuery
    stories: tuple[StoryFound, ...] = ()
    total: int = 0
    off_beat: int = 0
    typed: int = 0
    facets: tuple[Facet, ...] = ()
    is_partial: bool = False


@dataclass(frozen=True, kw_only=True)
class OfSearch:
    """What belongs to a named search."""

    search_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedResult(OfSearch):
    """Result of a named search: its best stories, of ``total``."""

    name: str
    stories: tuple[StoryFound, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Query(Generic[R]):
    """A named query with its row type and the relations behind its numbers.

    ``relations`` are the tables, views and macros that it reads, the one that defines its
    numbers first. A query with counts of its own gives the reason in ``counts``.
    """

    name: str  # group.name in warehouse/sql/queries
    row: type[R]
    relations: tuple[str, ...]
    counts: str = ""

    @property
    def key(self) -> str:
        """Name of its rows and its SQL in a brief."""
        return self.name.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Answers:
    """Rows of queries by key, and the SQL of each key shown.

    ``found`` are the results of the searches beside the queries, ``only`` the sections to
    be made of all, every one if there are none. ``href`` addresses pages of the desk, where
    they are written on one.
    """

    rows: Mapping[str, Sequence[Any]]
    sql: Mapping[str, str] = field(default_factory=dict)
    found: Sequence[NamedResult] = ()
    only: Collection[str] = ()
    href: Callable[..., str] | None = None

    def of(self, query: Query[R]) -> Sequence[R]:
        """Return the rows of *query*; empty if it was not run."""
        return self.rows.get(query.key, ())

    def first(self, query: Query[R]) -> R | None:
        """Return the single row of a query; None if it was not run."""
        return next(iter(self.of(query)), None)
