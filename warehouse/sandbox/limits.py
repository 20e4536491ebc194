"""What one statement may take."""

from __future__ import annotations

import os
from dataclasses import dataclass

MB = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxLimits:
    """Time, room and rows of one statement; None does not limit.

    ``memory`` is what DuckDB may take, in bytes; the process may have ``BEYOND`` more of
    address space. ``answer`` are bytes of the answer on its way to us.
    """

    seconds: float | None = None
    memory: int = 512 * MB
    rows: int | None = None
    answer: int | None = None
    threads: int = 1


# Python, DuckDB's code, and the rows on their way out.
BEYOND = 768 * MB
FOR_STRANGERS = SandboxLimits(seconds=5.0, rows=1_000, answer=8 * MB)


def for_ourselves() -> SandboxLimits:
    """Return limits that keep the machine alive: half of its memory, and no time.

    Ctrl-C ends what takes too long.
    """
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return SandboxLimits(
        memory=max(pages * size // 2, 512 * MB), threads=os.cpu_count() or 1
    )
