"""Publication that pages are made from, and the cache of its pages."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

import duckdb

from flows.home import load_config, shipped_writing
from flows.settings import Settings
from flows.web.answers import Answer, Memory, threads
from flows.web.errors import Damaged, DeskError, NothingYet, NotReady
from transforms.brief.basis import NOW, Newest
from transforms.brief.rules import BriefRules
from transforms.config import ConfigError
from transforms.models import CompanyRow, SearchNames
from transforms.names.rules.watchlist import Person
from transforms.pages.rows.desk import ENTITIES, SPAN, STOCK, SUBJECTS, StockLine
from warehouse.errors import NotPublished, WarehouseError
from warehouse.file.connect import PUBLISHED_NAME
from warehouse.file.open_publication import (
    LINK,
    PublicationMark,
    mark_of,
    open_publication,
    remove_links,
)
from warehouse.news.search import search_names
from warehouse.queries import read
from warehouse.runs import reporting_zone

_LINKED = re.compile(rf"\.{re.escape(PUBLISHED_NAME)}\.\d+\.\d+{re.escape(LINK)}")
log = logging.getLogger("sinowire.web")
# Until a publication that could not be read is tried again.
AGAIN_SECONDS = 60.0
# Of the process's 400 MB; queries that want more say so.
MEMORY = "256MB"
# A page is made in its own thread: a second one takes half as much CPU again, and as long.
THREADS = 1
# Bytes: a thousand pages, and a sixth of what the process may take.
ROOM = 64_000_000
# Pages that are made anew at once when a publication comes.
WARMED = 12
# How long lines are looked at that outlets put under any headline.
MONTH = timedelta(days=28)
A = TypeVar("A")


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """An open publication: zone, age, names and entities; the home's rules and people.

    ``stock`` are lines that outlets put under any headline.
    """

    mark: PublicationMark
    con: duckdb.DuckDBPyConnection
    zone: str
    freshness: Newest
    as_of: datetime
    names: Mapping[str, tuple[str, str]]
    kinds: Mapping[str, str]
    twins: frozenset[str]  # ids that a topic and an event type share
    entities: Mapping[str, CompanyRow]
    first_day: date | None
    last_day: date | None
    newest_article_at: datetime | None
    search_names: SearchNames
    stock: frozenset[StockLine]
    path: Path
    rules: BriefRules
    people: Mapping[str, Person]
    memory: Memory = field(default_factory=Memory)

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open a connection for one thread, with its own temporary tables."""
        con = self.con.cursor()
        try:
            yield con
        finally:
            con.close()

    def members(self, company_id: str) -> list[str]:
        """Return an entity with its brands and subsidiaries."""
        found = [company_id]
        for parent in found:
            found += [
                entity.company_id
                for entity in self.entities.values()
                if entity.parent_id == parent and entity.company_id not in found
            ]
        return found


class Unread(NamedTuple):
    """A publication that cannot be read, the error, and the time of the next try."""

    mark: PublicationMark
    why: DeskError
    again: float


class Shelf:
    """Holds the newest readable publication; safe for any thread."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.path = settings.data / PUBLISHED_NAME
        self._lock = threading.Lock()
        # DuckDB's own threads are as nice as the one that opens it.
        self._opener = threads("open", 1)
        self._open: Publication | None = None
        self._unread: Unread | None = None
        self._told: PublicationMark | None = None
        remove_links(self.path)

    @property
    def is_behind(self) -> bool:
        """Whether a newer publication exists that cannot be read."""
        return self._unread is not None and self._open is not None

    def mark(self) -> PublicationMark | None:
        """Return the mark of the publication in use: the newest, or the open one."""
        newest, unread = mark_of(self.path), self._unread
        if unread and newest != unread.mark:
            self._unread = None
        elif unread:
            newest = None
        return newest or (self._open.mark if self._open else None)

    def current(self) -> Publication:
        """Return the newest readable publication, opened on first use.

        Raises:
            NotReady: There is none yet, or of another version alone.
            Damaged: There is none that can be read.
        """
        with self._lock:
            mark = mark_of(self.path)
            if self._open and (mark is None or mark == self._open.mark):
                return self._open
            unread = self._unread
            if not unread or mark != unread.mark or time.monotonic() >= unread.again:
                self._renew(mark)
            if self._open is None:
                assert self._unread is not None  # noqa: S101  nothing else leaves it closed
                raise self._unread.why
            return self._open

    def tell(self, exc: Exception) -> None:
        """Log the error of the newest publication, once."""
        if (mark := mark_of(self.path)) != self._told:
            self._told = mark
            # It was opened by a link, which is gone.
            reason = _LINKED.sub(self.path.name, " ".join(str(exc).split()))
            log.error("the newest publication cannot be read, as %s", reason)

    def close_broken(self, broken: Publication) -> None:
        """Drop a publication that DuckDB can no longer read."""
        with self._lock:
            if self._open is broken:
                self._open = None

    def _renew(self, mark: PublicationMark | None) -> None:
        """Open the newest publication; readers of the former one may finish."""
        try:
            self._open = self._opener.submit(self._opened).result()
            self._unread = None
        except NotPublished as exc:
            if not self._open:
                raise NothingYet("Nothing is published yet. Run: sinowire run") from exc
        except (WarehouseError, duckdb.Error, NotReady) as exc:
            if mark is None:
                raise
            self.tell(exc)
            why = exc if isinstance(exc, NotReady) else Damaged()
            self._unread = Unread(mark, why, time.monotonic() + AGAIN_SECONDS)

    def _opened(self) -> Publication:
        mark, con = open_publication(self.path, memory=MEMORY, threads=THREADS)
        try:
            with of_this_version():
                return _described(self.path, mark, con, *self._of_home())
        except BaseException:
            con.close()
            raise

    def _of_home(self) -> tuple[BriefRules, Mapping[str, Person]]:
        """Return the home's rules and people; where files are wrong, those of before."""
        try:
            config = load_config(self.settings)
            writing = config.writing
        except ConfigError as exc:
            log.error("pages keep to former rules: %s", exc)  # noqa: TRY400  no traceback
            if self._open:
                return self._open.rules, self._open.people
            return shipped_writing(self.settings), {}
        return writing, {person.person_id: person for person in config.watchlist.people}


