"""The publication that pages are made of, and what all of them need to know of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from flows.settings import Settings
from flows.web.errors import NotReady
from transforms.brief.basis import NOW, Newest
from transforms.models import SearchNames
from transforms.pages.rows.desk import ENTITIES, SPAN, SUBJECTS, Entity
from warehouse.errors import NotPublished
from warehouse.file.connect import PUBLISHED_NAME
from warehouse.file.open_publication import (
    PublicationMark,
    mark_of,
    open_publication,
    remove_links,
)
from warehouse.news.search import search_names
from warehouse.runs import reporting_zone
from warehouse.typed import read

# Of the process's 400 MB; queries that want more say so.
MEMORY = "256MB"
THREADS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """An open publication: its zone, how new it is, who is in it."""

    mark: PublicationMark
    con: duckdb.DuckDBPyConnection
    zone: str
    freshness: Newest
    as_of: datetime
    names: Mapping[str, tuple[str, str]]
    kinds: Mapping[str, str]
    entities: Mapping[str, Entity]
    first_day: date | None
    last_day: date | None
    newest_article_at: datetime | None
    search_names: SearchNames
    path: Path

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open a connection for one thread: temporary tables are its own."""
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


class Shelf:
    """Holds the newest publication; any thread may ask for it."""

    def __init__(self, settings: Settings) -> None:
        self.path = settings.data / PUBLISHED_NAME
        self._lock = threading.Lock()
        self._open: Publication | None = None
        remove_links(self.path)

    def mark(self) -> PublicationMark | None:
        """Return which publication is the newest; the open one where the file is gone."""
        found = mark_of(self.path)
        return found or (self._open.mark if self._open else None)

    def current(self) -> Publication:
        """Return the newest publication, opened when it is first asked for.

        Raises:
            NotReady: There is none yet.
        """
        mark = self.mark()
        with self._lock:
            if self._open is None or (mark and mark != self._open.mark):
                # Whoever reads the former one keeps it until he is done.
                self._open = self._opened()
            return self._open

    def _opened(self) -> Publication:
        try:
            mark, con = open_publication(self.path, memory=MEMORY, threads=THREADS)
        except NotPublished as exc:
            if self._open:
                return self._open
            raise NotReady("Nothing is published yet. Run: sinowire run") from exc
        try:
            with of_this_version():
                return _described(self.path, mark, con)
        except BaseException:
            con.close()
            raise


@contextmanager
def of_this_version() -> Iterator[None]:
    """Say so where a query asks for what another version did not publish.

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
    path: Path, mark: PublicationMark, con: duckdb.DuckDBPyConnection
) -> Publication:
    subjects = read(con, SUBJECTS, {})
    entities = {entity.company_id: entity for entity in read(con, ENTITIES, {})}
    [span] = read(con, SPAN, {})
    [freshness] = read(con, NOW, {})
    zone = reporting_zone(con)
    # A topic is called by its own name where an event type has the same id.
    order = {"event": 0, "topic": 1, "company": 2}
    subjects.sort(key=lambda subject: order[subject.kind])
    return Publication(
        mark=mark,
        con=con,
        zone=zone,
        freshness=freshness,
        as_of=freshness.as_of or datetime.fromtimestamp(mark.modified_ns / 1e9, UTC),
        names={s.subject_id: (s.name, s.name_zh) for s in subjects},
        kinds={s.subject_id: s.kind for s in subjects if s.kind != "company"},
        entities=entities,
        first_day=span.first_day,
        last_day=span.last_day,
        newest_article_at=span.newest_at,
        search_names=search_names(con),
        path=path,
    )
