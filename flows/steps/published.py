"""Open what a pass published: what people, pages and briefs read."""

from __future__ import annotations

from contextlib import AbstractContextManager, closing
from datetime import timedelta

import duckdb

from flows.settings import Settings
from transforms.freshness import PUBLISHED_EVERY
from warehouse.file.connect import PUBLISHED_NAME, open_published


def behind(settings: Settings) -> timedelta:
    """Return how much older than the warehouse its published file may be.

    A lake is published by each run; of a file, what only polls changed once an hour.
    """
    return timedelta() if settings.lake_address else PUBLISHED_EVERY


def published(
    settings: Settings, *, memory: str | None = None
) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """Open the published file for reading; *memory* bounds what it takes.

    Raises:
        NotPublished: No run has published yet.
    """
    return closing(open_published(settings.data / PUBLISHED_NAME, memory=memory))
