"""Open what a pass published: what people, pages and briefs read."""

from __future__ import annotations

from contextlib import AbstractContextManager, closing

import duckdb

from flows.settings import Settings
from warehouse.file.connect import PUBLISHED_NAME, open_published


def published(settings: Settings) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """Open the published file for reading.

    Raises:
        NotPublished: No run has published yet.
    """
    return closing(open_published(settings.data / PUBLISHED_NAME))
