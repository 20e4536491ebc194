"""Write lock of the file: one writer at a time, whose name waiting processes can read.

It is an ``flock`` on ``data/warehouse.lock``, which the kernel releases however its holder
dies; the file's text only names the holder.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from warehouse.errors import WarehouseBusy
from warehouse.file.private import PRIVATE_FILE, close_to_others, for_us_alone, make_private

LOCK_NAME = "warehouse.lock"
# Long enough not to spin, short enough that a turn of a second is not wasted.
_POLL_SECONDS = 0.05
# Shorter waits are the ordinary case and not worth a word.
_TELL_AFTER_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """The process that holds the write lock."""

    pid: int
    command: str
    since: str

    def __str__(self) -> str:
        return f"`{self.command}` (process {self.pid}, since {self.since})"


@contextmanager
def turn(
    data: Path, *, command: str, wait: float, on_wait: Callable[[str], object] | None = None
) -> Iterator[None]:
    """Hold the write lock of the warehouse in *data*.

    Files created under it are private, and private files in *data* lose the permissions of
    other users. *on_wait* is called once, with the holder's name, after a noticeable wait.

    Raises:
        WarehouseBusy: The lock was not free within *wait* seconds.
        WarehouseError: A private file is open to others and not ours to close.
    """
    with held(data / LOCK_NAME, command=command, wait=wait, on_wait=on_wait):
        close_to_others(data)
        with for_us_alone():
            yield


@contextmanager
def held(
    path: Path, *, command: str, wait: float, on_wait: Callable[[str], object] | None = None
) -> Iterator[None]:
    """Hold the lock on the file at *path*, signed with *command*; see ``turn``.

    The file is private: any reader of it could keep it locked.

    Raises:
        WarehouseBusy: It was not free within *wait* seconds.
        WarehouseError: It is open to others and not ours to close.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    try:
        make_private(path)
        _acquire(descriptor, wait, on_wait)
        with naming(path):
            _sign(descriptor, command)
        try:
            yield
        finally:
            os.ftruncate(descriptor, 0)
            # To close is not enough: a child forked in between has the file open too.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
    finally:
        os.close(descriptor)


def holder(data: Path) -> Holder | None:
    """Return the holder named in the lock file; it may be stale."""
    try:
        return Holder(**json.loads((data / LOCK_NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _acquire(descriptor: int, wait: float, on_wait: Callable[[str], object] | None) -> None:
    start = time.monotonic()
    told = False
    while not _try(descriptor):
        waited = time.monotonic() - start
        if waited >= wait:
            raise WarehouseBusy(_name_holder(descriptor), waited)
        if on_wait and not told and waited >= _TELL_AFTER_SECONDS:
            on_wait(_name_holder(descriptor))
            told = True
        time.sleep(_POLL_SECONDS)


def _try(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sign(descriptor: int, command: str) -> None:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    text = json.dumps(asdict(Holder(pid=os.getpid(), command=command, since=since)))
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, text.encode(), 0)


def _name_holder(descriptor: int) -> str:
    try:
        return str(Holder(**json.loads(os.pread(descriptor, 4096, 0))))
    except (ValueError, TypeError):
        # It has the turn and has not signed yet, or is just letting go.
        return "another process"


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Add *path* to an operating system error that names no file.

    Failures during a write, such as a full disk, come without a name.
    """
    try:
        yield
    except OSError as exc:
        if exc.filename is not None or exc.errno is None:
            raise
        raise OSError(exc.errno, exc.strerror, str(path)) from exc
