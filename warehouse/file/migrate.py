"""Migrations: ``sql/migrations`` and ``sql/views``, applied once and recorded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container
from importlib.resources import files
from importlib.resources.abc import Traversable

import duckdb

from warehouse import dialect
from warehouse.errors import (
    RESTORE,
    MigrationError,
    WarehouseDamaged,
    WarehouseNewer,
    WarehouseOlder,
)
from warehouse.news.coverage import refresh_all_coverage
from warehouse.queries import Connection

SQL = files("warehouse") / "sql"

# The views count as one entry beside the migrations: made anew when any file changed, and
# with them what is derived by them and stored. Making them anew each time would write to a
# file that nothing else has changed.
VIEWS = "views"

# The first schema with a release, and the first migration of those before it.
BASELINE = "0001_baseline"
FIRST_BEFORE = "0001_feeds.sql"
# Until this one a warehouse may have articles with ids of before.
_ONE_FORM = "0006_framings_and_former_ids.sql"

Applied = dict[str, str]


def migrate(con: Connection, path: object) -> list[str]:
    """Apply pending migrations in order of number; return their names.

    A migration and its record share one transaction. *path* names the file or the lake in
    messages.

    Raises:
        MigrationError: An applied migration was edited afterwards.
        WarehouseNewer: The file has migrations that this version does not know.
        WarehouseOlder: It was written last by a version from before the baseline.
        WarehouseDamaged: It is somebody else's DuckDB file.
    """
    done = _applied(con, path)
    migrations = _migrations()
    _check_names(done, path)
    _check_ids(con, done, path)
    applied = []
    for name, sql in migrations.items():
        if name not in done:
            _apply(con, name, sql)
            applied.append(name)
        elif done[name] != _checksum(sql):
            raise MigrationError(
                f"{name} was edited after it was applied to {path}; "
                "restore the file and add a new migration"
            )
    views = views_sql()
    if done.get(VIEWS) != _checksum(views):
        _apply(con, VIEWS, views, then=refresh_all_coverage)
        applied.append(VIEWS)
    return applied


def check_known(con: Connection, path: object, *, remedy: str = RESTORE) -> None:
    """Check a read-only file; raise the errors of :func:`migrate`."""
    done = recorded(con)
    if not done:
        raise WarehouseDamaged(
            path, "it is a DuckDB file, but not a warehouse", remedy=remedy
        )
    _check_names(done, path)


def _check_names(done: Applied, path: object) -> None:
    if FIRST_BEFORE in done:
        raise WarehouseOlder(path, f"it has migration {max(done.keys() - {VIEWS})}")
    if unknown := sorted(done.keys() - _migrations().keys() - {VIEWS}):
        raise WarehouseNewer(path, f"it has migration {unknown[-1]}")


def _check_ids(con: Connection, done: Applied, path: object) -> None:
    """Refuse a warehouse whose ids of November were not all converted."""
    if not done or _ONE_FORM in done:
        return
    if con.execute("select form, seq from identified").fetchall() != [(1, None)]:
        raise WarehouseOlder(path, "it has ids of articles from before")


def _applied(con: Connection, path: object) -> Applied:
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
    """Return the tables made by the migrations *names*, with each column's type."""
    tables: dict[str, dict[str, str]] = {}
    with duckdb.connect() as con:
        for name, sql in _migrations().items():
            if name in names:
                dialect.execute(con, sql)
        for table, column, kind in con.execute(
            "select table_name, column_name, data_type from duckdb_columns()"
            " join duckdb_tables() using (schema_name, table_name)"
            " where not duckdb_tables.internal"
        ).fetchall():
            tables.setdefault(table, {})[column] = kind
    return tables


def is_current(con: Connection) -> bool:
    """Tell whether a file has exactly the tables and views of this version."""
    known = {name: _checksum(sql) for name, sql in _migrations().items()}
    return recorded(con) == known | {VIEWS: views_checksum()}


def views_checksum() -> str:
    """Return the checksum recorded for the views of this version."""
    return _checksum(views_sql())


def recorded(con: Connection) -> Applied:
    """Return the checksum of each applied migration; empty if none was applied."""
    try:
        return dict(con.execute("select name, checksum from schema_migrations").fetchall())
    except duckdb.CatalogException:
        return {}


def _apply(
    con: Connection,
    name: str,
    sql: str,
    *,
    then: Callable[[Connection], None] = lambda _: None,
) -> None:
    con.begin()
    try:
        dialect.execute(con, sql)
        then(con)
        con.execute("delete from schema_migrations where name = $name", {"name": name})
        _record(con, name, _checksum(sql))
    except BaseException:
        con.rollback()
        raise
    con.commit()


def _record(con: Connection, name: str, checksum: str) -> None:
    con.execute(
        "insert into schema_migrations (name, checksum, applied_at)"
        " values ($name, $checksum, now())",
        {"name": name, "checksum": checksum},
    )


def _checksum(sql: str) -> str:
    return hashlib.sha256(sql.encode()).hexdigest()


def _migrations() -> dict[str, str]:
    """Return the SQL of each migration, in order: a file, or a folder of files."""
    return {path.name: _sql(path) for path in _sorted(SQL / "migrations")}


def views_sql() -> str:
    """Return the text of all views, in order."""
    return _sql(SQL / "views")


def schema_sql() -> str:
    """Return the text of all migrations and views, in order."""
    return "\n".join([*_migrations().values(), views_sql()])


def _sql(path: Traversable) -> str:
    if path.is_dir():
        return "\n".join(map(_sql, _sorted(path)))
    return path.read_text(encoding="utf-8")


def _sorted(folder: Traversable) -> list[Traversable]:
    paths = (p for p in folder.iterdir() if p.is_dir() or p.name.endswith(".sql"))
    return sorted(paths, key=lambda path: path.name)
