"""Bring a warehouse up to date with ``sql/migrations`` and ``sql/views``."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container
from importlib.resources import files

import duckdb

from warehouse import dialect
from warehouse.errors import RESTORE, MigrationError, WarehouseDamaged, WarehouseNewer
from warehouse.news.coverage import refresh_all_coverage

SQL = files("warehouse") / "sql"

# The views count as one entry beside the migrations: made anew when any file changed, and
# with them what is derived by them and stored. Making them anew each time would write to a
# file that nothing else has changed.
VIEWS = "views"


def migrate(con: duckdb.DuckDBPyConnection, path: object) -> list[str]:
    """Apply what is pending, in number order; return the names applied.

    A migration and the record of it share one transaction: it happened whole or not
    at all. *path* is the file's name, or the lake's, in messages.

    Raises:
        MigrationError: An applied migration was edited afterwards.
        WarehouseNewer: The file has migrations that this version does not know.
        WarehouseDamaged: It is somebody else's DuckDB file.
    """
    done = _applied(con, path)
    migrations = _sql_files("migrations")
    if unknown := sorted(done.keys() - {name for name, _ in migrations} - {VIEWS}):
        raise WarehouseNewer(path, f"it has migration {unknown[-1]}")

    applied = []
    for name, sql in migrations:
        if name not in done:
            _apply(con, name, sql)
            applied.append(name)
        elif done[name] != _checksum(sql):
            raise MigrationError(
                f"{name} was edited after it was applied to {path}; "
                "restore the file and add a new migration"
            )
    views = _views()
    if done.get(VIEWS) != _checksum(views):
        _apply(con, VIEWS, views, then=refresh_all_coverage)
        applied.append(VIEWS)
    return applied


def check_known(
    con: duckdb.DuckDBPyConnection, path: object, *, remedy: str = RESTORE
) -> None:
    """Check a file that is only read, and raise what :func:`migrate` would raise."""
    known = {name for name, _ in _sql_files("migrations")} | {VIEWS}
    done = recorded(con)
    if not done:
        raise WarehouseDamaged(
            path, "it is a DuckDB file, but not a warehouse", remedy=remedy
        )
    if unknown := sorted(done.keys() - known):
        raise WarehouseNewer(path, f"it has migration {unknown[-1]}")


def _applied(con: duckdb.DuckDBPyConnection, path: object) -> dict[str, str]:
    if done := recorded(con):
        return done
    if con.execute(
        "select 1 from duckdb_tables() where not internal"
        " and database_name = current_database() and table_name <> 'schema_migrations'"
    ).fetchall():
        raise WarehouseDamaged(path, "it is a DuckDB file, but not a warehouse")
    dialect.execute(con, (SQL / "schema_migrations.sql").read_text(encoding="utf-8"))
    return {}


def tables_made_by(names: Container[str]) -> dict[str, dict[str, str]]:
    """Return the tables that the migrations called *names* make: each column's type."""
    tables: dict[str, dict[str, str]] = {}
    with duckdb.connect() as con:
        for name, sql in _sql_files("migrations"):
            if name in names:
                dialect.execute(con, sql)
        for table, column, kind in con.execute(
            "select table_name, column_name, data_type from duckdb_columns()"
            " join duckdb_tables() using (schema_name, table_name)"
            " where not duckdb_tables.internal"
        ).fetchall():
            tables.setdefault(table, {})[column] = kind
    return tables


def is_current(con: duckdb.DuckDBPyConnection) -> bool:
    """Say whether a file has the tables and views of this version, and no others."""
    known = {name: _checksum(sql) for name, sql in _sql_files("migrations")}
    return recorded(con) == known | {VIEWS: _checksum(_views())}


def _views() -> str:
    return "\n".join(sql for _, sql in _sql_files("views"))


def recorded(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the checksum of each migration that was applied, none where nothing was."""
    try:
        return dict(con.execute("select name, checksum from schema_migrations").fetchall())
    except duckdb.CatalogException:
        return {}


def _apply(
    con: duckdb.DuckDBPyConnection,
    name: str,
    sql: str,
    *,
    then: Callable[[duckdb.DuckDBPyConnection], None] = lambda _: None,
) -> None:
    con.begin()
    try:
        dialect.execute(con, sql)
        then(con)
        con.execute("delete from schema_migrations where name = $name", {"name": name})
        con.execute(
            "insert into schema_migrations (name, checksum, applied_at)"
            " values ($name, $checksum, now())",
            {"name": name, "checksum": _checksum(sql)},
        )
    except BaseException:
        con.rollback()
        raise
    con.commit()


def _checksum(sql: str) -> str:
    return hashlib.sha256(sql.encode()).hexdigest()


def _sql_files(folder: str) -> list[tuple[str, str]]:
    paths = (p for p in (SQL / folder).iterdir() if p.name.endswith(".sql"))
    return sorted((p.name, p.read_text(encoding="utf-8")) for p in paths)
