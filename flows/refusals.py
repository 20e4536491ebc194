"""Errors in a sentence, those of the operating system with a remedy."""

from __future__ import annotations

import errno

import duckdb

from transforms.text.tables import printable

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


def sentence(exc: BaseException) -> str:
    """Return an error in one line; some errors of libraries have no message."""
    if isinstance(exc, OSError) and (said := refusal(exc)):
        return said
    if isinstance(exc, duckdb.OutOfMemoryException):
        return _TOO_MUCH
    text = " ".join(str(exc).split())
    return printable(text) or type(exc).__name__


def refusal(exc: OSError) -> str:
    """Return what *exc* refused and what to do, or "" where it is not about a file."""
    remedy = _REFUSALS.get(exc.errno or 0)
    if remedy is _ROOM and exc.filename is None:
        # What fails in the middle of writing comes without a name.
        return f"what was being written {_ROOM}"
    if exc.filename is None or isinstance(exc.filename, int):
        return ""
    said = remedy or f"cannot be used: {exc.strerror or exc}; see to it and try again"
    return f"{exc.filename} {said}"
