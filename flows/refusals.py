"""Errors as a sentence with a remedy, and a test whether this host can write."""

from __future__ import annotations

import errno
import shutil
import tempfile
from pathlib import Path

import duckdb

from flows.settings import Settings

_ELSEWHERE = "or work elsewhere with --home FOLDER"
_ROOM = "has no room left on its disk; make room there and run again"
_NO_FOLDER = f"is in the way of a folder: move that file aside, {_ELSEWHERE}"
_DENIED = f"is not ours to read or write: run as its owner, {_ELSEWHERE}"
_REFUSALS = {
    errno.EEXIST: _NO_FOLDER,
    errno.ENOTDIR: f"has a file for a folder in it: move that file aside, {_ELSEWHERE}",
    errno.EISDIR: "is a folder where a file is needed: move it aside, or name a file",
    errno.ENOENT: "does not exist: look at the name and at the folder it is in",
    errno.EROFS: f"is on a file system that cannot be written: remount it, {_ELSEWHERE}",
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EFBIG: _ROOM,
    errno.EMFILE: "is one file too many to have open: raise `ulimit -n`",
}
_TOO_MUCH = (
    "this takes more memory than there is, and nothing is written to disk for it: "
    "ask for fewer days or columns at once"
)
# Less is as good as nothing: a run appends, and what Prefect and the desk keep grows too.
LEAST_BYTES = 50_000_000
_PROBE = bytes(4096)


def sentence(exc: BaseException) -> str:
    """Return an error in one line; some errors of libraries have no message."""
    if isinstance(exc, OSError) and (said := refusal(exc)):
        return said
    if isinstance(exc, duckdb.OutOfMemoryException):
        return _TOO_MUCH
    from transforms.text.tables import printable  # noqa: PLC0415  where something failed

    return printable(" ".join(str(exc).split())) or type(exc).__name__


def refusal(exc: OSError) -> str:
    """Return the file in *exc* and a remedy, "" where *exc* is not about a file."""
    remedy = _REFUSALS.get(exc.errno or 0)
    if remedy is _ROOM and exc.filename is None:
        # What fails in the middle of writing comes without a name.
        return f"what was being written {_ROOM}"
    if exc.filename is None or isinstance(exc.filename, int):
        return ""
    said = remedy or f"cannot be used: {exc.strerror or exc}; see to it and try again"
    return f"{exc.filename} {said}"


def is_no_room(exc: BaseException) -> bool:
    """Tell whether *exc* is that of a full disk."""
    return isinstance(exc, OSError) and _REFUSALS.get(exc.errno or 0) is _ROOM


def lacks(settings: Settings) -> str | None:
    """Return the fault that keeps every run on this host from working, None without one."""
    # Before its first run a home has no data.
    data = settings.data if settings.data.exists() else settings.home
    folders = [data, Path(tempfile.gettempdir())]
    address = settings.lake_address
    if address is not None and isinstance(address.folder, Path):
        folders.append(address.folder)
    refused = next(filter(None, map(not_writable, folders)), None)
    return refusal(refused) if refused else _room(data)


def not_writable(folder: Path) -> OSError | None:
    """Return the error of a write in *folder*, None if it succeeds.

    Only writing tells: permissions show neither a full disk nor one that is read-only.
    """
    try:
        with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
            file.write(_PROBE)
    except OSError as exc:
        return OSError(exc.errno, exc.strerror, str(folder))
    return None


def _room(folder: Path) -> str | None:
    free = shutil.disk_usage(folder).free
    if free >= LEAST_BYTES:
        return None
    return f"{folder} has {free / 1e6:.0f} MB left on its disk; make room there"
