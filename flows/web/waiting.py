"""Answers that take time: made in threads, for as long as somebody waits for them."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Hashable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from starlette.types import Receive

from flows.web.errors import Busy

# Between two calls to stop: one that comes between two queries ends neither.
AGAIN_SECONDS = 0.05
M = TypeVar("M")
T = TypeVar("T")


class Left(Exception):  # noqa: N818  (named for what happened)
    """Whoever asked has gone."""


class Stop:
    """Ends what is being made for nobody; any thread may."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ends: list[Callable[[], None]] = []

    @contextmanager
    def by(self, end: Callable[[], None]) -> Iterator[None]:
        """Let *end* be called within the block, and never after it."""
        with self._lock:
            self._ends.append(end)
        try:
            yield
        finally:
            with self._lock:
                self._ends.remove(end)

    def __call__(self) -> None:
        """End what goes on now."""
        with self._lock:
            for end in self._ends:
                end()


class Queue(Generic[M, T]):
    """Answers that wait to be made, the first come first, *at_once* at a time.

    *most* may wait, of them *most_of_one* from one address; more are refused.
    """

    def __init__(self, name: str, *, at_once: int, most: int, most_of_one: int) -> None:
        self.most, self.most_of_one = most, most_of_one
        self.waiting = 0
        self._of: Counter[str] = Counter()
        self._jobs: dict[Hashable, _Job[M, T]] = {}
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix=name)

    async def wait(
        self, key: Hashable, address: str, make: Callable[[Stop], M], done: Callable[[M], T]
    ) -> T:
        """Return what *make* makes of *key*; who asks for it meanwhile waits for the same.

        When the last of them has gone it is not begun, or ended. *done* is told once.

        Raises:
            Busy: Too many wait.
        """
        if self.waiting >= self.most or (address and self._of[address] >= self.most_of_one):
            raise Busy
        if (job := self._jobs.get(key)) is None:
            job = self._jobs[key] = _Job(self._threads, make, done)
            job.task.add_done_callback(lambda _: self._forget(key, job))
        self.waiting += 1
        self._of[address] += 1
        job.askers += 1
        try:
            return await asyncio.shield(job.task)
        finally:
            self.waiting -= 1
            self._of -= Counter([address])
            job.askers -= 1
            if not job.askers and not job.task.done():
                self._forget(key, job)
                job.end()

    def _forget(self, key: Hashable, job: _Job[M, T]) -> None:
        if self._jobs.get(key) is job:
            del self._jobs[key]


class _Job(Generic[M, T]):
    """One answer that is made, and how many wait for it."""

    def __init__(
        self,
        threads: ThreadPoolExecutor,
        make: Callable[[Stop], M],
        done: Callable[[M], T],
    ) -> None:
        self.askers = 0
        self.stop = Stop()
        self._made = threads.submit(make, self.stop)
        self.task = asyncio.create_task(self._wait(done))

    async def _wait(self, done: Callable[[M], T]) -> T:
        return done(await asyncio.wrap_future(self._made))

    def end(self) -> None:
        """Do not begin, or end what was begun."""
        self.task.cancel()
        self._made.cancel()
        self._stop()

    def _stop(self) -> None:
        if not self._made.done():
            self.stop()
            asyncio.get_running_loop().call_later(AGAIN_SECONDS, self._stop)


async def while_there(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """Return what comes of *work*, which is cancelled when whoever asks has gone.

    Raises:
        Left: He has.
    """
    working, leaving = asyncio.create_task(work), asyncio.create_task(_left(receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise Left
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
