"""Take from a file that somebody hands over the rows of our tables, and nothing that runs.

A DuckDB file also holds views and macros, and a macro may stand in for a function of
DuckDB's own: our statements would run what its maker wrote. The views and macros of this
version are made when the file is next written to.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from pathlib import Path

import duckdb

from warehouse.errors import NO_BACKUP, WarehouseDamaged
from warehouse.file.connect import SEALED
from warehouse.file.migrate import VIEWS, recorded, tables_made_by
from warehouse.queries import identifier

# What is not ours, with the words that take it away; views and macros are all made anew.
_THERE = """
    select 'schema', schema_name, null from duckdb_schemas()
    where not internal and schema_name <> 'main'
    union all
    select 'view', schema_name, view_name from duckdb_views() where not internal
    union all
    select distinct
        replace(function_type, 'table_macro', 'macro table'), schema_name, function_name
    from duckdb_functions() where not internal
    union all
    select 'index', schema_name, index_name from duckdb_indexes()
    union all
    select 'table', schema_name, table_name from duckdb_tables() where not internal
"""
_COLUMNS = """
    select column_name, data_type, column_default from duckdb_columns()
    where schema_name = 'main' and table_name = $table
"""
_RULES = """
    select constraint_type from duckdb_constraints()
    where schema_name = 'main' and table_name = $table and constraint_type <> 'NOT NULL'
"""
# A default that is computed would run as well, and so would a computed column.
_VALUE = r"(?:'(?:[^']|'')*'|-?[\d.]+|true|false|null)"
_PLAIN = re.compile(rf"{_VALUE}|CAST\({_VALUE} AS \w+\)", re.IGNORECASE)
_COMPUTED = re.compile(r"\bGENERATED ALWAYS\b")


def keep_rows(path: Path, source: Path) -> None:
    """Take out of the copy of *source* at *path* all but the rows of our tables.

    Raises:
        WarehouseDamaged: A table of ours is missing, or is other than we make it.
    """
    with duckdb.connect(path, config=SEALED) as con:
        ours = tables_made_by(recorded(con))
        for statement in _removals(con, {"schema_migrations", *ours}):
            con.execute(statement)
        for table, columns in ours.items():
            if fault := _fault(con, table, columns):
                reason = f"its table {table} is not as sinowire makes it: {fault}"
                raise WarehouseDamaged(source, reason, remedy=NO_BACKUP)
        con.execute("delete from schema_migrations where name = $name", {"name": VIEWS})


def _removals(con: duckdb.DuckDBPyConnection, ours: Container[str]) -> Iterator[str]:
    for kind, schema, name in con.execute(_THERE).fetchall():
        if kind == "schema":
            yield f"drop schema {identifier(schema)} cascade"
        elif schema == "main" and not (kind == "table" and name in ours):
            yield f"drop {kind} {identifier(schema, name)}"


def _fault(con: duckdb.DuckDBPyConnection, table: str, columns: dict[str, str]) -> str:
    found = con.execute(_COLUMNS, {"table": table}).fetchall()
    types = {name: kind for name, kind, _ in found}
    for name, kind in columns.items():
        if types.get(name) != kind:
            return f"{name} is {types.get(name, 'missing')} in place of {kind}"
    for name, _, default in found:
        if default and not _PLAIN.fullmatch(default):
            return f"{name} is computed"
    [(made,)] = con.execute(
        "select sql from duckdb_tables() where table_name = $table",
        {"table": table},
    ).fetchall()
    if _COMPUTED.search(made):
        return "a column is computed"
    rules = con.execute(_RULES, {"table": table}).fetchall()
    return f"it has a {rules[0][0]}" if rules else ""
