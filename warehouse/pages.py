"""Reads for the pages of the desk, over the relations that everybody may query."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from warehouse import queries

COVERED = "covered"


@contextmanager
def covered(
    con: duckdb.DuckDBPyConnection, name: str, params: queries.Params
) -> Iterator[None]:
    """Keep the articles that query *name* gives as ``covered``, for those that read it."""
    queries.create_temp(con, COVERED, name, params)
    try:
        yield
    finally:
        con.execute(f"drop table temp.{COVERED}")


def board_sql(name: str, params: queries.Params, *, of: str = "") -> str:
    """Return the SQL of a board, to be pasted; *of* is the query of what it covers."""
    text = queries.filled(name, params)
    if not of:
        return text
    whole = queries.filled(of, params).rstrip(";").replace("\n", "\n    ")
    first, _, rest = text.partition("\n")
    comment, body = (f"{first}\n", rest) if first.startswith("--") else ("", text)
    glue = ",\n" if body.startswith("with ") else "\n"
    body = body.removeprefix("with ")
    return f"{comment}with covered as materialized (\n    {whole}\n){glue}{body}"
