"""Two kinds of warehouse, a file and a lake, with one interface."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from warehouse.file import backup, connect, publish
from warehouse.file.connect import APPENDING, PRIVATE_NAME
from warehouse.file.writes import forget_writes
from warehouse.queries import Connection

Wait = Callable[[str], object]
Got = Callable[[], object]


class Warehouse(Protocol):
    """Operations on a warehouse, be it a file or a lake.

    Each waits *wait* seconds for the write lock; *on_wait* is called with its holder,
    *on_turn* once the lock is ours, before the warehouse is open.
    """

    def writer(
        self,
        *,
        command: str,
        wait: float,
        on_wait: Wait | None = None,
        on_turn: Got | None = None,
        memory: str = APPENDING,
    ) -> AbstractContextManager[Connection]:
        """Open the warehouse for writing, migrated and exclusive."""

    def publish(self, *, mode: int, wait: float) -> bool:
        """Publish a copy for readers on this host; return whether it changed."""

    def backup(self, target: Path, *, overwrite: bool = False, wait: float) -> None:
        """Write a verified copy to the file *target*."""

    def restore(self, source: Path, *, force: bool, wait: float) -> Path | None:
        """Replace the content by a copy of *source*; return the path of the former one."""

    def begin_anew(self, *, wait: float) -> Path | None:
        """Create an empty warehouse where none exists; return the last copy's path."""

    def keep_in_order(self, *, wait: float) -> str:
        """Run the nightly maintenance; return its result, or ""."""


@dataclass(frozen=True, slots=True)
class FileWarehouse:
    """Warehouse in a file in the data folder of one host."""

    data: Path

    def writer(
        self,
        *,
        command: str,
        wait: float,
        on_wait: Wait | None = None,
        on_turn: Got | None = None,
        memory: str = APPENDING,
    ) -> AbstractContextManager[Connection]:
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
        """Create an empty file; see :func:`warehouse.file.backup.begin_anew`."""
        return backup.begin_anew(self.data, wait=wait)

    def keep_in_order(self, *, wait: float) -> str:
        """Drop the write log, so that the next copies are compared in full."""
        del wait
        forget_writes(self.data / PRIVATE_NAME)
        return ""
