"""Replica: a host's own copy of the lake, in a file that it publishes.

Readers use the published file only, as they do with a warehouse in a file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import duckdb

from warehouse.dialect import LAKE, has_fence
from warehouse.errors import LakeUnavailable, WarehouseDamaged
from warehouse.file.aside import is_there, log_of
from warehouse.file.connect import REWRITING, SEALED, explain, transaction
from warehouse.file.lock import turn
from warehouse.file.migrate import check_known, migrate, recorded
from warehouse.file.publish import PART, put_in_place, remove_parts
from warehouse.file.writes import log_writes, noted
from warehouse.lake.address import LakeAddress
from warehouse.lake.attach import REPLICA, attach, attach_file, engine
from warehouse.lake.copying import (
    apply_changes,
    check_codecs,
    copy_tables,
    count_rows,
    tables_of,
)
from warehouse.lake.failures import explained
from warehouse.lake.line import line
from warehouse.queries import Connection

REPLICA_NAME = "warehouse.lake.duckdb"
# What the copy is of: a lake by the identity of its first table, and a snapshot by number
# and time, since a catalog that was set back gives its numbers again.
_TABLE = "lake_position"
_MADE = f"""
    create table {_TABLE} (lake varchar, snapshot_id bigint, made_at timestamptz);
    comment on table {_TABLE} is 'Which state of the lake this copy has, in one row.';
    comment on column {_TABLE}.lake is 'Which lake, as the identity of its first table.';
    comment on column {_TABLE}.snapshot_id is 'Number of the snapshot in that lake.';
    comment on column {_TABLE}.made_at is 'When that snapshot was made.';
"""
_POSITION = f"""
    select table_uuid::varchar, snapshot_id, snapshot_time
    from {LAKE}.table_info(), {LAKE}.snapshots()
    where
        table_name = 'schema_migrations'
        and snapshot_id = (select id from {LAKE}.current_snapshot())
"""  # noqa: S608  (ours)
# Upkeep forgets by their times, and hosts' clocks differ: one may be gone in their midst.
_STILL_KNOWN = f"""
    select count(*) = greatest($until - $id + 1, 1)
    from {LAKE}.snapshots()
    where
        snapshot_id between $id and $until
        and (snapshot_id <> $id or snapshot_time = $made_at)
"""  # noqa: S608


class Position(NamedTuple):
    """Lake and snapshot that a replica corresponds to."""

    lake: str
    snapshot_id: int
    made_at: object


def refresh_replica(
    data: Path, address: LakeAddress, *, command: str, wait: float = 60.0
) -> Path:
    """Refresh this host's replica to the lake's newest snapshot; return its path.

    The cost is that of the changes since; if these are unknown, that of a full copy.

    Raises:
        LakeUnavailable: The lake is empty, or older than this version.
    """
    with turn(data, command=command, wait=wait), explained(address):
        return refresh(data, address, command=command)


def refresh(data: Path, address: LakeAddress, *, command: str) -> Path:
    """Refresh the replica; the caller holds this host's lock."""
    path = data / REPLICA_NAME
    remove_parts(path)
    try:
        is_done = is_there(path) and _catch_up(data, path, address, command)
    except duckdb.Error as exc:
        # Of the copy nothing is missed: it is in the lake. So is what is wrong there.
        if not isinstance(explain(path, exc), WarehouseDamaged):
            raise
        is_done = False
    if not is_done:
        _copy_anew(data, path, address, command)
    return path


def drop_position(path: Path) -> dict[str, int]:
    """Turn a copy of the replica into a plain file; return row counts by table."""
    with closing(duckdb.connect(path, config=SEALED)) as con:
        con.execute(f"drop table {_TABLE}")
        [(name,)] = con.execute("select current_database()").fetchall()
        counts = {table: count_rows(con, name, table) for table in tables_of(con, name)}
        con.execute("checkpoint")
    return counts


def _catch_up(data: Path, path: Path, address: LakeAddress, command: str) -> bool:
    """Apply the lake's changes to the replica; return False if a full copy is needed."""
    with _beside(data, path, address, command) as con:
        had = _position(con)
        if had is None or recorded(con) != _recorded_in_lake(con, address):
            return False
        with transaction(con):
            now = _newest(con)
            if had == now:
                return True
            if had.lake != now.lake or not _is_known(con, had, now):
                return False
            check_codecs(con, address, since=had.snapshot_id)
            apply_changes(con, REPLICA, since=had.snapshot_id, until=now.snapshot_id)
            _note(con, now)
        con.execute(f"checkpoint {REPLICA}")
    return True


def _copy_anew(data: Path, path: Path, address: LakeAddress, command: str) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}{PART}")
    try:
        with _beside(data, part, address, command) as con:
            migrate(con, path)
            if recorded(con) != _recorded_in_lake(con, address):
                raise LakeUnavailable(
                    f"{address} was not upgraded to this version of sinowire yet, so it "
                    "cannot be read; `sinowire run` does that"
                )
            with transaction(con):
                check_codecs(con, address)
                con.execute(_MADE)
                copy_tables(con, source=LAKE, target=REPLICA)
                _note(con, _newest(con))
            con.execute(f"checkpoint {REPLICA}")
        log_of(path).unlink(missing_ok=True)
        put_in_place(part, path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _beside(
    data: Path, path: Path, address: LakeAddress, command: str
) -> Iterator[Connection]:
    """Open the file at *path* for writing, with the lake attached read-only."""
    with noted(path) as ask, engine(data, REWRITING) as con, line(con, address, command):
        log_writes(con)
        attach_file(con, path)
        attach(con, address, command=command, read_only=True)
        con.execute(f"use {REPLICA}")
        # Of rows that went, DuckLake 1.5 tells the bounds of those that stayed: by them
        # `distinct` made a 0 that was deleted a 256, and an equality found no such row.
        con.execute("set disabled_optimizers = 'statistics_propagation'")
        try:
            yield con
        finally:
            ask(con)


def _recorded_in_lake(con: Connection, address: LakeAddress) -> dict[str, str]:
    con.execute(f"use {LAKE}")
    try:
        check_known(con, address)
        if not has_fence(con):
            raise LakeUnavailable(
                f"{address} is empty; `sinowire run` starts it, or `sinowire move lake` "
                "copies your warehouse file into it"
            )
        return recorded(con)
    finally:
        con.execute(f"use {REPLICA}")


def _position(con: Connection) -> Position | None:
    try:
        found = con.execute(f"from {_TABLE}").fetchall()
    except duckdb.CatalogException:
        return None
    return Position(*found[0]) if found else None


def _newest(con: Connection) -> Position:
    [found] = con.execute(_POSITION).fetchall()
    return Position(*found)


def _is_known(con: Connection, had: Position, now: Position) -> bool:
    """Tell whether the lake still has the replica's snapshot and all later ones."""
    params = {"id": had.snapshot_id, "made_at": had.made_at, "until": now.snapshot_id}
    [(is_known,)] = con.execute(_STILL_KNOWN, params).fetchall()
    return bool(is_known)


def _note(con: Connection, position: Position) -> None:
    con.execute(f"delete from {_TABLE}")  # noqa: S608  (ours)
    con.execute(f"insert into {_TABLE} values (?, ?, ?)", list(position))  # noqa: S608
