"""Publication: a copy of the closed file for readers."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from pathlib import Path

import duckdb

from warehouse.errors import RESTORE, PublishError
from warehouse.file.aside import check_may_begin, is_there, log_of
from warehouse.file.connect import PRIVATE_NAME, PUBLISHED_NAME, SEALED, explain
from warehouse.file.lock import PRIVATE_FILE, turn
from warehouse.file.verify import verify
from warehouse.file.writes import (
    clone,
    close_spare,
    forget_writes,
    is_as_written,
    keep_spare,
    mark_of,
    renew_spare,
    spare_of,
)

# Who may read the copy, where no setting says otherwise: its owner and group.
PUBLISHED_MODE = 0o640
PART = ".part"


def publish(
    data: Path, *, name: str = PRIVATE_NAME, mode: int = PUBLISHED_MODE, wait: float = 60.0
) -> bool:
    """Replace the published file by a copy of the warehouse; return whether it changed.

    The warehouse is the file called *name* in *data*.

    The copy is made beside it and renamed atomically: a reader sees the old file or the new
    one, and an open old one stays readable. The cost is that of the changes if the file
    system shares blocks, or if no process has the spare copy open. The permissions become
    *mode* in any case.

    Raises:
        PublishError: There is no room, or the file system refuses; the old one stands.
        WarehouseMissing: The warehouse is gone; the old copy stands.
        WarehouseDamaged: The warehouse cannot be read; the old copy stands.
        WarehouseBusy: A writer kept the warehouse for more than *wait* seconds.
    """
    with turn(data, command="sinowire publish", wait=wait):
        source, target = data / name, data / PUBLISHED_NAME
        if not is_there(source):
            check_may_begin(source, target)
            raise PublishError(
                f"{source} does not exist: there is nothing to publish; "
                "`sinowire run` makes it"
            )
        remove_parts(target)
        replay_log(source)
        # The copy bears the original's time, and every commit gives the original a new one.
        if target.exists() and mark_of(source) == mark_of(target):
            _allow(target, mode)
            return False
        shrank = target.exists() and source.stat().st_size < target.stat().st_size
        if shrank and not is_as_written(source):
            # A writer may do that, which is on record, and so does what cuts a file off.
            verify(source, remedy=RESTORE)
        try:
            _renew(source, target, mode=mode)
        except OSError as exc:
            raise PublishError(
                f"{target} was not replaced: {exc.strerror or exc}; the old copy stands: "
                f"{_remedy(exc, source)} and run again"
            ) from exc
        return True


def _remedy(exc: OSError, source: Path) -> str:
    if exc.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"see that {source.parent} can be written by this user"
    size, free = source.stat().st_size, shutil.disk_usage(source.parent).free
    return f"make room for {size / 1e6:.0f} MB ({free / 1e6:.0f} MB are free)"


def _renew(source: Path, target: Path, *, mode: int) -> None:
    """Put a copy of *source* at *target*, made of the one before the last if it may be."""
    part = target.with_name(f"{target.name}.{os.getpid()}{PART}")
    try:
        if not renew_spare(source, part):
            _copy_content(source, part)
        _finish(source, part, mode)
        if target.exists():
            keep_spare(source, target)
        put_in_place(part, target)
        close_spare(source)
        forget_writes(source, until=spare_of(source))
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def copy_file(source: Path, target: Path) -> None:
    """Copy *source* to *target* atomically and privately, with its modification time.

    Raises:
        OSError: The copy failed; the file at *target* is unchanged.
    """
    part = target.with_name(f"{target.name}.{os.getpid()}{PART}")
    try:
        _copy_content(source, part)
        _finish(source, part, PRIVATE_FILE)
        put_in_place(part, target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _copy_content(source: Path, part: Path) -> None:
    if not clone(source, part):
        shutil.copyfile(source, part)


def _finish(source: Path, part: Path, mode: int) -> None:
    found = source.stat()
    os.utime(part, ns=(found.st_atime_ns, found.st_mtime_ns))
    part.chmod(mode)
    _sync(part)


def put_in_place(part: Path, target: Path) -> None:
    """Rename the finished *part* to *target*, atomically and durably."""
    part.replace(target)
    _sync(target.parent)


def write_durably(target: Path, content: bytes) -> None:
    """Write a file for us alone, atomically and durably."""
    part = target.with_name(f".{target.name}.{os.getpid()}{PART}")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    _sync(part)
    put_in_place(part, target)


def remove_parts(target: Path) -> None:
    """Remove partial copies left by a killed writer of *target*; needs the lock."""
    for log in ("", ".wal"):
        for part in target.parent.glob(f"{target.name}.[0-9]*{PART}{log}"):
            part.unlink()


def _allow(target: Path, mode: int) -> None:
    if stat.S_IMODE(target.stat().st_mode) == mode:
        return
    try:
        target.chmod(mode)
    except PermissionError as exc:
        raise PublishError(
            f"{target} belongs to another user and cannot be given the mode {mode:04o}; "
            "run as its owner, or delete it: the next run writes it anew"
        ) from exc


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replay_log(source: Path) -> None:
    """Replay a killed writer's log: commits that are not in the file yet."""
    # DuckDB deletes a log whose file is gone.
    if not (is_there(source) and log_of(source).exists()):
        return
    try:
        with duckdb.connect(source, config=SEALED) as con:
            con.execute("checkpoint")
    except duckdb.Error as exc:
        raise explain(source, exc) from exc
