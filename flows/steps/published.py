"""Published file, opened for commands, pages and briefs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta

import duckdb

from flows.settings import PUBLISHED_EVERY, Settings
from warehouse.errors import PublishedByAnother
from warehouse.file.connect import PUBLISHED_NAME, open_published
from warehouse.file.migrate import is_current


def behind(settings: Settings) -> timedelta:
    """Return the greatest lag of the published file behind the warehouse.

    A lake is published by each run; of a file, what only polls changed once an hour.
    """
    return timedelta() if settings.lake_address else PUBLISHED_EVERY


@contextmanager
def published(
    settings: Settings, *, memory: str | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the published file for reading, with at most *memory*.

    Raises:
        NotPublished: No run has published yet.
        PublishedByAnother: It is of another version, which lacks what is asked for.
    """
    path = settings.data / PUBLISHED_NAME
    with closing(open_published(path, memory=memory)) as con:
        try:
            yield con
        except (duckdb.CatalogException, duckdb.BinderException) as exc:
            if is_current(con):
                raise
            raise PublishedByAnother(path) from exc
