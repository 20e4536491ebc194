"""Mentions of one company or one article, with the text around them."""

from __future__ import annotations

from collections.abc import Collection

import duckdb

from warehouse import queries


def names_of(con: duckdb.DuckDBPyConnection, company_id: str) -> list[str]:
    """Return how articles write the company, each spelling once."""
    found = queries.run(con, "mentions.names_of", {"company_id": company_id})
    return [name for (name,) in found]


def windows(
    con: duckdb.DuckDBPyConnection, company_id: str, names: Collection[str], *, reach: int
) -> list[queries.Row]:
    """Return every place where the company is named so, with *reach* letters around it."""
    params = {"company_id": company_id, "names": sorted(names), "reach": reach}
    return queries.rows(con, "mentions.windows", params)


def words_of(con: duckdb.DuckDBPyConnection, article_id: str) -> queries.Row:
    """Return the texts of an article that is here, and the companies it names."""
    [found] = queries.rows(con, "mentions.words_of", {"article_id": article_id})
    return found


def sample_days(
    con: duckdb.DuckDBPyConnection, *, days: int, texts: int
) -> list[queries.Row]:
    """Return of each of the last *days* with news how much, and up to *texts* of them."""
    params = {"days": days, "texts": texts}
    return queries.rows(con, "mentions.sample_days", params)
