"""Processes for CPU-bound work, with results in order."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TypeVar

from connectors.process import follow

MOST = 8
# Items queued beyond one a process: enough that none idles, few enough for memory.
_SPARE = 2

Item = TypeVar("Item")
Done = TypeVar("Done")


def at_hand() -> int:
    """Return how many processes can run at once here."""
    return min(MOST, os.cpu_count() or 1)


def in_processes(
    work: Callable[[Item], Done],
    items: Iterable[Item],
    *,
    begin: Callable[..., None] | None = None,
    given: tuple[object, ...] = (),
) -> Iterator[Done]:
    """Yield the results of *work* on each item, in order.

    In each process *begin* is called with what is *given*, before any item.
    *items* is only read in this process and thread, as it is asked for.
    """
    processes = at_hand()
    with ProcessPoolExecutor(
        processes,
        # Not fork: DuckDB has threads and locks, which a forked child has half of.
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_start,
        initargs=(os.getpid(), begin, given),
    ) as pool:
        yield from _in_order(pool, work, items, ahead=processes + _SPARE)


def _start(
    parent: int, begin: Callable[..., None] | None, given: tuple[object, ...]
) -> None:
    serve(parent)
    if begin is not None:
        begin(*given)


def serve(parent: int) -> None:
    """Make this process a worker of *parent*, which ends with it."""
    # Ctrl-C reaches the whole process group; the parent decides what that means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A parent that was killed says nothing; its worker would wait for ever.
    follow(parent)


def _in_order(
    pool: ProcessPoolExecutor,
    work: Callable[[Item], Done],
    items: Iterable[Item],
    *,
    ahead: int,
) -> Iterator[Done]:
    waiting: deque[Future[Done]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) >= ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()
