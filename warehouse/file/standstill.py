"""Processes of a home that stand still: found, named, and after a while ended.

One that was stopped keeps its locks, and whoever needs them waits for it in vain. A process
that speaks or works is let be, however long it works.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from warehouse import processes
from warehouse.file.lock import LOCK_NAME, PRIVATE_FILE, naming, private_folder
from warehouse.file.signature import (
    WORD_SECONDS,
    Holder,
    remedy_for,
    signature_of,
    signed,
)

# In the data folder: a signed file of each pass, and of what has them made.
FOLDER = "warehouse.running"
# Only these are ended: of a pass nothing is lost, and the lock is the warehouse's.
_ENDED = (LOCK_NAME, "run-*")
# A tenth of the limit is a heartbeat of a lake's; as with those, one may be late.
_TOLD_AFTER = 0.2
_WORDS_MISSED = 5


class StandStill(NamedTuple):
    """A process that stands still, its file, and whether it was stopped."""

    holder: Holder
    path: Path
    is_stopped: bool
    cpu: int | None

    def __str__(self) -> str:
        how = "is stopped" if self.is_stopped else "has said nothing"
        return f"{self.holder} {how} since {self.holder.heard}"

    @property
    def is_of_run(self) -> bool:
        """Whether it is a pass, or holds the warehouse's lock; only these are ended."""
        return any(map(self.path.match, _ENDED))

    @property
    def remedy(self) -> str:
        """What a person can do about the stopped process."""
        return remedy_for(self.holder)


def at_work(data: Path) -> Iterator[tuple[Path, Holder, processes.Life]]:
    """Yield the live processes of this host that signed a file in *data*, and these."""
    seen = set()
    for path in (*sorted(data.glob("*.lock")), *sorted((data / FOLDER).glob("*"))):
        holder = signature_of(path)
        if holder is None or holder.process in seen:
            continue
        life = processes.life_of(holder.process)
        if life is not None:
            seen.add(holder.process)
            yield path, holder, life


def standing_still(data: Path, limit: float) -> list[StandStill]:
    """Return the processes that were stopped, or were silent for a fifth of *limit*."""
    patience = max(limit * _TOLD_AFTER, _WORDS_MISSED * WORD_SECONDS)
    return [
        StandStill(holder, path, life.is_stopped, life.cpu)
        for path, holder, life in at_work(data)
        if life.is_stopped or holder.silent > patience
    ]


def keeps_host(still: StandStill, limit: float) -> bool:
    """Tell whether the host can do nothing as long as the process stands still."""
    return still.is_stopped or still.holder.silent >= limit


def end_stopped(data: Path, limit: float, report: Callable[[str], object]) -> None:
    """End the holder of the warehouse's lock if it was stopped *limit* seconds ago.

    And passes that were. *report* hears of each.
    """
    for still in standing_still(data, limit):
        if still.is_stopped and still.holder.silent >= limit:
            _end(still, report)


def _end(still: StandStill, report: Callable[[str], object]) -> bool:
    life = processes.life_of(still.holder.process)
    goes_on = still.is_stopped and life is not None and not life.is_stopped
    if goes_on or not still.is_of_run or not processes.end(still.holder.process):
        return False
    report(
        f"error: {still}: ended it, so that others can write; nothing that was committed "
        "is lost, and the next run fetches the rest"
    )
    return True


class StandStillWatch:
    """Watches the processes of a home: reports each standstill, and ends it in time.

    A silent process that was not stopped may be deep in a computation: it is ended only if
    it neither said a word nor used the processor for *limit* seconds of our own looks.
    """

    def __init__(self, data: Path, limit: float, report: Callable[[str], object]) -> None:
        self._data = data
        self._limit = limit
        self._report = report
        self._told: dict[str, StandStill] = {}
        self._idle: dict[tuple[str, float, int | None], float] = {}
        self._ended: set[str] = set()

    def look(self) -> None:
        """Look once; a look takes a few milliseconds."""
        found = standing_still(self._data, self._limit)
        for still in found:
            if still.holder.process not in self._told:
                self._report(f"error: {still}; {still.remedy}")
        present = {still.holder.process: still for still in found}
        for process, before in self._told.items():
            if process not in present and process not in self._ended:
                self._report(f"{before.holder} goes on, or has ended")
        self._told = present
        self._end_idle(found)

    def _end_idle(self, found: list[StandStill]) -> None:
        now, idle = time.monotonic(), {}
        for still in found:
            process = still.holder.process
            key = (process, still.holder.heard_at, still.cpu)
            idle[key] = self._idle.get(key, now)
            is_over = still.is_stopped and still.holder.silent >= self._limit
            is_idle = still.cpu is not None and now - idle[key] >= self._limit
            if process in self._ended or not (is_over or is_idle):
                continue
            if _end(still, self._report):
                self._ended.add(process)
        self._idle = idle


@contextmanager
def running(data: Path, command: str, kind: str = "run") -> Iterator[None]:
    """Keep a signed file of this process in *data* while the body runs."""
    data.mkdir(parents=True, exist_ok=True)
    folder = private_folder(data / FOLDER)
    _forget_gone(folder)
    path = folder / f"{kind}-{os.getpid()}"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    try:
        with ExitStack() as stack:
            with naming(path):
                stack.enter_context(signed(descriptor, command))
            yield
    finally:
        os.close(descriptor)
        path.unlink(missing_ok=True)


def _forget_gone(folder: Path) -> None:
    """Remove the files of processes that were killed."""
    for path in folder.glob("*"):
        holder = signature_of(path)
        if holder is not None and processes.life_of(holder.process) is None:
            with suppress(FileNotFoundError):
                path.unlink()
