"""Texts of pages, and machine translations of headlines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from transforms.models import FullText, Translated, WantedTranslation
from warehouse import appends, queries
from warehouse.news.articles import Places
from warehouse.queries import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingPage:
    """A page to visit, with the number of failed attempts."""

    article_id: str
    feed_id: str
    url: str
    content_hash: str
    attempts: int


def renew(con: Connection, *, since: datetime, later: datetime) -> list[str]:
    """Queue the pages of edited articles for a visit *later*; return the article ids.

    The findings of these articles are without their pages until then.
    """
    # A lake takes no ``returning``.
    changed = queries.run(con, "full_texts.changed", since=since)
    if changed:
        queries.run(con, "full_texts.renew", seq=[seq for seq, _ in changed], later=later)
    return [article_id for _, article_id in changed]


def pending(
    con: Connection, feeds: Iterable[str], *, since: datetime, now: datetime, limit: int
) -> list[PendingPage]:
    """Return pages of *feeds* that are due for a visit at *now*, first seen since then."""
    bounds = {"since": since, "now": now, "limit": limit}
    return queries.records(
        con, PendingPage, "full_texts.pending", feeds=set(feeds), **bounds
    )


def visited(con: Connection, *, since: datetime) -> list[tuple[str, int]]:
    """Return the addresses visited since then, with their highest number of attempts."""
    return queries.run(con, "full_texts.visited", since=since)


def store_full_texts(con: Connection, found: Sequence[FullText], at: Places) -> None:
    """Record visits to the pages of articles *at* these places."""
    for batch in appends.batches(found, appends.WIDE_BATCH):
        places = orjson.dumps([at[each.article_id] for each in batch]).decode()
        columns = {**appends.columns(batch, appends.names(FullText)), "seq": places}
        rows = appends.unnested(con, "full_texts", columns)
        con.execute(f"with batch as ({rows})\n{queries.sql('full_texts.store')}", columns)


def texts_of(con: Connection, at: Places) -> dict[str, str]:
    """Return the page texts of articles *at* these places, where stored."""
    return dict(queries.run(con, "full_texts.texts_of", seq=sorted(at.values())))


def has_any(con: Connection) -> bool:
    """Tell whether any page text is stored."""
    return bool(queries.scalar(con, "full_texts.any_text"))


def wanted(
    con: Connection, into: str, *, since: datetime, limit: int
) -> list[WantedTranslation]:
    """Return headlines first seen since *since* of stories without one in *into*."""
    return queries.records(
        con, WantedTranslation, "translations.wanted", into=into, since=since, limit=limit
    )


def store_translations(
    con: Connection,
    made: Sequence[Translated],
    into: str,
    *,
    made_by: str,
    made_at: datetime,
) -> None:
    """Store translations of headlines, and the reasons for rejected ones."""
    columns = {
        name: [getattr(each, name) for each in made] for name in ("title", "text", "reason")
    }
    queries.run(
        con, "translations.store", into=into, made_by=made_by, made_at=made_at, **columns
    )
