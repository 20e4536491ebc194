"""Published file, opened for commands, pages and briefs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta

import duckdb

from flows.settings import PUBLISHED_EVERY, Settings
from warehouse.errors import PublishedByAnother, WarehouseError
from warehouse.file.connect import PUBLISHED_NAME, open_published
from warehouse.file.migrate import is_current


def behind(settings: Settings) -> timedelta:
    """Return the greatest lag of the published file behind the warehouse.

    A lake is published by each run; of a file, what only polls changed once an hour.
    """
    return timedelta() if settings.lake_address else PUBLISHED_EVERY


@contextmanager
def published(
    settings: Settings,
    *,
    memory: str | None = None,
    threads: int | None = None,
    renew: Callable[[], object] | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the published file for reading, with at most *memory* and *threads*.

    Where another version published it, *renew* is called before, which may publish anew.

    Raises:
        NotPublished: No run has published yet.
        PublishedByAnother: It is of another version, which lacks what is asked for.
    """
    path = settings.data / PUBLISHED_NAME
    con = open_published(path, memory=memory, threads=threads)
    if renew and not is_current(con):
        con.close()
        renew()
        con = open_published(path, memory=memory, threads=threads)
    with closing(con):
        try:
            yield con
        except (duckdb.CatalogException, duckdb.BinderException) as exc:
            if is_current(con):
                raise
            raise PublishedByAnother(path) from exc


def is_of_another_version(settings: Settings) -> bool:
    """Tell whether the published file has other tables or views than this version makes.

    One that is missing, or cannot be read, is none of another version.
    """
    try:
        with closing(open_published(settings.data / PUBLISHED_NAME)) as con:
            return not is_current(con)
    except (WarehouseError, duckdb.Error):
        return False
