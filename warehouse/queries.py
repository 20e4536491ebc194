"""Load and run the named queries of ``sql/queries``.

A query starts at ``-- name: its_name``; parameters are DuckDB's own ``$name``, so a
query can be pasted into the DuckDB shell as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any, TypeVar

import duckdb

_PARAMETER = re.compile(r"\$(\w+)")
_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
# Rows per statement: one parameter list per column, so memory stays small.
BATCH = 5_000

Row = dict[str, Any]
Params = Mapping[str, Any]
T = TypeVar("T")


@cache
def load(group: str) -> Mapping[str, str]:
    """Return the queries of ``sql/queries/<group>.sql`` by name."""
    path = files("warehouse") / "sql" / "queries" / f"{group}.sql"
    _, *parts = _NAME.split(path.read_text(encoding="utf-8"))
    return dict(zip(parts[::2], (part.strip() for part in parts[1::2]), strict=True))


def sql(name: str) -> str:
    """Return the text of the query called ``group.name``."""
    group, _, query = name.partition(".")
    return load(group)[query]


def run(
    con: duckdb.DuckDBPyConnection, name: str, params: Params | None = None
) -> list[tuple[Any, ...]]:
    """Run the query called ``group.name`` and return its rows."""
    return con.execute(sql(name), dict(params or {})).fetchall()


def rows(
    con: duckdb.DuckDBPyConnection, name: str, params: Params | None = None
) -> list[Row]:
    """Run the query called ``group.name`` and return its rows by column name."""
    result = con.execute(sql(name), dict(params or {}))
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def rows_for(con: duckdb.DuckDBPyConnection, name: str, params: Params) -> list[Row]:
    """Run a query with those of *params* that it asks for."""
    asked = set(_PARAMETER.findall(sql(name)))
    return rows(con, name, {k: v for k, v in params.items() if k in asked})


def filled(name: str, params: Params) -> str:
    """Return a query's text with instants in place of its parameters, to be pasted."""
    moments = {
        key: f"timestamptz '{value.astimezone(UTC):%Y-%m-%d %H:%M:%S+00}'"
        for key, value in params.items()
    }
    return _PARAMETER.sub(lambda found: moments[found[1]], sql(name))


def scalar(con: duckdb.DuckDBPyConnection, name: str, params: Params | None = None) -> Any:
    """Run the query called ``group.name`` and return its one value."""
    [(value,)] = run(con, name, params)
    return value


def append(
    con: duckdb.DuckDBPyConnection,
    name: str,
    records: Iterable[object],
    fields: Sequence[str],
    params: Params | None = None,
) -> list[tuple[Any, ...]]:
    """Run an ``append_*`` query in batches, one list parameter per field of *records*.

    Column lists are the fast way in: many times faster than ``executemany``.
    """
    returned: list[tuple[Any, ...]] = []
    for batch in batches(records):
        columns = {field: [getattr(r, field) for r in batch] for field in fields}
        returned += run(con, name, {**columns, **(params or {})})
    return returned


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """Cut *items* into lists of at most *size*."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
