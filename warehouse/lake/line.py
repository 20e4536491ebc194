"""Connection to a lake's PostgreSQL: heartbeat, timeout and interrupts.

Heartbeats show other hosts that the lock's holder is at work; they stop with its process or
machine. libpq, in which DuckDB waits for an answer, has no timeout and ignores Ctrl-C;
shutting its connections down ends the wait.
"""

from __future__ import annotations

import os
import socket
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from warehouse import queries
from warehouse.errors import CatalogAway, TurnLost, WarehouseError
from warehouse.interrupts import hear_interrupts, interrupted_since, leave_unanswered
from warehouse.lake.address import LakeAddress
from warehouse.lake.attach import connection, leave_open
from warehouse.lake.failures import ENDED
from warehouse.queries import Connection

_CATALOG = "turn"
_TICK_SECONDS = 0.5
# So long PostgreSQL may take to answer whom Ctrl-C was pressed for.
_LAST_SECONDS = 5.0
_AFTER_CTRL_C = "after Ctrl-C"
# Of libpq's sockets the path ends so, and a port.
_SOCKET = "/.s.PGSQL."


class Line:
    """Connection to the lake's PostgreSQL for one query at a time."""

    def __init__(self, con: Connection, address: LakeAddress) -> None:
        self.address = address
        self._con = con
        self._began = self._answered = time.monotonic()
        self._asked: float | None = None
        self._asking = threading.Lock()
        self._speak = threading.Event()
        self._quiet = threading.Event()
        self._over = threading.Event()
        self._cut = ""
        self._is_lost = False
        self._cursor: Connection

    def begin(self) -> None:
        """Begin a transaction."""
        with self._answering():
            self._cursor.begin()

    def ask(self, question: str) -> list[tuple[object, ...]]:
        """Run a query on PostgreSQL; return its rows."""
        asked = f"{queries.text(_CATALOG)}, {queries.text(question)}"
        with self._answering():
            return self._cursor.execute(f"from postgres_query({asked})").fetchall()

    def rollback(self) -> None:
        """Roll the transaction back."""
        with self._answering():
            self._cursor.rollback()

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Limit every wait for PostgreSQL in the body by a timeout.

        Raises:
            CatalogAway: It did not answer in time.
            TurnLost: Without our heartbeat another host took the lock.
        """
        watcher = threading.Thread(target=self._watch, name="lake-watch", daemon=True)
        watcher.start()
        try:
            yield
        except duckdb.Error:
            # What is raised may show the password.
            if told := self._explained():
                raise told from None
            raise
        finally:
            self._over.set()
            watcher.join()

    @contextmanager
    def open(self, command: str) -> Iterator[None]:
        """Open the connection and send heartbeats on it."""
        con = self._con
        with self._answering():
            source = queries.text(connection(con, self.address, command))
            con.execute(f"attach {source} as {_CATALOG} (type postgres, read_only)")
        self._cursor = con.cursor()
        speaker = threading.Thread(target=self._say, name="lake-word", daemon=True)
        speaker.start()
        try:
            yield
        finally:
            self._quiet.set()
            self._speak.set()
            _join(speaker)
            # The transaction's end gives the turn back, and so does the connection's. Where
            # that is gone, DuckDB would end this process if it were left to `close`.
            with suppress(duckdb.Error):
                self.rollback()
            self._cursor.close()

    @contextmanager
    def _answering(self) -> Iterator[None]:
        with self._asking:
            self._asked = time.monotonic()
            try:
                yield
                self._answered = time.monotonic()
            finally:
                self._asked = None

    def _say(self) -> None:
        while True:
            self._speak.wait(self.address.word_seconds)
            if self._quiet.is_set():
                return
            self._speak.clear()
            try:
                self.ask("select 'at work' as said")
            except duckdb.Error:
                # With it the turn went; DuckLake would connect anew, and write without it.
                self._is_lost = True
                return

    def _watch(self) -> None:
        limit, why = self.address.answer_seconds, "so it stands still"
        while not self._over.wait(_TICK_SECONDS):
            if limit > _LAST_SECONDS and interrupted_since(self._began):
                limit, why = _LAST_SECONDS, _AFTER_CTRL_C
                self._speak.set()
            since = self._asked
            is_over = since is not None and time.monotonic() - since > limit
            if is_over and not self._cut:
                self._cut = f"no answer for {_told(limit)}, {why}"
                leave_unanswered()
                # Here, as Ctrl-C may come amid the exits of the main thread.
                leave_open(self._con)
            if self._cut or self._is_lost:
                # Once more each time: DuckLake tries again, with another connection.
                _shut(self.address.ports)

    def _explained(self) -> WarehouseError | KeyboardInterrupt | None:
        if self._cut:
            # Elsewhere it would end a thread; there an event loop hears of Ctrl-C.
            is_main = threading.current_thread() is threading.main_thread()
            if _AFTER_CTRL_C in self._cut and is_main:
                return KeyboardInterrupt()
            return CatalogAway(self.address, self._cut)
        silent = time.monotonic() - self._answered
        if silent >= self.address.silent_seconds:
            return TurnLost(self.address, silent=_told(silent))
        return CatalogAway(self.address, ENDED) if self._is_lost else None


@contextmanager
def line(con: Connection, address: LakeAddress, command: str) -> Iterator[Line]:
    """Open a :class:`Line` to the lake's PostgreSQL for *command*.

    Raises:
        CatalogAway: It did not answer in time.
        TurnLost: Without our heartbeat another host took the lock.
    """
    made = Line(con, address)
    hear_interrupts()
    with made.watched(), made.open(command):
        yield made


def _join(thread: threading.Thread) -> None:
    try:
        thread.join()
    except BaseException:
        # Its answer comes, or the line is cut: only then what it asks with may be closed.
        thread.join()
        raise


def _shut(ports: frozenset[int]) -> None:
    """Shut this process's connections to PostgreSQL, which ends waits on them."""
    for open_file in Path("/dev/fd").iterdir():
        with suppress(OSError):
            # Of our own: the number may be another's a moment later.
            descriptor = os.dup(int(open_file.name))
            try:
                if _is_to(descriptor, ports):
                    with socket.socket(fileno=os.dup(descriptor)) as shared:
                        shared.shutdown(socket.SHUT_RDWR)
            finally:
                os.close(descriptor)


def _is_to(descriptor: int, ports: frozenset[int]) -> bool:
    if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
        return False
    with socket.socket(fileno=os.dup(descriptor)) as shared:
        peer = shared.getpeername()
    if isinstance(peer, tuple):
        return peer[1] in ports
    return _SOCKET in os.fsdecode(peer)


def _told(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 60 else f"{seconds:.0f} s"  # noqa: PLR2004
