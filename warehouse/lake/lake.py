"""The lake as a warehouse, and moves of rows between a file and a lake."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from warehouse.dialect import LAKE
from warehouse.errors import NO_BACKUP, TransferError, WarehouseExists
from warehouse.file.aside import set_aside
from warehouse.file.backup import Wait, Warehouse, backup, verified_copy
from warehouse.file.connect import (
    APPENDING,
    PRIVATE_NAME,
    PUBLISHED_NAME,
    REWRITING,
    transaction,
)
from warehouse.file.connect import writer as file_writer
from warehouse.file.lock import turn
from warehouse.file.publish import PART, copy_file, publish, put_in_place, remove_parts
from warehouse.file.verify import keep_rows
from warehouse.file.writes import forget_writes
from warehouse.lake.address import LakeAddress
from warehouse.lake.attach import REPLICA
from warehouse.lake.copying import columns_of, copy_tables, count_rows
from warehouse.lake.replica import REPLICA_NAME, drop_position, refresh, refresh_replica
from warehouse.lake.writer import keep_in_order, writer
from warehouse.queries import Connection

# Of a lake that was begun one of these has a row, once anything came.
_FILLED = ("runs", "articles")
# Rows of these say that there is something in a lake that must not be replaced unasked.
_HISTORY = ("articles", "runs", "imports")
Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class LakeWarehouse(Warehouse):
    """Warehouse shared by hosts; each publishes a replica in its own data folder."""

    address: LakeAddress

    def writer(
        self,
        *,
        command: str,
        wait: float,
        on_wait: Wait | None = None,
        on_turn: Callable[[], object] | None = None,
        memory: str = APPENDING,
    ) -> AbstractContextManager[Connection]:
        """Open the lake; see :func:`warehouse.lake.writer.writer`."""
        return writer(
            self.data,
            self.address,
            command=command,
            wait=wait,
            on_wait=on_wait,
            on_turn=on_turn,
            memory=memory,
        )

    def publish(self, *, mode: int, wait: float) -> bool:
        """Refresh this host's replica and publish it."""
        self._refresh("sinowire publish", wait)
        return publish(self.data, name=REPLICA_NAME, mode=mode, wait=wait)

    def backup(self, target: Path, *, overwrite: bool = False, wait: float) -> None:
        """Refresh this host's replica and copy it: a file that both kinds restore."""
        self._refresh("sinowire backup", wait)
        backup(self.data, target, name=REPLICA_NAME, overwrite=overwrite, wait=wait)

    def restore(self, source: Path, *, force: bool, wait: float) -> Path | None:
        """Load *source* into the lake; see :func:`warehouse.lake.lake.pour`."""
        _, kept = pour(
            self.data,
            self.address,
            source,
            command="sinowire restore",
            force=force,
            wait=wait,
        )
        return kept

    def begin_anew(self, *, wait: float) -> Path | None:
        """Create an empty lake where none exists."""
        command = "sinowire run --new"
        with writer(
            self.data, self.address, command=command, wait=wait, may_begin=True
        ) as con:
            is_new = not any(count_rows(con, LAKE, table) for table in _FILLED)
        if not is_new:
            raise WarehouseExists(
                self.address, instead="name another database and folder in sinowire.toml"
            )
        with turn(self.data, command=command, wait=wait):
            return set_aside(self.data / PUBLISHED_NAME)

    def keep_in_order(self, *, wait: float) -> str:
        """Expire old snapshots, merge small files, drop the replica's write log."""
        forget_writes(self.data / REPLICA_NAME)
        before, after = keep_in_order(
            self.data, self.address, command="sinowire maintain", wait=wait
        )
        return f"{self.address} had {before}, and has {after}"

    def _refresh(self, command: str, wait: float) -> None:
        refresh_replica(self.data, self.address, command=command, wait=wait)


def pour(
    data: Path,
    address: LakeAddress,
    source: Path,
    *,
    command: str,
    force: bool = False,
    wait: float = 60.0,
) -> tuple[Counts, Path | None]:
    """Load the file at *source* into the lake, in one transaction.

    *source* is a backup, a published copy or a warehouse; it is copied and verified first.
    A lake with rows is replaced only with *force*, and a copy of it is kept in *data*.
    Returns the row counts by table, equal in both, and the path of that copy.

    Raises:
        TransferError: The lake has rows, or the row counts differ afterwards.
        WarehouseDamaged: *source* cannot be read; the lake is left as it is.
    """
    folder = data / "warehouse.pulled"
    pulled = folder / PRIVATE_NAME
    # Under the lock no writer of *source* is at work.
    with turn(data, command=command, wait=wait):
        # A log that a killed one left would be replayed over another file.
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        with verified_copy(source, pulled, remedy=NO_BACKUP) as copy:
            keep_rows(copy, source)
            copy.replace(pulled)
    try:
        # Migrate the private copy to this version.
        with file_writer(folder, command=command, memory=REWRITING):
            pass
        with writer(
            data,
            address,
            command=command,
            wait=wait,
            memory=REWRITING,
            may_begin=True,
            beside=pulled,
        ) as con:
            counts = {table: count_rows(con, LAKE, table) for table in _HISTORY}
            held = ", ".join(f"{n} {table}" for table, n in counts.items() if n)
            if held and not force:
                raise TransferError(
                    f"{address} holds {held}; `--force` replaces that, and keeps a copy"
                )
            # In the same turn: else what is committed in between is in neither.
            kept = _keep(data, address, command=command) if held else None
            with transaction(con):
                counts = copy_tables(con, source=REPLICA, target=LAKE)
                _check_counts(con, counts)
        return counts, kept
    finally:
        shutil.rmtree(folder)


def draw(
    data: Path, address: LakeAddress, *, command: str, wait: float = 60.0
) -> tuple[Counts, Path | None]:
    """Copy the lake into this host's file while the lake is locked.

    Returns the row counts by table, equal in both, and the path of the former file.

    Raises:
        TransferError: The row counts differ; the file is left as it is.
    """
    target = data / PRIVATE_NAME
    part = target.with_name(f"{target.name}.{os.getpid()}{PART}")
    try:
        with writer(data, address, command=command, wait=wait) as con:
            remove_parts(target)
            copy_file(refresh(data, address, command=command), part)
            counts = drop_position(part)
            _check_counts(con, counts)
            kept = set_aside(target)
            put_in_place(part, target)
    finally:
        part.unlink(missing_ok=True)
    return counts, kept


def _keep(data: Path, address: LakeAddress, *, command: str) -> Path | None:
    """Keep a copy of the lake; this host's next replica is a full copy.

    Under both names the file would be one, and be brought up to date as one.
    """
    path = refresh(data, address, command=command)
    kept = set_aside(path)
    path.unlink(missing_ok=True)
    return kept


def _check_counts(con: Connection, counts: Counts) -> None:
    for table, count in counts.items():
        if (
            columns_of(con, LAKE, table)
            and (found := count_rows(con, LAKE, table)) != count
        ):
            raise TransferError(
                f"{table} has {found} rows in the lake and {count} in the file; nothing "
                "was moved: report it"
            )
