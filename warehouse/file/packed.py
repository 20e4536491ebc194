"""Packed copies: gzip files of a backup, about half as large as the warehouse.

gzip has a checksum of what it holds, so reading one to its end tells whether it is whole.
"""

from __future__ import annotations

import gzip
import os
import shutil
import zlib
from pathlib import Path
from typing import IO

from isal import igzip
from isal.igzip_lib import IsalError

from warehouse.errors import NO_BACKUP, WarehouseDamaged

SUFFIX = ".gz"
# Level 0 packs less for the same price, and level 2 hardly more for a third more.
LEVEL = 1
_PIECE = 1 << 20
_MAGIC = b"\x1f\x8b"
# Its stub has the last one as an exception, not as a type.
_BROKEN: tuple[type[Exception], ...] = (
    gzip.BadGzipFile,
    EOFError,
    zlib.error,
    IsalError,  # type: ignore[assignment]
)


def is_packed(path: Path) -> bool:
    """Tell whether the file at *path* begins as a packed one."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def pack(source: Path, target: Path) -> None:
    """Write a packed copy of *source* to *target*, durably, with its modification time."""
    found = source.stat()
    with target.open("wb") as file:
        with source.open("rb") as raw, _opened(file, "wb") as packed:
            shutil.copyfileobj(raw, packed, _PIECE)
        file.flush()
        os.fsync(file.fileno())
    os.utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))


def unpack(source: Path, target: Path) -> None:
    """Write what the packed file *source* holds to *target*.

    Raises:
        WarehouseDamaged: It is cut off, or not as it was written.
    """
    try:
        with _opened(source, "rb") as packed, target.open("wb") as raw:
            shutil.copyfileobj(packed, raw, _PIECE)
    except _BROKEN as exc:
        raise WarehouseDamaged(source, str(exc), remedy=NO_BACKUP) from exc


def is_whole(packed: Path, *, of: Path) -> bool:
    """Tell whether the file *packed* can be read to its end and is as long as that one."""
    length = 0
    try:
        with _opened(packed, "rb") as file:
            while piece := file.read(_PIECE):
                length += len(piece)
    except _BROKEN:
        return False
    return length == of.stat().st_size


def _opened(file: Path | IO[bytes], mode: str) -> IO[bytes]:
    opened: IO[bytes] = igzip.open(file, mode, LEVEL)  # type: ignore[no-untyped-call]
    return opened
