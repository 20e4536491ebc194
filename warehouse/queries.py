"""Named queries of ``sql/queries``: loaded, filled in, and read as declared records.

A query starts at ``-- name: its_name``; parameters are DuckDB's own ``$name``, so a
query can be pasted into the DuckDB shell as it is.

Lists go in as JSON text, and ``from_json`` gives them their types again. DuckDB 1.5
tries to import pandas for every single value, which costs 0.1 ms if it is missing: two
minutes for the first poll of a thousand feeds. So the import is blocked once.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin, get_type_hints

import duckdb
import orjson

if TYPE_CHECKING:
    from transforms.models import Query

_PARAMETER = re.compile(r"\$(\w+)")
_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
Connection = duckdb.DuckDBPyConnection
Row = dict[str, Any]
Params = Mapping[str, Any]
R = TypeVar("R")
COVERED = "covered"

if find_spec("pandas") is None:
    # What is None there is not looked for: importing it fails as before, at no cost.
    sys.modules["pandas"] = None  # type: ignore[assignment]


class RowError(Exception):
    """A query's columns do not match its record; a bug of ours."""


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


def on_table(name: str, table: str, **names: str) -> str:
    """Return the text of a query on any *table*, with the *names* that it leaves open."""
    return sql(name).format(table=identifier(table), **names)


def run(con: Connection, name: str, /, **params: Any) -> list[tuple[Any, ...]]:
    """Run the query called ``group.name`` and return its rows."""
    return con.execute(sql(name), _bound(params)).fetchall()


def run_each(con: Connection, /, *names: str, **params: Any) -> None:
    """Run these queries in order, each with those of *params* that it uses."""
    for name in names:
        run(con, name, **_asked(name, params))


def values(con: Connection, name: str, /, **params: Any) -> list[Any]:
    """Run the query called ``group.name`` and return the values of its one column."""
    return [value for (value,) in run(con, name, **params)]


def scalar(con: Connection, name: str, /, **params: Any) -> Any:
    """Run the query called ``group.name`` and return its one value."""
    [value] = values(con, name, **params)
    return value


def rows(con: Connection, name: str, /, **params: Any) -> list[Row]:
    """Run the query called ``group.name`` and return its rows by column name."""
    return rows_of(con, sql(name), params)


def first(con: Connection, name: str, /, **params: Any) -> Row | None:
    """Run the query called ``group.name`` and return its first row; None without any."""
    return next(iter(rows(con, name, **params)), None)


def records(con: Connection, kind: type[R], name: str, /, **params: Any) -> list[R]:
    """Run the query called ``group.name`` and return its rows as records of a *kind*."""
    return [kind(**row) for row in rows(con, name, **params)]


def rows_of(con: Connection, text: str, params: Params | None = None) -> list[Row]:
    """Run SQL text, composed of named queries; return each row as a dict by column name."""
    result = con.execute(text, _bound(params))
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def rows_for(con: Connection, name: str, params: Params) -> list[Row]:
    """Run a query with those of *params* that it uses; return its rows by column name."""
    return rows(con, name, **_asked(name, params))


def table_for(
    con: Connection, name: str, params: Params
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Run a query with those of *params* that it uses; return column names and rows."""
    result = con.execute(sql(name), _bound(_asked(name, params)))
    return [column[0] for column in result.description or ()], result.fetchall()


def read(con: Connection, query: Query[R], params: Params) -> list[R]:
    """Run *query* with those of *params* that it uses; return its rows as records.

    Raises:
        RowError: A column has no field, a field no column, or a field that is not
            optional no value.
    """
    names, found = table_for(con, query.name, params)
    check_columns(query, names)
    required = [n for n, hint in get_type_hints(query.row).items() if not is_optional(hint)]
    return [_record(query, names, row, required) for row in found]


def check_columns(query: Query[Any], columns: Sequence[str]) -> None:
    """Raise a RowError unless *columns* are the fields of the query's record."""
    record = query.row.__name__
    declared = [f.name for f in fields(query.row)]
    for column in columns:
        if column not in declared:
            raise RowError(
                f"query {query.name}: column {column} has no field in {record}; "
                "add the field, or take the column out"
            )
    for field in declared:
        if field not in columns:
            raise RowError(
                f"query {query.name}: field {record}.{field} has no column; "
                "select the column, or take the field out"
            )


def _record(
    query: Query[R], names: Sequence[str], row: Sequence[Any], required: Sequence[str]
) -> R:
    values = frozen(dict(zip(names, row, strict=True)))
    for field in required:
        if values[field] is None:
            raise RowError(
                f"query {query.name}: column {field} is null, and field "
                f"{query.row.__name__}.{field} is not optional; declare it so"
            )
    return query.row(**values)


def frozen(row: Row) -> Row:
    """Return a row whose lists are tuples, as those of records are."""
    return {n: tuple(v) if isinstance(v, list) else v for n, v in row.items()}


def is_optional(hint: Any) -> bool:
    """Tell whether a field of this type may be None."""
    return get_origin(hint) is not tuple and type(None) in get_args(hint)


def create_temp(con: Connection, table: str, name: str, params: Params) -> None:
    """Store a query's rows in the temporary *table* of this connection."""
    create_temp_of(con, table, sql(name).rstrip(";"), _asked(name, params))


def create_temp_of(con: Connection, table: str, body: str, params: Params) -> None:
    """Store the rows of a composed query in the temporary *table* of this connection."""
    con.execute(
        f"create or replace temp table {identifier(table)} as {body}", _bound(params)
    )


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


def _bound(params: Params | None) -> dict[str, Any]:
    return {name: _value(value) for name, value in (params or {}).items()}


def _value(value: Any) -> Any:
    if isinstance(value, set):
        value = sorted(value)
    return orjson.dumps(value).decode() if isinstance(value, list) else value


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
