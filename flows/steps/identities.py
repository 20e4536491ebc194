"""Give stored articles the ids that their addresses have today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import duckdb

from flows.steps.affairs import refresh_all_affairs
from transforms.articles.outlets import outlet_name
from transforms.urls.canonical import canonical_url
from transforms.urls.identity import FORM, hash_identity
from warehouse.file.connect import REWRITING, with_memory
from warehouse.news.coverage import refresh_all_coverage
from warehouse.news.identities import Move, begun, identify, rename_publishers


def bring_up_to_date(con: duckdb.DuckDBPyConnection, report: Callable[[str], None]) -> None:
    """Join what was stored twice under former ids, and call outlets by one name.

    Does nothing where that was done. Readers go on with the published file meanwhile,
    and whoever writes next goes on where this was killed.
    """
    if begun(con, FORM) is None:
        return
    report("giving articles the ids of today, once …")
    with with_memory(con, REWRITING):
        rename_publishers(con, outlet_name)
        joined = identify(
            con,
            FORM,
            _move,
            now=datetime.now(UTC),
            finish=_finish,
            progress=report,
        )
    report(f"{joined} articles that were stored twice are one now")


def _finish(con: duckdb.DuckDBPyConnection) -> None:
    refresh_all_coverage(con)
    refresh_all_affairs(con)


def _move(article_id: str, stored: str) -> Move | None:
    url = canonical_url(stored)
    into_id = hash_identity(url, "", "") if url else article_id
    return Move(article_id, into_id, url) if into_id != article_id else None
