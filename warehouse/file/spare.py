"""Bring the copy before the last up to date, instead of making a whole new one.

A copy of a large warehouse writes it all for the little that changed. So the file that a
publication replaces is kept, under a private name, and the next one writes into it the
pieces in which it differs, of those that writers wrote meanwhile where that is known.
Readers keep what they opened, so nothing is written into a file that anybody may
still have: the kernel tells whether somebody has it open or another name of it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from warehouse.file.writes import Span, is_large

PIECE = 1 << 16
# Who looked the name up before it was replaced has opened it after so many seconds.
REST = 5.0
CLONE = 0x40049409  # FICLONE of linux/fs.h; Python has no name for it.


def clone(source: Path, target: Path) -> bool:
    """Let *target* share all blocks of *source*; return whether the file system can."""
    with source.open("rb") as original, target.open("wb") as copy:
        try:
            fcntl.ioctl(copy, CLONE, original.fileno())
        except OSError:
            return False
    return True


def spare_of(source: Path) -> Path:
    """Return where the copy before the last of *source* is kept."""
    return source.with_name(f"{source.name}.spare")


def keep_spare(source: Path, target: Path) -> None:
    """Keep what is at *target*, which is about to be replaced, where it is of use."""
    spare = spare_of(source)
    spare.unlink(missing_ok=True)
    size = source.stat().st_size
    if not is_large(size) or shutil.disk_usage(source.parent).free < 2 * size:
        return
    with suppress(OSError):
        os.link(target, spare)


def take_spare(source: Path, part: Path) -> bool:
    """Move the spare copy to *part* if there is one and nobody else has it.

    One that somebody has is theirs from now on: it is gone when they close it.
    """
    spare = spare_of(source)
    try:
        found = spare.stat()
        spare.rename(part)
    except FileNotFoundError:
        return False
    # The change is its last renaming or unlinking: when it was replaced.
    has_rested = time.time() - found.st_ctime > REST
    if found.st_nlink == 1 and has_rested and _is_ours_alone(part):
        return True
    part.unlink()
    return False


def write_differences(source: Path, copy: Path, spans: Iterable[Span]) -> int:
    """Make *copy* equal to *source* within *spans*; return how many bytes were read."""
    read = 0
    ours, theirs = bytearray(PIECE), bytearray(PIECE)
    with source.open("rb", buffering=0) as new, copy.open("r+b", buffering=0) as old:
        old.truncate(source.stat().st_size)
        for at, wanted in _pieces(spans):
            length = os.preadv(new.fileno(), [memoryview(ours)[:wanted]], at)
            had = os.preadv(old.fileno(), [memoryview(theirs)[:wanted]], at)
            if length != had or ours[:length] != theirs[:length]:
                os.pwrite(old.fileno(), memoryview(ours)[:length], at)
            read += length
    return read


def _pieces(spans: Iterable[Span]) -> Iterator[Span]:
    for start, length in spans:
        for at in range(start, start + length, PIECE):
            yield at, min(PIECE, start + length - at)


def _is_ours_alone(path: Path) -> bool:
    """Say whether no process has *path* open: a write lease is given to nobody else."""
    try:
        with path.open("r+b") as file:
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except (AttributeError, OSError):
        # Not this system's, not this file system's, or somebody has it.
        return False
    return True
