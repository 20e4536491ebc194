"""The warehouse as a lake; see :mod:`warehouse.kinds`."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.dialect import LAKE
from warehouse.errors import WarehouseExists
from warehouse.file.aside import set_aside
from warehouse.file.backup import backup
from warehouse.file.connect import APPENDING, PUBLISHED_NAME
from warehouse.file.lock import turn
from warehouse.file.publish import publish
from warehouse.file.writes import forget_writes
from warehouse.kinds import Got, Wait
from warehouse.lake.address import LakeAddress
from warehouse.lake.copying import count_rows
from warehouse.lake.replica import REPLICA_NAME, refresh_replica
from warehouse.lake.transfer import pour
from warehouse.lake.upkeep import keep_in_order
from warehouse.lake.writer import writer

# Of a lake that was begun one of these has a row, once anything came.
_FILLED = ("runs", "articles")


@dataclass(frozen=True, slots=True)
class LakeWarehouse:
    """A warehouse that hosts share; each has a copy in its own data folder to publish."""

    data: Path
    address: LakeAddress

    def writer(
        self,
        *,
        command: str,
        wait: float,
        on_wait: Wait | None = None,
        on_turn: Got | None = None,
        memory: str = APPENDING,
    ) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
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
        """Bring this host's copy up to date and publish it."""
        self._refresh("sinowire publish", wait)
        return publish(self.data, name=REPLICA_NAME, mode=mode, wait=wait)

    def backup(self, target: Path, *, overwrite: bool = False, wait: float) -> None:
        """Copy this host's copy once it is up to date: a file that either kind restores."""
        self._refresh("sinowire backup", wait)
        backup(self.data, target, name=REPLICA_NAME, overwrite=overwrite, wait=wait)

    def restore(self, source: Path, *, force: bool, wait: float) -> Path | None:
        """Put *source* into the lake; see :func:`warehouse.lake.transfer.pour`."""
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
        """Make an empty lake where there is none."""
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
        """Forget old snapshots, join small files; have the next copies compared wholly."""
        forget_writes(self.data / REPLICA_NAME)
        before, after = keep_in_order(
            self.data, self.address, command="sinowire maintain", wait=wait
        )
        return f"{self.address} had {before}, and has {after}"

    def _refresh(self, command: str, wait: float) -> None:
        refresh_replica(self.data, self.address, command=command, wait=wait)
