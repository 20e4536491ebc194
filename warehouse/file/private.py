"""Permissions: private files for their owner alone, at any umask."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from warehouse.errors import WarehouseError

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
# In the data folder; what is named differently there is for others to read, or empty.
PRIVATE_PATHS = ("backups", "briefs", "cache", "prefect", "raw", "verdicts", "warehouse.*")
# Alerts that a channel writes there. They may be a link to another's file, or another's.
PRIVATE_IF_OURS = ("*.jsonl", "*.lock")
OURS_ALONE = 0o077
# What the process's umask was before it was narrowed; it belongs to all threads.
_usual: list[int] = []
_narrowing = threading.Lock()


def private_folder(path: Path) -> Path:
    """Create the folder *path* for its owner alone, or restrict an existing one.

    Raises:
        WarehouseError: It is open and somebody else's.
    """
    path.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    make_private(path)
    return path


def make_private(path: Path) -> None:
    """Remove the permissions of other users on *path*.

    Raises:
        WarehouseError: It is open and somebody else's.
    """
    mode = stat.S_IMODE(path.stat().st_mode)
    if not mode & OURS_ALONE:
        return
    try:
        path.chmod(mode & ~OURS_ALONE)
    except PermissionError as exc:
        raise WarehouseError(
            f"{path} is open to other users and belongs to one of them; as its owner: "
            f"chmod go= {path}"
        ) from exc


def close_to_others(data: Path) -> None:
    """Remove the permissions of other users on private files in *data*.

    Raises:
        WarehouseError: Something is open and somebody else's.
    """
    for pattern in PRIVATE_PATHS:
        for path in data.glob(pattern):
            # A reader's log goes with the reader.
            with suppress(FileNotFoundError):
                make_private(path)
    for pattern in PRIVATE_IF_OURS:
        for path in data.glob(pattern):
            with suppress(FileNotFoundError):
                if path.lstat().st_uid == os.geteuid() and not path.is_symlink():
                    make_private(path)


@contextmanager
def for_us_alone() -> Iterator[None]:
    """Run the body with a umask that makes new files private, DuckDB's included.

    The umask belongs to the whole process. Another thread that creates public files
    meanwhile has to set their mode by :func:`usual_umask`.
    """
    with _narrowing:
        _usual.append(os.umask(OURS_ALONE))
    try:
        yield
    finally:
        with _narrowing:
            os.umask(_usual.pop())


def usual_umask() -> int:
    """Return the process's original umask, even while it is narrowed."""
    with _narrowing:
        if _usual:
            return _usual[0]
        # There is no way to ask for it but to set it.
        usual = os.umask(OURS_ALONE)
        os.umask(usual)
        return usual
