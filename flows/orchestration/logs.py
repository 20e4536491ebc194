"""Keep the logs of processes that run for months from filling the disk."""

from __future__ import annotations

import os
from pathlib import Path

from warehouse.file.publish import copy_file

# Weeks of warnings, or a few thousand tracebacks; as much again is kept in ``.1``.
LARGEST_BYTES = 5_000_000


def rotate(log: Path, *, largest: int = LARGEST_BYTES) -> bool:
    """Move what *log* holds to ``<log>.1`` once it is too large; return whether it was.

    Its writers keep the file open for appending, so it is copied and truncated, and they
    go on at its new end. A line that is written in between is lost.
    """
    if not log.exists() or log.stat().st_size <= largest:
        return False
    copy_file(log, log.with_name(f"{log.name}.1"))
    os.truncate(log, 0)
    return True
