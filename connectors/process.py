"""Child processes that end with their parent, however it ends."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

_PR_SET_PDEATHSIG = 1
WATCH_SECONDS = 0.5
PATIENCE_SECONDS = 5.0

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent dies (Linux only).

    A parent that died before leaves no trace: compare ``os.getppid()`` afterwards.
    """
    if _libc is not None:
        # Not SIGTERM: a runner would first wait for the runs that it started.
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def follow(parent: int) -> None:
    """End this process once *parent* is no longer its parent; a thread watches.

    It is told to end, and killed if it does not. This works everywhere, and for what
    another library started in our name.
    """
    threading.Thread(
        target=_watch, args=(parent,), name="follow-parent", daemon=True
    ).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(WATCH_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)
