"""Bring a warehouse up to date with ``sql/migrations`` and ``sql/views``."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path

import duckdb

from warehouse.errors import RESTORE, MigrationError, WarehouseDamaged, WarehouseNewer

SQL = files("warehouse") / "sql"

# The views count as one entry beside the migrations: made anew when any file changed.
# Making them anew each time would write to a file that nothing else has changed.
_VIEWS = "views"


def migrate(con: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    """Apply what is pending, in number order; return the names applied.

    A migration and the record of it share one transaction: it happened whole or not
    at all. *path* is the file's name in messages.

    Raises:
        MigrationError: An applied migration was edited afterwards.
        WarehouseNewer: The file has migrations that this version does not know.
        WarehouseDamaged: It is somebody else's DuckDB file.
    """
    done = _applied(con, path)
    migrations = _sql_files("migrations")
    if unknown := sorted(done.keys() - {name for name, _ in migrations} - {_VIEWS}):
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
    views = "\n".join(sql for _, sql in _sql_files("views"))
    if done.get(_VIEWS) != _checksum(views):
        _apply(con, _VIEWS, views)
        applied.append(_VIEWS)
    return applied


def check_known(
    con: duckdb.DuckDBPyConnection, path: Path, *, remedy: str = RESTORE
) -> None:
    """Check a file that is only read, and raise what :func:`migrate` would raise."""
    known = {name for name, _ in _sql_files("migrations")} | {_VIEWS}
    done = _recorded(con)
    if not done:
        raise WarehouseDamaged(
            path, "it is a DuckDB file, but not a warehouse", remedy=remedy
        )
    if unknown := sorted(done.keys() - known):
        raise WarehouseNewer(path, f"it has migration {unknown[-1]}")


def _applied(con: duckdb.DuckDBPyConnection, path: Path) -> dict[str, str]:
    tables = con.execute(
        "select count(*), count(*) filter (where table_name = 'schema_migrations')"
        " from duckdb_tables() where not internal"
    ).fetchone()
    others, ours = tables or (0, 0)
    if ours:
        return _recorded(con)
    if others:
        raise WarehouseDamaged(path, "it is a DuckDB file, but not a warehouse")
    con.execute((SQL / "schema_migrations.sql").read_text(encoding="utf-8"))
    return {}


def _recorded(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    try:
        return dict(con.execute("select name, checksum from schema_migrations").fetchall())
    except duckdb.CatalogException:
        return {}


def _apply(con: duckdb.DuckDBPyConnection, name: str, sql: str) -> None:
    con.begin()
    try:
        con.execute(sql)
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
