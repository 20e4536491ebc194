"""Pool of parser processes: started on demand, bounded in number and time.

Parsing and reading are the CPU cost of a run, and Python threads gain nothing there.
The first process comes with the first document, which waits until the watchlist is
compiled; another only when new ones queue up.
"""

from __future__ import annotations

import asyncio
import os
import pickle
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar, cast

from connectors.errors import FeedError, PermanentFeedError
from connectors.feeds.formats.result import Parsed
from connectors.feeds.poll.nursery import Nursery, ParserProcess, spawn_nursery
from connectors.feeds.poll.parse_requests import (
    LENGTH,
    CallRequest,
    ParseRequest,
    Request,
    too_slow,
)
from transforms.articles.reader import EntryReader

T = TypeVar("T")
# The worker stops itself at its deadline; a C loop hears no signal and is killed.
GRACE = 3.0
# New bytes in line for one parser before the next is started: what it would share less of.
BACKLOG = 3_000_000


class ParserPool:
    """Reads documents in separate processes; opened and closed by ``open_pool``."""

    def __init__(
        self,
        size: int,
        reader: EntryReader | None = None,
        nursery: Nursery | None = None,
    ) -> None:
        self._size = size
        self._reader = reader
        self._nursery = nursery
        self._own: Nursery | None = None
        self._idle: list[ParserProcess] = []
        self._all: list[ParserProcess] = []
        self._waiting = 0.0
        self._free = asyncio.Condition()

    async def parse(self, request: ParseRequest) -> Parsed:
        """Parse one document.

        Raises:
            FeedError: It is no feed, or it hung or killed its parser.
        """
        return cast("Parsed", await self._answer(request))

    async def call(
        self, function: Callable[..., T], *args: Any, url: str, deadline: float
    ) -> T:
        """Return the result of a module's *function* on the document at *url*.

        Raises:
            FeedError: The document hung or killed its parser, or the function failed.
        """
        request = CallRequest(function=function, args=args, url=url, deadline=deadline)
        return cast("T", await self._answer(request))

    async def _answer(self, request: Request) -> Any:
        worker = await self._borrow(request)
        try:
            answer = await asyncio.wait_for(_ask(worker, request), request.deadline + GRACE)
        except TimeoutError:
            await self._drop(worker)
            raise too_slow(request) from None
        except (asyncio.IncompleteReadError, ConnectionError) as exc:
            code = await self._drop(worker, patience=GRACE)
            raise PermanentFeedError(
                request.url, f"the document ended its parser ({_how(code)})"
            ) from exc
        except BaseException:
            await self._drop(worker)
            raise
        await self._give_back(worker)
        if isinstance(answer, FeedError):
            raise answer
        return answer

    async def close(self) -> None:
        """End every parser."""
        for worker in list(self._all):
            await self._drop(worker)
        if self._own:
            self._own.close()

    async def _borrow(self, request: Request) -> ParserProcess:
        async with self._free:
            self._waiting += request.effort
            try:
                while not self._idle and not self._may_start():
                    await self._free.wait()
                if self._idle:
                    return self._idle.pop()
                worker = await self._start()
                self._all.append(worker)
                return worker
            finally:
                self._waiting -= request.effort

    async def _start(self) -> ParserProcess:
        if self._nursery is None or self._nursery.is_gone:
            if self._own:
                self._own.close()
            self._own = self._nursery = spawn_nursery(self._reader)
        return await self._nursery.start()

    def _may_start(self) -> bool:
        running = len(self._all)
        return running == 0 or (running < self._size and self._waiting > BACKLOG)

    async def _give_back(self, worker: ParserProcess) -> None:
        async with self._free:
            self._idle.append(worker)
            self._free.notify()

    async def _drop(self, worker: ParserProcess, *, patience: float = 0.0) -> int:
        """End a parser; return its exit code, negative for a signal.

        One whose pipes are closed is given *patience* seconds to be gone by itself: to
        kill what has just died loses what it died of.
        """
        self._all = [kept for kept in self._all if kept is not worker]
        self._idle = [kept for kept in self._idle if kept is not worker]
        if patience:
            with suppress(TimeoutError):
                await asyncio.wait_for(worker.wait(), patience)
        if worker.returncode is None:
            worker.kill()
        code = await worker.wait()
        worker.requests.close()
        async with self._free:
            self._free.notify_all()
        return code


@asynccontextmanager
async def open_pool(
    size: int | None = None,
    reader: EntryReader | None = None,
    nursery: Nursery | None = None,
) -> AsyncIterator[ParserPool]:
    """Open a pool of at most *size* parsers (one a core by default) and end them after.

    With a *reader*, answers hold what the entries were read as. A *nursery* has that
    reader; without one, a nursery is started with the first parser.
    """
    pool = ParserPool(size or min(8, os.cpu_count() or 1), reader, nursery)
    try:
        yield pool
    finally:
        await asyncio.shield(pool.close())


async def _ask(worker: ParserProcess, request: Request) -> Any:
    message = pickle.dumps(request, pickle.HIGHEST_PROTOCOL)
    worker.requests.write(LENGTH.pack(len(message)))
    worker.requests.write(message)
    await worker.requests.drain()
    (length,) = LENGTH.unpack(await worker.answers.readexactly(LENGTH.size))
    return pickle.loads(await worker.answers.readexactly(length))  # noqa: S301  our own child's


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit {code}"
