"""Write lock of the file: one writer at a time, whose name waiting processes can read.

It is an ``flock`` on ``data/warehouse.lock``, which the kernel releases however its holder
dies; the file's text only names the holder.
"""

from __future__ import annotations

import fcntl
import os
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from warehouse.errors import WarehouseBusy, WarehouseError
from warehouse.file.signature import read_signature, signed

LOCK_NAME = "warehouse.lock"
# Long enough not to spin, short enough that a turn of a second is not wasted.
_POLL_SECONDS = 0.05
# Shorter waits are the ordinary case and not worth a word.
_TELL_AFTER_SECONDS = 1.0
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
        try:
            with ExitStack() as stack:
                with naming(path):
                    stack.enter_context(signed(descriptor, command))
                yield
        finally:
            # To close is not enough: a child forked in between has the file open too.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
    finally:
        os.close(descriptor)


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


def _name_holder(descriptor: int) -> str:
    holder = read_signature(descriptor)
    # It has the turn and has not signed yet, or is just letting go.
    return holder.in_words() if holder else "another process"


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
