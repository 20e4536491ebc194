"""Verify a warehouse: read its file from end to end, and no other file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse import queries
from warehouse.errors import NO_BACKUP, WarehouseDamaged
from warehouse.file.connect import READING, explain
from warehouse.file.migrate import check_known


def verify(path: Path, *, remedy: str = NO_BACKUP) -> None:
    """Open *path* and read every table of it; *remedy* is for a damaged one.

    Whatever its tables and views are called or ask for, nothing else is read or written.

    Raises:
        WarehouseDamaged: It cannot be read, or is no warehouse.
        WarehouseNewer: A later version wrote it.
    """
    with _opened(path, remedy) as con:
        for name in con.execute(
            "select schema_name, table_name from duckdb_tables() where not internal"
        ).fetchall():
            # Hashing reads every block, and each block has a checksum.
            con.execute(
                f"select sum(hash(t)) from {queries.identifier(*name)} as t"  # noqa: S608
            ).fetchall()


def look_inside(path: Path, *, remedy: str = NO_BACKUP) -> None:
    """Do so, and read no more than which version wrote it."""
    with _opened(path, remedy):
        pass


@contextmanager
def _opened(path: Path, remedy: str) -> Iterator[duckdb.DuckDBPyConnection]:
    if path.is_file() and not is_duckdb(path):
        # DuckDB would take some for tables to query, by the ending of the name.
        raise WarehouseDamaged(path, "it is not a DuckDB file", remedy=remedy)
    try:
        with duckdb.connect(path, read_only=True, config=READING) as con:
            check_known(con, path, remedy=remedy)
            yield con
    except duckdb.PermissionException as exc:
        raise WarehouseDamaged(path, "it asks for other files", remedy=remedy) from exc
    except duckdb.Error as exc:
        raise explain(path, exc, remedy=remedy) from exc


def is_duckdb(path: Path) -> bool:
    """Say whether the file at *path* begins as DuckDB's do."""
    with path.open("rb") as file:
        return file.read(12)[8:] == b"DUCK"
