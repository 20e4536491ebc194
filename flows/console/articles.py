"""Articles as people name them: by ids, also by those that were given up."""

from __future__ import annotations

import duckdb

from flows.console import output
from warehouse.news.identities import current_article


def article_of(con: duckdb.DuckDBPyConnection, article_id: str) -> str:
    """Return the id that an article has today.

    Raises:
        RequestError: There never was such an article.
    """
    current = current_article(con, article_id)
    if current is None:
        raise output.RequestError(f"no article {article_id!r} in the published file")
    if current != article_id:
        output.note(f"{article_id} is one article with {current} now")
    return current
