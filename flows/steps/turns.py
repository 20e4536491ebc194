"""Write locks of a run, held from one step to the next that follows closely.

Opening and closing the warehouse takes as long as committing a hundred articles, and
closing rewrites the newest rows: in a large first poll up to a hundred thousand of each
table. So a run closes it when no step follows at once, before a publication, and before it
waits for other processes.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import duckdb

from flows.settings import Settings
from flows.steps.warehouse import open_writer
from transforms.models import Run
from warehouse.file.connect import APPENDING, REWRITING

# So long the next step is waited for, and so long others wait for their turn at most.
# The next batch of a first poll is there after half a second.
CLOSELY = 1.0
LONGEST = 10.0


class Turns:
    """Write locks, one per step."""

    # Seconds until now; of turns that were each a step's own nothing is counted.
    waited = 0.0

    @property
    def held(self) -> float:
        """Seconds the lock was held so far, the current hold included."""
        return 0.0

    @contextmanager
    def open(
        self,
        settings: Settings,
        command: str,
        report: Callable[[str], None] = lambda _: None,
        *,
        memory: str = APPENDING,
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the warehouse to write, under the lock; see :func:`open_writer`."""
        with open_writer(settings, command, report, memory=memory) as con:
            yield con

    def let_go(self) -> None:
        """Release the lock, so that others may write and publish."""


EACH_ITS_OWN = Turns()


class KeptTurn(Turns):
    """One lock for steps that follow each other within a second.

    A step's commit is durable at once, whichever process is killed. A step that fails
    releases the lock. One thread uses it at a time.
    """

    def __init__(self, run: Run | None = None) -> None:
        self._run = run
        self._using = threading.RLock()
        self._held: ExitStack | None = None
        self._con: duckdb.DuckDBPyConnection
        self._since = 0.0
        self._held_before = 0.0
        self._end: threading.Timer | None = None
        self._failed: BaseException | None = None

    @property
    def held(self) -> float:
        """Seconds the lock was held so far, the current hold included."""
        now = time.monotonic() - self._since if self._held is not None else 0.0
        return self._held_before + now

    @contextmanager
    def open(
        self,
        settings: Settings,
        command: str,
        report: Callable[[str], None] = lambda _: None,
        *,
        memory: str = APPENDING,
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the warehouse to write, or reuse the open connection."""
        with self._using:
            self._stop_waiting()
            if self._held is None:
                self._begin(settings, command, report, memory)
            elif memory == REWRITING:
                self._con.execute("set memory_limit = $memory", {"memory": memory})
            try:
                yield self._con
            except BaseException:
                held = self._take()
                if held is None or not held.__exit__(*sys.exc_info()):
                    raise
            self._keep()

    def let_go(self) -> None:
        """Release the lock, and raise the error of an earlier automatic release."""
        with self._using:
            self._stop_waiting()
            self._close()

    def _begin(
        self, settings: Settings, command: str, report: Callable[[str], None], memory: str
    ) -> None:
        began = time.monotonic()

        def got() -> None:
            # To open the warehouse keeps others waiting too.
            self._since = time.monotonic()
            self.waited += self._since - began

        with ExitStack() as stack:
            opened = open_writer(
                settings, command, report, memory=memory, run=self._run, on_turn=got
            )
            self._con = stack.enter_context(opened)
            self._held = stack.pop_all()

    def _keep(self) -> None:
        if time.monotonic() - self._since > LONGEST:
            self._close()
            return
        self._end = threading.Timer(CLOSELY, self._close_unasked)
        self._end.daemon = True
        self._end.start()

    def _stop_waiting(self) -> None:
        if self._end is not None:
            self._end.cancel()
            self._end = None
        if self._failed is not None:
            failed, self._failed = self._failed, None
            raise failed

    def _close(self) -> None:
        held = self._take()
        if held is not None:
            held.close()

    def _take(self) -> ExitStack | None:
        """Return what has to be closed, and add the seconds it was open."""
        self._held_before = self.held
        held, self._held = self._held, None
        return held

    def _close_unasked(self) -> None:
        with self._using:
            # A step that came at the last moment goes on, and will end the turn.
            if threading.current_thread() is self._end:
                try:
                    self._close()
                except BaseException as exc:  # noqa: BLE001  told to whoever comes next
                    self._failed = exc
