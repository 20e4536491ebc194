"""Texts beside the feeds' own: full texts of pages, and translated headlines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

import duckdb
import orjson

from transforms.models import FullText, Translated, WantedTranslation
from warehouse import queries
from warehouse.news.articles import Places

_FIELDS = tuple(f.name for f in fields(FullText))


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingPage:
    """An article whose page is to be visited, after *attempts* that brought nothing."""

    article_id: str
    feed_id: str
    url: str
    content_hash: str
    attempts: int


def renew(con: duckdb.DuckDBPyConnection, *, since: datetime, later: datetime) -> list[str]:
    """Have pages visited anew, *later*, whose articles have other words now; return which.

    What is found in these articles does not know their pages at the moment.
    """
    # A lake takes no ``returning``.
    changed = queries.run(con, "full_texts.changed", {"since": since})
    if changed:
        places = [seq for seq, _ in changed]
        queries.run(con, "full_texts.renew", {"seq": places, "later": later})
    return [article_id for _, article_id in changed]


def pending(
    con: duckdb.DuckDBPyConnection,
    feeds: Iterable[str],
    *,
    since: datetime,
    now: datetime,
    limit: int,
) -> list[PendingPage]:
    """Return pages of articles of *feeds* to be visited at *now*, first seen since then."""
    params = {"feeds": sorted(feeds), "since": since, "now": now, "limit": limit}
    rows = queries.rows(con, "full_texts.pending", params)
    return [PendingPage(**row) for row in rows]


def visited(con: duckdb.DuckDBPyConnection, *, since: datetime) -> list[tuple[str, int]]:
    """Return the addresses visited since then, and how often each was at most."""
    return queries.run(con, "full_texts.visited", {"since": since})


def store_full_texts(
    con: duckdb.DuckDBPyConnection, found: Sequence[FullText], at: Places
) -> None:
    """Record visits to the pages of articles *at* these places."""
    for batch in queries.batches(found, queries.WIDE_BATCH):
        places = orjson.dumps([at[each.article_id] for each in batch]).decode()
        columns = {**queries.columns(batch, _FIELDS), "seq": places}
        rows = queries.unnested(con, "full_texts", columns)
        con.execute(f"with batch as ({rows})\n{queries.sql('full_texts.store')}", columns)


def texts_of(con: duckdb.DuckDBPyConnection, at: Places) -> dict[str, str]:
    """Return the texts of the pages of articles *at* these places, where there are any."""
    return dict(queries.run(con, "full_texts.texts_of", {"seq": sorted(at.values())}))


def has_any(con: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether the page of any article was read."""
    return bool(queries.scalar(con, "full_texts.any_text"))


def wanted(
    con: duckdb.DuckDBPyConnection, into: str, *, since: datetime, limit: int
) -> list[WantedTranslation]:
    """Return headlines first seen since then whose stories nobody tells in *into*."""
    params = {"into": into, "since": since, "limit": limit}
    rows = queries.rows(con, "translations.wanted", params)
    return [WantedTranslation(**row) for row in rows]


def store_translations(
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
