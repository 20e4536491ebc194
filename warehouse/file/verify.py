"""Verification of a file, and reduction of a foreign one to the rows of our tables.

A DuckDB file may hold views and macros, and a macro can shadow a built-in function: our
statements would run foreign code. The views and macros of this version are created when the
file is next written to.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse import queries
from warehouse.errors import NO_BACKUP, WarehouseDamaged
from warehouse.file.connect import READING, SEALED, explain
from warehouse.file.migrate import VIEWS, check_known, recorded, tables_made_by
from warehouse.queries import Connection, identifier

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


def verify(path: Path, *, remedy: str = NO_BACKUP, named: Path | None = None) -> None:
    """Read every table of the file at *path*; *remedy* is for a damaged one.

    Errors speak of *named*, if it was unpacked from that one. No table or view of it can
    make DuckDB read or write another file.

    Raises:
        WarehouseDamaged: It cannot be read, or is no warehouse.
        WarehouseNewer: A later version wrote it.
    """
    with _opened(path, remedy, named or path) as con:
        for name in con.execute(
            "select schema_name, table_name from duckdb_tables() where not internal"
        ).fetchall():
            # Hashing reads every block, and each block has a checksum.
            con.execute(
                f"select sum(hash(t)) from {queries.identifier(*name)} as t"  # noqa: S608
            ).fetchall()


def look_inside(path: Path, *, remedy: str = NO_BACKUP) -> None:
    """Check only the version of the file at *path*; see :func:`verify`."""
    with _opened(path, remedy, path):
        pass


@contextmanager
def _opened(path: Path, remedy: str, named: Path) -> Iterator[Connection]:
    if path.is_file() and not is_duckdb(path):
        # DuckDB would take some for tables to query, by the ending of the name.
        raise WarehouseDamaged(named, "it is not a DuckDB file", remedy=remedy)
    try:
        with duckdb.connect(path, read_only=True, config=READING) as con:
            check_known(con, named, remedy=remedy)
            yield con
    except duckdb.PermissionException as exc:
        raise WarehouseDamaged(named, "it asks for other files", remedy=remedy) from exc
    except duckdb.Error as exc:
        raise explain(named, exc, remedy=remedy) from exc


def is_duckdb(path: Path) -> bool:
    """Tell whether the file at *path* has DuckDB's header."""
    with path.open("rb") as file:
        return file.read(12)[8:] == b"DUCK"


def keep_rows(path: Path, source: Path) -> None:
    """Reduce the copy of *source* at *path* to the rows of our tables.

    Raises:
        WarehouseDamaged: A table of ours is missing or has other columns.
    """
    with duckdb.connect(path, config=SEALED) as con:
        ours = tables_made_by(recorded(con))
        for statement in _removals(con, {"schema_migrations", *ours}):
            con.execute(statement)
        for table, columns in ours.items():
            if fault := _fault(con, table, columns):
                raise WarehouseDamaged(
                    source,
                    f"its table {table} is not as sinowire makes it: {fault}",
                    remedy=NO_BACKUP,
                )
        con.execute("delete from schema_migrations where name = $name", {"name": VIEWS})


def _removals(con: Connection, ours: Container[str]) -> Iterator[str]:
    for kind, schema, name in con.execute(_THERE).fetchall():
        if kind == "schema":
            yield f"drop schema {identifier(schema)} cascade"
        elif schema == "main" and not (kind == "table" and name in ours):
            yield f"drop {kind} {identifier(schema, name)}"


def _fault(con: Connection, table: str, columns: dict[str, str]) -> str:
    found = con.execute(_COLUMNS, {"table": table}).fetchall()
    types = {name: kind for name, kind, _ in found}
    for name, kind in columns.items():
        if types.get(name) != kind:
            return f"{name} is {types.get(name, 'missing')} in place of {kind}"
    for name, _, default in found:
        if default and not _PLAIN.fullmatch(default):
            return f"{name} is computed"
    [(made,)] = con.execute(
        "select sql from duckdb_tables() where table_name = $table", {"table": table}
    ).fetchall()
    if _COMPUTED.search(made):
        return "a column is computed"
    rules = con.execute(_RULES, {"table": table}).fetchall()
    return f"it has a {rules[0][0]}" if rules else ""
