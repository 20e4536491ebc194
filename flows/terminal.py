"""How wide the lines of a stream are."""

from __future__ import annotations

import os
import shutil
from typing import TextIO


def width_of(stream: TextIO) -> int | None:
    """Return how many cells a line has, None where *stream* takes as many as come."""
    if stream.isatty() or os.environ.get("COLUMNS", "").isdecimal():
        return shutil.get_terminal_size().columns
    return None
