"""The two kinds of warehouse, a file and a lake, with one interface."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import duckdb

from warehouse.file import backup, connect, publish
from warehouse.file.connect import APPENDING, PRIVATE_NAME
from warehouse.file.writes import forget_writes

Wait = Callable[[str], object]
Got = Callable[[], object]


class Warehouse(Protocol):
    """What is done with a warehouse, wherever its rows are.

    Each waits *wait* seconds for its turn; *on_wait* hears whom it waits for, and
    *on_turn* that the turn is there, before the warehouse is open.
    """

    def writer(
        self,
        *,
        command: str,
        wait: float,
        on_wait: Wait | None = None,
        on_turn: Got | None = None,
        memory: str = APPENDING,
    ) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """Open it to write, up to date and for us alone."""

    def publish(self, *, mode: int, wait: float) -> bool:
        """Put a copy where people of this host read it; return whether it changed."""

    def backup(self, target: Path, *, overwrite: bool = False, wait: float) -> None:
        """Keep a copy that was read, a file, at *target*."""

    def restore(self, source: Path, *, force: bool, wait: float) -> Path | None:
        """Put a copy of *source* in its place; return where what was there is kept."""

    def begin_anew(self, *, wait: float) -> Path | None:
        """Make it, empty, where there is none; return where the last copy is kept."""

    def keep_in_order(self, *, wait: float) -> str:
        """Do what it needs each night; return what that brought, "" for nothing."""


@dataclass(frozen=True, slots=True)
class FileWarehouse:
    """A warehouse that is a file in the data folder of one host."""

    data: Path

    def writer(
        self,
        *,
        command: str,
        wait: float,
        on_wait: Wait | None = None,
        on_turn: Got | None = None,
        memory: str = APPENDING,
    ) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """Open the file; see :func:`warehouse.file.connect.writer`."""
        return connect.writer(
            self.data,
            command=command,
            wait=wait,
            on_wait=on_wait,
            on_turn=on_turn,
            memory=memory,
        )

    def publish(self, *, mode: int, wait: float) -> bool:
        """Publish the file; see :func:`warehouse.file.publish.publish`."""
        return publish.publish(self.data, mode=mode, wait=wait)

    def backup(self, target: Path, *, overwrite: bool = False, wait: float) -> None:
        """Copy the file; see :func:`warehouse.file.backup.backup`."""
        backup.backup(self.data, target, overwrite=overwrite, wait=wait)

    def restore(self, source: Path, *, force: bool, wait: float) -> Path | None:
        """Replace the file; see :func:`warehouse.file.backup.restore`."""
        return backup.restore(self.data, source, force=force, wait=wait)

    def begin_anew(self, *, wait: float) -> Path | None:
        """Make an empty file; see :func:`warehouse.file.backup.begin_anew`."""
        return backup.begin_anew(self.data, wait=wait)

    def keep_in_order(self, *, wait: float) -> str:
        """Have the next copies compared to the last byte; each writer did the rest."""
        del wait
        forget_writes(self.data / PRIVATE_NAME)
        return ""
