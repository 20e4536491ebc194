"""Signatures of processes at work: who it is, since when, and when it was heard of last.

A process signs the file of a lock that it holds, or one of its own in a folder, and a
thread touches that file every two seconds. So other processes of this host see that one
stands still, by a signal, a debugger or a machine that pages.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from warehouse.processes import life_of, process_of

WORD_SECONDS = 2.0
_KEPT = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A process by its signature; older versions sign without its id."""

    pid: int
    command: str
    since: str
    process: str = ""
    heard_at: float = 0.0

    def __str__(self) -> str:
        return self._with("")

    def _with(self, more: str) -> str:
        return f"`{self.command}` (process {self.pid}, since {self.since}{more})"

    @property
    def silent(self) -> float:
        """Seconds since it was heard of."""
        return max(0.0, time.time() - self.heard_at)

    @property
    def heard(self) -> str:
        """When it was heard of last."""
        return f"{datetime.fromtimestamp(self.heard_at, UTC):%Y-%m-%d %H:%M:%S} UTC"

    def in_words(self) -> str:
        """Return the holder in words; if its process is stopped, with the remedy."""
        life = life_of(self.process)
        if life is None or not life.is_stopped:
            return str(self)
        return self._with(f"; stopped since {self.heard}: {remedy_for(self)}")


def remedy_for(holder: Holder) -> str:
    """Return what a person can do about a stopped process."""
    return f"`kill -CONT {holder.pid}` lets it go on, `kill -KILL {holder.pid}` ends it"


@contextmanager
def signed(descriptor: int, command: str) -> Iterator[None]:
    """Sign a file as *command* of this process while the body runs."""
    pid, since = os.getpid(), datetime.now(UTC).isoformat(timespec="seconds")
    said = {"pid": pid, "command": command, "since": since, "process": process_of(pid)}
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(said).encode(), 0)
    over = threading.Event()
    speaker = threading.Thread(
        target=_speak, args=(descriptor, over), name="heartbeat", daemon=True
    )
    speaker.start()
    try:
        yield
    finally:
        over.set()
        speaker.join()
        os.ftruncate(descriptor, 0)


def read_signature(descriptor: int) -> Holder | None:
    """Return the process that signed a file, None where nobody did."""
    try:
        said = json.loads(os.pread(descriptor, _KEPT, 0))
        return Holder(**said, heard_at=os.fstat(descriptor).st_mtime)
    except (OSError, ValueError, TypeError):
        return None


def signature_of(path: Path) -> Holder | None:
    """Return the process that signed the file at *path*; it may be gone."""
    try:
        with path.open("rb", buffering=0) as file:
            return read_signature(file.fileno())
    except OSError:
        return None


def _speak(descriptor: int, over: threading.Event) -> None:
    while not over.wait(WORD_SECONDS):
        # A disk that takes nothing is told by whoever writes.
        with suppress(OSError):
            os.utime(descriptor)
