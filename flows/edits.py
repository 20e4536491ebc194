"""Change the files that people edit: one process at a time, and each file atomically."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from flows.settings import Settings, read_file
from transforms.config import ConfigError
from warehouse.errors import WarehouseBusy
from warehouse.file.lock import held

LOCK_NAME = "edits.lock"


class EditBusy(Exception):  # noqa: N818  named for the state, like the warehouse's
    """Another command is changing a file and did not finish in time."""


def edit_text(
    settings: Settings,
    name: str,
    change: Callable[[str | None], str],
    *,
    command: str,
    report: Callable[[str], None],
) -> None:
    """Replace the home's file by what *change* returns for its text (None: no such file).

    A lock keeps other commands from changing files of this home meanwhile; *report* is
    told when we have to wait for it.

    Raises:
        EditBusy: The lock was not free in time.
        ConfigError: The file cannot be read, or not be written as its owner's.
    """

    def waiting(holder: str) -> None:
        report(f"waiting for {holder} to finish changing {name} …")

    try:
        with held(
            settings.data / LOCK_NAME,
            command=f"sinowire {command}",
            wait=settings.writer_wait_seconds,
            on_wait=waiting,
        ):
            path = settings.home / name
            replace_text(path, change(read_file(path)))
    except WarehouseBusy as exc:
        raise EditBusy(
            f"{name} is being changed by {exc.holder}; wait for it to end, and try again"
        ) from exc


def replace_text(path: Path, text: str) -> None:
    """Put *text* in place of a file at once: nobody ever reads half of it.

    The file keeps its mode and its owner.

    Raises:
        ConfigError: It belongs to somebody else, in whose name we cannot write.
    """
    path = path.resolve()
    there = path.stat() if path.exists() else None
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    try:
        # What it may hold of secrets is ours alone until it has the file's own mode.
        mode = 0o600 if there else 0o666
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            if there:
                _belong(descriptor, there, path)
            os.fsync(descriptor)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _belong(descriptor: int, there: os.stat_result, path: Path) -> None:
    """Give the open file the owner and the mode of the one that it replaces."""
    ours = os.fstat(descriptor)
    if (there.st_uid, there.st_gid) != (ours.st_uid, ours.st_gid):
        try:
            os.fchown(descriptor, there.st_uid, there.st_gid)
        except PermissionError as exc:
            raise ConfigError(
                str(path), "belongs to another user", "change it as its owner"
            ) from exc
    os.fchmod(descriptor, stat.S_IMODE(there.st_mode))
