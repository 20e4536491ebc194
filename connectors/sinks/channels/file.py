"""File channel: JSON lines appended to a file.

A line is written at once and synced before the alert counts as delivered. Half a line
from a crash is cut off first: it was never delivered, and is sent again.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from connectors.sinks.context import (
    ChannelType,
    PermanentSinkError,
    SinkContext,
    SinkError,
    TransientSinkError,
    each,
)
from transforms.models import Channel, Parcel

# These errors pass by themselves, or when space is freed.
_PASSING = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EAGAIN, errno.EMFILE, errno.ENFILE}
)
_BLOCK = 64 * 1024
OURS_ALONE = 0o077


def send_file(channel: Channel, parcel: Parcel, context: SinkContext) -> None:
    """Append the parcel to the channel's file, created where it is missing.

    Files and folders created inside the data folder are private.

    Raises:
        SinkError: The file cannot be written.
    """
    from connectors.sinks.payload import encode  # noqa: PLC0415  slow, and seldom needed

    path = context.home / channel.address
    line = encode(channel, parcel) + b"\n"
    umask = OURS_ALONE if _is_within(path, context.data) else context.umask
    try:
        make_folder(path.parent, umask)
        append_line(path, line, umask)
    except OSError as exc:
        raise disk_error(channel, exc) from exc


def _is_within(path: Path, folder: Path | None) -> bool:
    return folder is not None and path.resolve().is_relative_to(folder.resolve())


def append_line(path: Path, line: bytes, umask: int) -> None:
    """Append *line* whole or not at all, and sync it to disk."""
    fd = open_or_make(path, umask)
    try:
        with locked(fd):
            end = _heal(fd)
            try:
                _write(fd, line)
            except OSError:
                os.ftruncate(fd, end)
                raise
            os.fsync(fd)
    finally:
        os.close(fd)


def _write(fd: int, line: bytes) -> None:
    if os.write(fd, line) != len(line):
        raise OSError(errno.ENOSPC, "only a part of the line could be written")


def _heal(fd: int) -> int:
    """Move to the end of the last whole line, and return that offset."""
    end = os.lseek(fd, 0, os.SEEK_END)
    start = _last_line(fd, end)
    if start < end:
        if _is_whole(os.pread(fd, end - start, start)):
            # An editor left out the last line's end.
            os.write(fd, b"\n")
            return end + 1
        os.ftruncate(fd, start)
    return os.lseek(fd, start, os.SEEK_SET)


def _last_line(fd: int, end: int) -> int:
    """Return the offset after the last line end."""
    at = end
    while at > 0:
        begin = max(0, at - _BLOCK)
        found = os.pread(fd, at - begin, begin).rfind(b"\n")
        if found >= 0:
            return begin + found + 1
        at = begin
    return 0


def _is_whole(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def disk_error(channel: Channel, exc: OSError) -> SinkError:
    """Return the error for a file of *channel* that cannot be written."""
    reason = f"its file cannot be written: {exc.strerror}"
    kind = TransientSinkError if exc.errno in _PASSING else PermanentSinkError
    return kind(channel.channel_id, reason)


# The process's umask may be narrow for a moment, while another thread writes what is
# private. So files and folders for others get their mode from the umask of the context.
def make_folder(path: Path, umask: int) -> None:
    """Create *path* and its missing parents."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o777 & ~umask)


def open_or_make(path: Path, umask: int) -> int:
    """Open *path* to read and write, created where missing; return a descriptor."""
    try:
        made = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        return os.open(path, os.O_RDWR | os.O_CLOEXEC)
    os.fchmod(made, 0o644 & ~umask)
    return made


@contextmanager
def locked(fd: int) -> Iterator[None]:
    """Hold an exclusive lock on the file of *fd*, among processes."""
    fcntl.flock(fd, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(fd, fcntl.LOCK_UN)


CHANNEL = ChannelType(address="path", open=each(send_file))
