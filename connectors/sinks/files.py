"""Files and folders that sinks make for others to read, and how one is locked.

The process's umask may be narrow for a moment, while another thread writes what is
private. So they get their mode from the umask of the outlet.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def make_folder(path: Path, umask: int) -> None:
    """Make *path* and what is missing above it."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o777 & ~umask)


def open_or_make(path: Path, umask: int) -> int:
    """Open *path* to read and write, made where it is not there; return a descriptor."""
    try:
        made = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        return os.open(path, os.O_RDWR | os.O_CLOEXEC)
    os.fchmod(made, 0o644 & ~umask)
    return made


@contextmanager
def locked(fd: int) -> Iterator[None]:
    """Hold the file of *fd* for us alone, among processes."""
    fcntl.flock(fd, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(fd, fcntl.LOCK_UN)
