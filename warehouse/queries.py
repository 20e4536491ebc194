"""Named queries of ``sql/queries``: loaded, filled in and run.

A query starts at ``-- name: its_name``; parameters are DuckDB's own ``$name``, so a
query can be pasted into the DuckDB shell as it is.

Lists go in as JSON text, and ``from_json`` gives them their types again. DuckDB 1.5
tries to import pandas for every single value, which costs 0.1 ms if it is missing: two
minutes for the first poll of a thousand feeds. So the import is blocked once.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from itertools import islice
from operator import attrgetter
from typing import Any, TypeVar

import duckdb
import orjson

_PARAMETER = re.compile(r"\$(\w+)")
_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
# Rows per statement: enough for DuckDB to be fast, few enough for memory.
BATCH = 5_000
# The same for rows that hold whole texts: 7,500 articles took 400 MB with the above.
WIDE_BATCH = 1_000
_TYPES = "select name, type from pragma_table_info($table)"
Connection = duckdb.DuckDBPyConnection
Row = dict[str, Any]
Params = Mapping[str, Any]
T = TypeVar("T")
COVERED = "covered"

if find_spec("pandas") is None:
    # What is None there is not looked for: importing it fails as before, at no cost.
    sys.modules["pandas"] = None  # type: ignore[assignment]


@cache
def load(group: str) -> Mapping[str, str]:
    """Return the queries of ``sql/queries/<group>.sql`` by name.

    Raises:
        ValueError: Two have one name.
    """
    path = files("warehouse") / "sql" / "queries" / f"{group}.sql"
    return named(path.read_text(encoding="utf-8"), f"{group}.sql")


def named(text: str, file: str) -> Mapping[str, str]:
    """Return the queries of a *text* by name; *file* names it in errors."""
    _, *parts = _NAME.split(text)
    names = parts[::2]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"{file} has two queries of one name: {', '.join(sorted(twice))}")
    return dict(zip(names, map(str.strip, parts[1::2]), strict=True))


def sql(name: str) -> str:
    """Return the text of the query called ``group.name``."""
    group, _, query = name.partition(".")
    return load(group)[query]


def run(con: Connection, name: str, params: Params | None = None) -> list[tuple[Any, ...]]:
    """Run the query called ``group.name`` and return its rows."""
    return con.execute(sql(name), _bound(params)).fetchall()


def rows(con: Connection, name: str, params: Params | None = None) -> list[Row]:
    """Run the query called ``group.name`` and return its rows by column name."""
    return rows_of(con, sql(name), params)


def rows_of(con: Connection, text: str, params: Params | None = None) -> list[Row]:
    """Run a query composed of named ones; return its rows by column name."""
    result = con.execute(text, _bound(params))
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def rows_for(con: Connection, name: str, params: Params) -> list[Row]:
    """Run a query with those of *params* that it uses; return its rows by column name."""
    return rows(con, name, _asked(name, params))


def table_for(
    con: Connection, name: str, params: Params
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Run a query with those of *params* that it uses; return column names and rows."""
    result = con.execute(sql(name), _bound(_asked(name, params)))
    return [column[0] for column in result.description or ()], result.fetchall()


def create_temp(con: Connection, table: str, name: str, params: Params) -> None:
    """Store a query's rows in the temporary *table* of this connection."""
    body = sql(name).rstrip(";")
    asked = _bound(_asked(name, params))
    con.execute(f"create or replace temp table {identifier(table)} as {body}", asked)


def _asked(name: str, params: Params) -> Params:
    asked = set(_PARAMETER.findall(sql(name)))
    return {k: v for k, v in params.items() if k in asked}


def filled(name: str, params: Params) -> str:
    """Return a named query with its parameters replaced by values, for pasting."""
    return pasted(sql(name), params)


def pasted(statement: str, params: Params) -> str:
    """Return a statement with its parameters replaced by values, for pasting."""
    return _PARAMETER.sub(lambda found: _literal(params[found[1]]), statement)


def _literal(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool | int | float):
        return str(value).lower()
    if isinstance(value, list):
        return text(orjson.dumps(value).decode())
    if isinstance(value, str):
        return text(value)
    if isinstance(value, datetime):
        # A fraction is kept: what was seen within that second is in or out by it.
        return f"timestamptz '{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f+00}'".replace(
            ".000000", ""
        )
    return f"date '{value}'"


