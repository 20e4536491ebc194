"""Processes that a test started, and waiting for what they do."""

from __future__ import annotations

import os
import time
from pathlib import Path


def processes_of(folder):
    """Return where in /proc processes stand that name *folder*, in words or environment."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            said = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in said:
            found.append(entry)
    return found


def eventually(check, seconds=120):
    """Return what *check* returns once it is true; fail if it never is."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := check():
            return found
        time.sleep(0.2)
    raise AssertionError(f"not within {seconds} s: {check}")
