"""Interrupts: Ctrl-C for threads while the main thread waits in C code.

Python's signal handlers run only in the main thread, and only after it returns from C.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from typing import NoReturn

_STOPS = frozenset((signal.SIGINT, signal.SIGTERM))
_pipe: list[int] = []
_last = float("-inf")
_unanswered = threading.Event()


def hear_interrupts() -> None:
    """Let :func:`interrupted_since` see signals too, unless an event loop handles them.

    Such a loop runs in the main thread and passes signals to its own tasks.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    if not _pipe:
        _pipe.extend(os.pipe())
        for end in _pipe:
            os.set_blocking(end, False)
    had = signal.set_wakeup_fd(_pipe[1], warn_on_full_buffer=False)
    if had not in (-1, _pipe[1]):
        signal.set_wakeup_fd(had)


def interrupt() -> None:
    """Request the end of the work: long waits for an answer end too."""
    global _last  # noqa: PLW0603  of the process, as its signals are
    _last = time.monotonic()


def leave_unanswered() -> None:
    """Note an unanswered query: DuckDB would repeat it while it shuts down."""
    _unanswered.set()


def end(code: int) -> NoReturn:
    """Exit with *code*; at once if a query is unanswered.

    Commits are kept either way.
    """
    if not _unanswered.is_set():
        sys.exit(code)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)


def interrupted_since(began: float) -> bool:
    """Tell whether an interrupt came after *began* (monotonic clock)."""
    try:
        heard = os.read(_pipe[0], 4096) if _pipe else b""
    except BlockingIOError:
        heard = b""
    if _STOPS.intersection(heard):
        interrupt()
    return _last >= began