def identifier(*parts: str) -> str:
    """Return a name, with its schema, quoted: a file's names may be hostile."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def text(value: str) -> str:
    """Return *value* as a SQL literal, for statements without parameters."""
    return "'" + value.replace("'", "''") + "'"


def scalar(con: Connection, name: str, params: Params | None = None) -> Any:
    """Run the query called ``group.name`` and return its one value."""
    [(value,)] = run(con, name, params)
    return value


def append(
    con: Connection,
    name: str,
    records: Iterable[object],
    fields: Sequence[str],
    params: Params | None = None,
) -> list[tuple[Any, ...]]:
    """Run a query on the *fields* of *records*, its ``$batch``, 5,000 at a time."""
    rows = ({field: getattr(r, field) for field in fields} for r in records)
    return append_rows(con, name, rows, params)


def append_fresh(
    con: Connection, table: str, name: str, records: Iterable[object], fields: Sequence[str]
) -> set[str]:
    """Append to *table* the rows that a query selects of its ``$batch``; return their ids.

    The id is the first of *fields*. A lake has no ``returning``, so a temporary table holds
    the new rows.
    """
    returned: set[str] = set()
    rows = ({field: getattr(r, field) for field in fields} for r in records)
    for batch in batches(rows):
        create_temp(con, "fresh_rows", name, {"batch": batch})
        con.execute(f"insert into {identifier(table)} by name from fresh_rows")
        found = con.execute(f"select {identifier(fields[0])} from fresh_rows")  # noqa: S608
        returned.update(key for (key,) in found.fetchall())
    return returned


def columns(records: Sequence[object], fields: Iterable[str]) -> dict[str, str]:
    """Return the values of *records* by field, as JSON lists for `insert_columns`."""
    return {
        name: orjson.dumps([getattr(record, name) for record in records]).decode()
        for name in fields
    }


def insert_columns(
    con: Connection,
    table: str,
    columns: Mapping[str, str],
    *,
    more: str = "",
    where: str = "",
) -> int:
    """Append rows given as *columns*, each a JSON list; return their number.

    A column has the type of the table's column of its name; *more* are computed columns.
    One JSON text per column is read four times as fast as one for all.
    """
    [(count,)] = con.execute(
        f"with batch as ({unnested(con, table, columns)})\n"
        f"insert into {identifier(table)} by name\n"
        f"select *{more and ', ' + more} from batch where {where or 'true'}",
        columns,
    ).fetchall()
    return int(count)


def unnested(con: Connection, table: str, names: Iterable[str]) -> str:
    """Return a select of the parameters *names* as columns, typed as in *table*."""
    types = dict(con.execute(_TYPES, {"table": table}).fetchall())
    columns = (
        f"unnest(from_json_strict(${name}, '[\"{types[name]}\"]')) as {identifier(name)}"
        for name in names
    )
    return f"select {', '.join(columns)}"


def append_rows(
    con: Connection, name: str, records: Iterable[Row], params: Params | None = None
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


def first_of_each(records: Iterable[T], fields: Sequence[str]) -> list[T]:
    """Return the first of *records* for each value of *fields*, in order."""
    found: dict[object, T] = {}
    key = attrgetter(*fields)
    for record in records:
        found.setdefault(key(record), record)
    return list(found.values())


@contextmanager
def covered(con: Connection, name: str, params: Params) -> Iterator[None]:
    """Store the articles of query *name* as ``covered`` for the body's queries."""
    create_temp(con, COVERED, name, params)
    try:
        yield
    finally:
        con.execute(f"drop table temp.{COVERED}")


def board_sql(name: str, params: Params, *, of: str = "") -> str:
    """Return the SQL of a board, for pasting; *of* is the query of its articles."""
    text = filled(name, params)
    if not of:
        return text
    whole = filled(of, params).rstrip(";").replace("\n", "\n    ")
    first, _, rest = text.partition("\n")
    comment, body = (f"{first}\n", rest) if first.startswith("--") else ("", text)
    glue = ",\n" if body.startswith("with ") else "\n"
    body = body.removeprefix("with ")
    return f"{comment}with covered as materialized (\n    {whole}\n){glue}{body}"
