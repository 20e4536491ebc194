"""Run a sinowire command in a process that is killed with -9 at its Nth boundary.

    python benchmarks/killed.py N EVENTS COMMAND…

A boundary is a moment just before or just after something that cannot be taken back: a
commit, a request to a receiver and its answer, a file made safe on disk or put in place.
They are caught where Python meets DuckDB and the system, in this process only. N = 0
kills nothing. The names of the boundaries passed are lines of the file EVENTS; a line
``ready`` says that the program is loaded. Leases are short, so that the next may go on.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Self

import duckdb

from flows.console.cli import main
from flows.steps import deliver, send

LEASE, SENDING, TIMEOUT_SECONDS = timedelta(seconds=2), timedelta(seconds=1), 1.0


class Boundaries:
    """Counts what passes, and ends the process at its turn."""

    def __init__(self, last: int, events: str) -> None:
        self.last, self.count = last, 0
        self.events = os.open(events, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.lock = threading.Lock()

    def say(self, name: str) -> None:
        """Write a line of EVENTS."""
        os.write(self.events, f"{name}\n".encode())

    def pass_by(self, name: str) -> None:
        """Note a boundary; at the last one this process is no more."""
        with self.lock:
            self.count += 1
            self.say(name)
            if self.count == self.last:
                os.kill(os.getpid(), signal.SIGKILL)


class Connection:
    """A DuckDB connection whose commits are boundaries."""

    def __init__(self, con: Any, passed: Callable[[str], None]) -> None:
        self._con, self._passed = con, passed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._con, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._con.close()

    def commit(self) -> None:
        """Commit, between two boundaries."""
        self._passed("before commit")
        self._con.commit()
        self._passed("after commit")


def watch(passed: Callable[[str], None]) -> None:
    """Put a boundary before and after what cannot be taken back."""
    connect, sent, received = duckdb.connect, socket.socket.send, socket.socket.recv
    fsync, replace = os.fsync, os.replace
    posting: set[int] = set()

    def do_connect(*args: Any, **options: Any) -> Connection:
        return Connection(connect(*args, **options), passed)

    def do_send(self: socket.socket, data: Any, *args: Any) -> int:
        if bytes(data[:5]) == b"POST ":
            posting.add(self.fileno())
            passed("before post")
        return sent(self, data, *args)

    def do_receive(self: socket.socket, *args: Any) -> bytes:
        data = received(self, *args)
        if self.fileno() in posting:
            posting.discard(self.fileno())
            passed("after answer")
        return data

    def do_sync(fd: int) -> None:
        passed("before fsync")
        fsync(fd)
        passed("after fsync")

    def do_replace(*args: Any, **options: Any) -> None:
        passed("before replace")
        replace(*args, **options)
        passed("after replace")

    duckdb.connect = do_connect
    socket.socket.send = do_send  # type: ignore[method-assign]
    socket.socket.recv = do_receive  # type: ignore[method-assign]
    os.fsync, os.replace = do_sync, do_replace


if __name__ == "__main__":
    number, events, *command = sys.argv[1:]
    boundaries = Boundaries(int(number), events)
    watch(boundaries.pass_by)
    deliver.LEASE, deliver.SENDING = LEASE, SENDING
    send.SEND_TIMEOUT_SECONDS = TIMEOUT_SECONDS
    sys.argv = ["sinowire", *command]
    boundaries.say("ready")
    main()
