"""Verdicts that wait for the writer's turn: applied by a process of their own, soon.

It is not the desk's: what writes takes memory and may be ended, and pages go on.
"""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from flows.settings import Settings
from flows.steps import spool
from transforms.models.verdicts import GivenVerdict

log = logging.getLogger("sinowire.web")
# Until it is tried anew, where something else than another's turn was in the way.
AGAIN_SECONDS = 30.0
REMEMBERED = 1_000
_KEY = re.compile(r"[0-9T]{21}-[0-9a-f]{8}")


class VerdictQueue:
    """Keeps what forms say, and has it applied; any thread may ask."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.given: dict[str, None] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()
        self._child: subprocess.Popen[str] | None = None

    @asynccontextmanager
    async def serving(self, _app: object) -> AsyncIterator[None]:
        """Apply what was given before the last end; what waits at this one waits on."""
        if spool.is_any_waiting(self.settings.data):
            self.prepare()
        yield
        self._ended.set()
        if self._child:
            self._child.terminate()

    def put(self, verdicts: Sequence[GivenVerdict], made_at: datetime) -> str:
        """Keep a click, and have it applied; return its key.

        Raises:
            SpoolFull: Too many wait.
        """
        key = spool.keep(self.settings.data, verdicts, made_at)
        with self._lock:
            self.given[key] = None
            if len(self.given) > REMEMBERED:
                del self.given[next(iter(self.given))]
        self.prepare()
        return key

    def told(self, key: str) -> str:
        """Return how far the click of *key* is; without one, whether any waits."""
        data = self.settings.data
        if _KEY.fullmatch(key):
            if spool.is_waiting(data, key):
                return "queued"
            if spool.is_refused(data, key):
                return "refused"
            if key in self.given:
                return "applied"
        return "waits" if spool.is_any_waiting(data) else ""

    def prepare(self) -> None:
        """See that a process is there to apply what comes: to begin takes a second."""
        with self._lock:
            if self._thread is None and not self._ended.is_set():
                self._thread = threading.Thread(
                    target=self._work, name="verdicts", daemon=True
                )
                self._thread.start()

    def _work(self) -> None:
        while True:
            if not self._apply():
                self._ended.wait(AGAIN_SECONDS)
            with self._lock:
                is_any = spool.is_any_waiting(self.settings.data)
                if self._ended.is_set() or not is_any:
                    self._thread = None
                    return

    def _apply(self) -> bool:
        """Have all that waits, and comes soon, applied; say whether all went well."""
        home = str(self.settings.home.resolve())
        program = [sys.executable, "-m", "flows.steps.spooled", home, str(os.getpid())]
        with subprocess.Popen(  # noqa: S603  our own program
            program,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        ) as self._child:
            if self._ended.is_set():
                self._child.terminate()
            _, told = self._child.communicate()
            status = self._child.returncode
        if status and not self._ended.is_set():
            said = told.strip().splitlines() or [f"it ended with {status}"]
            log.error("verdicts wait: %s", said[-1])
        return not status
