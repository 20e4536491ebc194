"""Reading of files that others hand over: bounded, however large they say they are.

What a person names may be a pipe, as shells make them of ``<(…)`` and ``/dev/stdin``. What
lies in a folder is a regular file or is not read: a pipe there would never end.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO

MB = 1_000_000
MOST_BYTES = 64 * MB
MOST_OF_LINE = 16 * MB


def read_regular(path: Path, most: int = MOST_BYTES) -> bytes:
    """Return the bytes of a regular file.

    Raises:
        OSError: It cannot be read, is of another kind, or has more than *most* bytes.
    """
    with open(path, "rb", opener=_at_once) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "no regular file, but a pipe or device", str(path))
        return _read(file, path, most)


def read_named(path: Path, most: int = MOST_BYTES) -> bytes:
    """Return the bytes of a file or pipe that a person named.

    Raises:
        OSError: It cannot be read, or has more than *most* bytes.
    """
    with path.open("rb") as file:
        return _read(file, path, most)


def read_lines(text: IO[str], most: int = MOST_OF_LINE) -> Iterator[str]:
    """Yield the lines of a text.

    Raises:
        OSError: A line has more than *most* characters.
    """
    while line := text.readline(most + 1):
        if len(line) > most:
            raise OSError(errno.EFBIG, f"a line has more than {most // MB} MB")
        yield line


def _at_once(path: str, flags: int) -> int:
    """Open without waiting for whoever writes into a pipe."""
    return os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC)


def _read(file: IO[bytes], path: Path, most: int) -> bytes:
    data = file.read(most + 1)
    if len(data) > most:
        raise OSError(errno.EFBIG, f"it has more than {most // MB} MB", str(path))
    return data
