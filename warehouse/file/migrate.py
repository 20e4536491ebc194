"""Migrations: ``sql/migrations`` and ``sql/views``, applied once and recorded."""

from __future__ import annotations

import hashlib
import re
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

# The first schema with a release. What the 51 migrations before it made is the same schema,
# so a warehouse that has them all goes on as it is, under this name; one that has the first
# 39, which a version of 27 November had, takes ``way_up.sql`` before.
BASELINE = "0001_baseline"
FIRST_BEFORE = "0001_feeds.sql"
_ALL_BEFORE = "202f835ccec5c0e2d65579ac46cb075337863a2f581e44a7daa1b62d480a99f9"
_FIRST_39 = "57f19040c419f06bc643f62bb268c7dcbda7946ab36527ec7f7b118e54f9f72d"
_ADDED = re.compile(r"^(create|alter) table (\w+)(?: add column (\w+))?", re.MULTILINE)

Applied = dict[str, str]


def migrate(con: Connection, path: object) -> list[str]:
    """Apply pending migrations in order of number; return their names.

    A migration and its record share one transaction. *path* names the file or the lake in
    messages.

    Raises:
        MigrationError: An applied migration was edited afterwards.
        WarehouseNewer: The file has migrations that this version does not know.
        WarehouseOlder: It has migrations from before the baseline, with no upgrade path.
        WarehouseDamaged: It is somebody else's DuckDB file.
    """
    done = _applied(con, path)
    migrations = _migrations()
    _check_names(done, path)
    applied = []
    if FIRST_BEFORE in _rows(con):
        applied += [BASELINE] if FIRST_BEFORE in done else []
        _adopt(con, way_up=FIRST_BEFORE in done)
        done = recorded(con)

    for name, sql in migrations.items():
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
        if _digest(done) != _FIRST_39:
            raise WarehouseOlder(path, f"it has migration {max(done.keys() - {VIEWS})}")
        return
    if unknown := sorted(done.keys() - _migrations().keys() - {VIEWS}):
        raise WarehouseNewer(path, f"it has migration {unknown[-1]}")


def _adopt(con: Connection, *, way_up: bool) -> None:
    """Record the baseline in the place of the migrations before it, what it lacks made."""
    con.begin()
    try:
        if way_up:
            dialect.execute(con, _sql(SQL / "way_up.sql"))
        con.execute("delete from schema_migrations where name <> $views", {"views": VIEWS})
        _record(con, BASELINE, _checksum(_migrations()[BASELINE]))
    except BaseException:
        con.rollback()
        raise
    con.commit()


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
    if FIRST_BEFORE in names:
        return _without_way_up(tables_made_by({BASELINE}))
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


def _without_way_up(tables: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    for act, table, column in _ADDED.findall(_sql(SQL / "way_up.sql")):
        if act == "create":
            del tables[table]
        elif table in tables and column:
            del tables[table][column]
    return tables


def lacks_tables(con: Connection) -> bool:
    """Tell whether a file predates the baseline and lacks some of its tables."""
    return FIRST_BEFORE in recorded(con)


def is_current(con: Connection) -> bool:
    """Tell whether a file has exactly the tables and views of this version."""
    known = {name: _checksum(sql) for name, sql in _migrations().items()}
    return recorded(con) == known | {VIEWS: views_checksum()}


def views_checksum() -> str:
    """Return the checksum recorded for the views of this version."""
    return _checksum(_views())


def recorded(con: Connection) -> Applied:
    """Return the checksum of each applied migration; empty if none was applied.

    The complete set of migrations before the baseline counts as the baseline.
    """
    done = _rows(con)
    views = {name: done.pop(name) for name in (VIEWS,) if name in done}
    if _digest(done) == _ALL_BEFORE:
        done = {BASELINE: _checksum(_migrations()[BASELINE])}
    return done | views


def _digest(applied: Applied) -> str:
    rows = sorted(row for row in applied.items() if row[0] != VIEWS)
    return _checksum("\n".join(f"{name} {checksum}" for name, checksum in rows))


def _rows(con: Connection) -> Applied:
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


def _views() -> str:
    return _sql(SQL / "views")


def _sql(path: Traversable) -> str:
    if path.is_dir():
        return "\n".join(map(_sql, _sorted(path)))
    return path.read_text(encoding="utf-8")


def _sorted(folder: Traversable) -> list[Traversable]:
    paths = (p for p in folder.iterdir() if p.is_dir() or p.name.endswith(".sql"))
    return sorted(paths, key=lambda path: path.name)
