"""Typed rows: query results as the records that their readers declare.

Columns and fields correspond by name, one to one, so that a query and its reader cannot
diverge unnoticed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from transforms.models import Query
from warehouse import queries
from warehouse.queries import Connection

R = TypeVar("R")


class RowError(Exception):
    """A query's columns do not match its record; a bug of ours."""


def read(con: Connection, query: Query[R], params: queries.Params) -> list[R]:
    """Run *query* with those of *params* that it uses; return its rows as records.

    Raises:
        RowError: A column has no field, a field no column, or a field that is not
            optional no value.
    """
    names, found = queries.table_for(con, query.name, params)
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
    values = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in zip(names, row, strict=True)
    }
    for field in required:
        if values[field] is None:
            raise RowError(
                f"query {query.name}: column {field} is null, and field "
                f"{query.row.__name__}.{field} is not optional; declare it so"
            )
    return query.row(**values)


def is_optional(hint: Any) -> bool:
    """Tell whether a field of this type may be None."""
    return get_origin(hint) is not tuple and type(None) in get_args(hint)
