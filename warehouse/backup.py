"""Keep a copy of the warehouse, and bring one back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb

from warehouse.connect import PRIVATE_NAME, explain
from warehouse.errors import (
    NO_BACKUP,
    RESTORE,
    TransferError,
    WarehouseDamaged,
    WarehouseNewer,
)
from warehouse.lock import turn
from warehouse.migrate import check_known
from warehouse.publish import copy_file, replay_log

Wait = Callable[[str], object]


def backup(
    data: Path,
    target: Path,
    *,
    command: str = "sinowire backup",
    wait: float = 60.0,
    on_wait: Wait | None = None,
) -> None:
    """Copy the warehouse to *target*, and read both to see that they are good.

    Raises:
        TransferError: There is no warehouse, *target* exists, or has no room.
        WarehouseDamaged: The warehouse cannot be read; there is no copy then.
    """
    source = data / PRIVATE_NAME
    if target.exists():
        raise TransferError(f"{target} exists; name another file, or move it aside")
    with turn(data, command=command, wait=wait, on_wait=on_wait):
        if not source.exists():
            raise TransferError(f"{source} does not exist; there is nothing to back up")
        replay_log(source)
        verify(source, remedy=RESTORE)
        _copy(source, target)
    _check_copy(target)


def restore(
    data: Path,
    source: Path,
    *,
    force: bool = False,
    command: str = "sinowire restore",
    wait: float = 60.0,
    on_wait: Wait | None = None,
) -> Path | None:
    """Put the backup *source* in the place of the warehouse; return where that went.

    The former warehouse is moved aside and never deleted. Without *force* one that is
    in order is not replaced at all.

    Raises:
        TransferError: *source* is missing, or the warehouse is in order without *force*.
        WarehouseDamaged: *source* cannot be read; the warehouse is left as it is.
    """
    if not source.is_file():
        raise TransferError(f"{source} is no file; name one that `sinowire backup` made")
    verify(source)
    with turn(data, command=command, wait=wait, on_wait=on_wait):
        target = data / PRIVATE_NAME
        kept = None
        if target.exists():
            if not force and not _is_damaged(target):
                raise TransferError(
                    f"{target} is in order; `--force` moves it aside and takes {source}"
                )
            kept = _move_aside(target)
        _copy(source, target)
    return kept


def verify(path: Path, *, remedy: str = NO_BACKUP) -> None:
    """Open *path* and read every table of it; *remedy* is for a damaged one.

    Raises:
        WarehouseDamaged: It cannot be read, or is no warehouse.
        WarehouseNewer: A later version wrote it.
    """
    if path.is_file() and not _is_duckdb(path):
        # DuckDB would take some for tables to query, by the ending of the name.
        raise WarehouseDamaged(path, "it is not a DuckDB file", remedy=remedy)
    try:
        with duckdb.connect(
            path, read_only=True, config={"autoinstall_known_extensions": "false"}
        ) as con:
            check_known(con, path, remedy=remedy)
            for (table,) in con.execute(
                "select table_name from duckdb_tables() where not internal"
            ).fetchall():
                # Hashing reads every block, and each block has a checksum.
                con.execute(f'select sum(hash(t)) from "{table}" as t').fetchall()  # noqa: S608
    except duckdb.Error as exc:
        raise explain(path, exc, remedy=remedy) from exc


def _is_duckdb(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(12)[8:] == b"DUCK"


def _is_damaged(path: Path) -> bool:
    try:
        verify(path)
    except WarehouseDamaged:
        return True
    except WarehouseNewer:
        return False
    return False


def _check_copy(target: Path) -> None:
    try:
        verify(target)
    except WarehouseDamaged as exc:
        target.unlink()
        raise TransferError(
            f"the copy at {target} could not be read back and was removed; "
            "the warehouse itself is in order: see to that disk, or name another one"
        ) from exc


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        copy_file(source, target)
    except OSError as exc:
        raise TransferError(
            f"{target} could not be written: {exc.strerror or exc}; "
            f"make room for {source.stat().st_size / 1e6:.0f} MB and try again"
        ) from exc


def _move_aside(target: Path) -> Path:
    number = 1
    while (kept := target.with_name(f"{target.name}.before-{number}")).exists():
        number += 1
    log = target.with_name(f"{target.name}.wal")
    if log.exists():
        # It belongs to this file and to no other; alone it would spoil the restored one.
        log.rename(kept.with_name(f"{kept.name}.wal"))
    target.rename(kept)
    return kept
