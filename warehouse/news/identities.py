"""Identities of articles: ids that were given up lead to those of today."""

from __future__ import annotations

from warehouse import queries
from warehouse.queries import Connection


def current_article(con: Connection, article_id: str) -> str | None:
    """Return the article that *article_id* was merged into, or itself; None if unknown."""
    found = queries.run(con, "identities.current", article_id=article_id)
    return found[0][0] if found else None
