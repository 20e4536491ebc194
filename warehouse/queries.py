"""Load and run the named queries of ``sql/queries``.

A query starts at ``-- name: its_name``; parameters are DuckDB's own ``$name``, so a
query can be pasted into the DuckDB shell as it is.

Lists go in as JSON text, and ``from_json`` gives them their types again. DuckDB 1.5
looks for pandas at every single value that it is handed, and where there is none that
costs 0.1 ms: two minutes for the first poll of a thousand feeds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any, TypeVar

import duckdb
import orjson

_PARAMETER = re.compile(r"\$(\w+)")
_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
# Rows per statement: enough for DuckDB to be fast, few enough for memory.
BATCH = 5_000
# The same for rows that hold whole texts: 7,500 articles took 400 MB with the above.
WIDE_BATCH = 1_000

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
    return con.execute(sql(name), _bound(params)).fetchall()


def rows(
    con: duckdb.DuckDBPyConnection, name: str, params: Params | None = None
) -> list[Row]:
    """Run the query called ``group.name`` and return its rows by column name."""
    result = con.execute(sql(name), _bound(params))
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def rows_for(con: duckdb.DuckDBPyConnection, name: str, params: Params) -> list[Row]:
    """Run a query with those of *params* that it asks for."""
    return rows(con, name, _asked(name, params))


def table_for(
    con: duckdb.DuckDBPyConnection, name: str, params: Params
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Run such a query and return the names of its columns, and its rows."""
    result = con.execute(sql(name), _bound(_asked(name, params)))
    return [column[0] for column in result.description or ()], result.fetchall()


def _asked(name: str, params: Params) -> Params:
    asked = set(_PARAMETER.findall(sql(name)))
    return {k: v for k, v in params.items() if k in asked}


def filled(name: str, params: Params) -> str:
    """Return a query's text with times in place of its parameters, to be pasted."""
    return _PARAMETER.sub(lambda found: _literal(params[found[1]]), sql(name))


def _literal(value: date) -> str:
    if isinstance(value, datetime):
        # A fraction is kept: what was seen within that second is in or out by it.
        return f"timestamptz '{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f+00}'".replace(
            ".000000", ""
        )
    return f"date '{value}'"


def identifier(*parts: str) -> str:
    """Return a name, with its schema before it, quoted: a file may call it anything."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def text(value: str) -> str:
    """Return *value* as a literal, for statements that take no parameters."""
    return "'" + value.replace("'", "''") + "'"


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
    """Run a query on *fields* of *records*, its ``$batch``, 5,000 at a time."""
    rows = ({field: getattr(r, field) for field in fields} for r in records)
    return append_rows(con, name, rows, params)


def append_columns(
    con: duckdb.DuckDBPyConnection,
    name: str,
    records: Iterable[object],
    fields: Sequence[str],
) -> list[tuple[Any, ...]]:
    """Run a query on *fields* of *records*, a list each, 5,000 records at a time.

    Their places in the batch are its ``$position``. A list a column is read at half
    the price of a list of rows, which matters where thousands come at once.
    """
    returned: list[tuple[Any, ...]] = []
    for batch in batches(records):
        returned += run(con, name, _columns(batch, fields))
    return returned


def append_by_name(
    con: duckdb.DuckDBPyConnection,
    name: str,
    records: Iterable[object],
    types: Mapping[str, str],
    params: Params,
) -> list[tuple[Any, ...]]:
    """Run a query that names no columns on *records*, 1,000 at a time.

    The fields that *types* names are its ``$columns``, their types its ``$types``.
    """
    returned: list[tuple[Any, ...]] = []
    lists = {field: [kind] for field, kind in (*types.items(), ("position", "integer"))}
    for batch in batches(records, WIDE_BATCH):
        bound = {"columns": _columns(batch, list(types)), "types": lists}
        texts = {key: orjson.dumps(value).decode() for key, value in bound.items()}
        returned += run(con, name, {**texts, **params})
    return returned


def _columns(batch: Sequence[object], fields: Sequence[str]) -> dict[str, list[Any]]:
    columns = {field: [getattr(r, field) for r in batch] for field in fields}
    return {**columns, "position": list(range(len(batch)))}


def append_rows(
    con: duckdb.DuckDBPyConnection,
    name: str,
    records: Iterable[Row],
    params: Params | None = None,
) -> list[tuple[Any, ...]]:
    """Run a query on *records*, its ``$batch``, 5,000 at a time."""
    returned: list[tuple[Any, ...]] = []
    for batch in batches(records):
        returned += run(con, name, {"batch": batch, **(params or {})})
    return returned


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """Cut *items* into lists of at most *size*."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _bound(params: Params | None) -> dict[str, Any]:
    return {
        name: orjson.dumps(value).decode() if isinstance(value, list) else value
        for name, value in (params or {}).items()
    }