@contextmanager
def of_this_version() -> Iterator[None]:
    """Raise ``NotReady`` where a query needs relations that are not published.

    Raises:
        NotReady: It does; says what to run.
    """
    try:
        yield
    except (duckdb.CatalogException, duckdb.BinderException) as exc:
        raise NotReady(
            "What is published was written by another version of sinowire. Run: sinowire "
            f"run, with this one ({str(exc).splitlines()[0][:120]})"
        ) from exc


def _described(
    path: Path,
    mark: PublicationMark,
    con: duckdb.DuckDBPyConnection,
    rules: BriefRules,
    people: Mapping[str, Person],
) -> Publication:
    subjects = read(con, SUBJECTS, {})
    entities = {entity.company_id: entity for entity in read(con, ENTITIES, {})}
    [span] = read(con, SPAN, {})
    [freshness] = read(con, NOW, {})
    zone = reporting_zone(con)
    as_of = freshness.as_of or datetime.fromtimestamp(mark.modified_ns / 1e9, UTC)
    # A topic is called by its own name where an event type has the same id.
    order = {"event": 0, "topic": 1, "company": 2}
    subjects.sort(key=lambda subject: order[subject.kind])
    return Publication(
        mark=mark,
        con=con,
        zone=zone,
        freshness=freshness,
        as_of=as_of,
        names={s.subject_id: (s.name, s.name_zh) for s in subjects},
        kinds={s.subject_id: s.kind for s in subjects if s.kind != "company"},
        twins=frozenset(s.subject_id for s in subjects if s.kind == "event").intersection(
            s.subject_id for s in subjects if s.kind == "topic"
        ),
        entities=entities,
        first_day=span.first_day,
        last_day=span.last_day,
        newest_article_at=span.newest_at,
        search_names=search_names(con),
        stock=frozenset(read(con, STOCK, {"since": as_of - MONTH})),
        path=path,
        rules=rules,
        people=people,
    )


class KeptPages(Generic[A]):
    """Cache of the pages of one publication; the least recently read are evicted.

    With each is kept what it was asked by, so that it can be made again. For one thread.
    """

    def __init__(self, room: int = ROOM) -> None:
        self.room = room
        self.mark: PublicationMark | None = None
        self.used = 0
        self._pages: OrderedDict[Hashable, tuple[Answer, A]] = OrderedDict()
        self._views: Counter[Hashable] = Counter()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, mark: PublicationMark | None, key: Hashable) -> Answer | None:
        """Return the page of *key* in the publication *mark*, None where not cached."""
        if mark != self.mark or (found := self._pages.get(key)) is None:
            return None
        self._views[key] += 1
        self._pages.move_to_end(key)
        return found[0]

    def put(self, mark: PublicationMark, key: Hashable, page: Answer, asked: A) -> list[A]:
        """Cache *page*; on a new publication, return requests of the most read pages."""
        popular = self._begin(mark) if mark != self.mark else []
        if former := self._pages.pop(key, None):
            self.used -= former[0].size
        self._pages[key] = page, asked
        self._views[key] += 1
        self.used += page.size
        while self.used > self.room:
            oldest, (gone, _) = self._pages.popitem(last=False)
            self._views.pop(oldest, None)
            self.used -= gone.size
        return popular

    def _begin(self, mark: PublicationMark) -> list[A]:
        most = [key for key, _ in self._views.most_common(WARMED)]
        popular = [self._pages[key][1] for key in most]
        self.mark, self.used = mark, 0
        self._pages.clear()
        self._views.clear()
        return popular
