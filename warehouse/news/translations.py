"""Translations of headlines: which are wanted, and keeping what was made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import duckdb

from transforms.models import Translated, WantedTranslation
from warehouse import queries


def wanted(
    con: duckdb.DuckDBPyConnection, into: str, *, since: datetime, limit: int
) -> list[WantedTranslation]:
    """Return headlines first seen since then whose stories nobody tells in *into*."""
    params = {"into": into, "since": since, "limit": limit}
    rows = queries.rows(con, "translations.wanted", params)
    return [WantedTranslation(**row) for row in rows]


def store(
    con: duckdb.DuckDBPyConnection,
    made: Sequence[Translated],
    into: str,
    *,
    made_by: str,
    made_at: datetime,
) -> None:
    """Keep what was made of headlines, and of which nothing could be used."""
    columns = {
        name: [getattr(each, name) for each in made] for name in ("title", "text", "reason")
    }
    params = {"into": into, "made_by": made_by, "made_at": made_at, **columns}
    queries.run(con, "translations.store", params)
