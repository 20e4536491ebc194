"""When a machine of many leaves its runs to the others, and when it takes them again."""

from __future__ import annotations

import threading
import time
from collections import deque
from datetime import UTC, datetime, timedelta

from flows.orchestration.runs import OF_HOST
from flows.refusals import lacks
from flows.settings import Settings
from flows.steps.summary import Report

# So many of its last three runs of feeds fail by its own fault, and it rests.
FAULTS = 2
# For that many polls and a minute another machine takes its runs; then it tries again.
POLLS_AT_REST = 2


class Host:
    """What is known of this machine: what it lacks, and how its last runs of feeds went.

    A run of a machine that takes it at once and fails is never late, and so never
    another's. Its queue is not paused: nobody would resume it.
    """

    def __init__(self, settings: Settings, report: Report) -> None:
        self._settings = settings
        self._report = report
        self._faults: deque[str] = deque(maxlen=3)
        self._rests_until = 0.0
        self._told: str | None = None
        # Its two workers ask from threads.
        self._asking = threading.Lock()

    def can_work(self) -> bool:
        """Tell whether it may take runs; says so where that changed."""
        with self._asking:
            lack = lacks(self._settings) or self._rest()
            if (lack is None) != (self._told is None):
                self._report(
                    f"error: this host takes no runs, others do: {lack}"
                    if lack
                    else "this host takes runs again"
                )
                self._told = lack
            return lack is None

    def note(self, message: str) -> None:
        """Note with what *message* a run of feeds ended here, "" where it went well."""
        self._faults.append(message if message.startswith(OF_HOST) else "")
        if sum(map(bool, self._faults)) >= FAULTS:
            polls = timedelta(minutes=POLLS_AT_REST * self._settings.ingest_minutes + 1)
            self._rests_until = time.monotonic() + polls.total_seconds()
            # The first one after the rest that fails is enough for another.
            self._faults.clear()
            self._faults.append(message)

    def _rest(self) -> str | None:
        left = self._rests_until - time.monotonic()
        if left <= 0:
            return None
        until = datetime.now(UTC) + timedelta(seconds=left)
        why = next(filter(None, reversed(self._faults)), "").removeprefix(OF_HOST)
        return f"{why}; it tries again at {until:%H:%M} UTC"
