"""Rows in batches: records appended as JSON, which a query or a table's columns take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import islice
from operator import attrgetter
from typing import Any, TypeVar

import orjson

from transforms.grouping import first_of_pairs
from warehouse.queries import Connection, Params, Row, create_temp, identifier, rows, run

# Rows per statement: enough for DuckDB to be fast, few enough for memory.
BATCH = 5_000
# The same for rows that hold whole texts: 7,500 articles took 400 MB with the above.
WIDE_BATCH = 1_000
T = TypeVar("T")


def append(
    con: Connection,
    name: str,
    records: Iterable[object],
    fields: Sequence[str],
    params: Params | None = None,
) -> list[tuple[Any, ...]]:
    """Run a query on the *fields* of *records*, its ``$batch``, 5,000 at a time."""
    return append_rows(con, name, rows_of(records, fields), params)


def append_fresh(
    con: Connection, table: str, name: str, records: Iterable[object], fields: Sequence[str]
) -> set[str]:
    """Append to *table* the rows that a query selects of its ``$batch``; return their ids.

    The id is the first of *fields*. A lake has no ``returning``, so a temporary table holds
    the new rows.
    """
    returned: set[str] = set()
    for batch in batches(rows_of(records, fields)):
        create_temp(con, "fresh_rows", name, {"batch": batch})
        con.execute(f"insert into {identifier(table)} by name from fresh_rows")
        found = con.execute(f"select {identifier(fields[0])} from fresh_rows")  # noqa: S608
        returned.update(key for (key,) in found.fetchall())
    return returned


def rows_of(records: Iterable[object], fields: Iterable[str]) -> Iterator[Row]:
    """Yield these *fields* of each record."""
    return ({field: getattr(record, field) for field in fields} for record in records)


def names(kind: Any) -> tuple[str, ...]:
    """Return the fields of a kind of record, which are the columns of its row."""
    return getattr(kind, "_fields", ()) or tuple(field.name for field in fields(kind))


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
    types = dict(
        con.execute(
            "select name, type from pragma_table_info($table)", {"table": table}
        ).fetchall()
    )
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
        returned += run(con, name, batch=batch, **(params or {}))
    return returned


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """Cut *items* into lists of at most *size*."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def each(
    con: Connection, name: str, /, *, size: int = BATCH, **key: Iterable[Any]
) -> Iterator[Row]:
    """Run a query on the values of its one parameter, *size* at a time; yield its rows."""
    [(parameter, given)] = key.items()
    for batch in batches(given, size):
        yield from rows(con, name, **{parameter: batch})


def first_of_each(records: Iterable[T], fields: Sequence[str]) -> list[T]:
    """Return the first of *records* for each value of *fields*, in order."""
    key = attrgetter(*fields)
    return list(first_of_pairs((key(record), record) for record in records).values())
