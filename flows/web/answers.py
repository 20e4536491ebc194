"""Answers: made in threads while clients wait, cached, sent whole or as not modified."""

from __future__ import annotations

import asyncio
import gzip
import os
import sys
import threading
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from importlib.resources import files
from typing import Any, Generic, TypeVar

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from flows.web.errors import Busy

# Between two calls to stop: one that comes between two queries ends neither.
AGAIN_SECONDS = 0.05
# Of a publication: shares of a year of all firms are some megabytes.
REMEMBERED = 8
# Less than the loop's, which has a kept page in a millisecond: it waits for no other one.
NICE = 5
M = TypeVar("M")
T = TypeVar("T")
HTML = "text/html; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
MEDIA = {
    "html": HTML,
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "svg": "image/svg+xml; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
}
FRESH = (("cache-control", "no-store"),)
# Less than this in one packet anyway.
SMALL = 600
LEVEL = 6
Pairs = Sequence[tuple[str, str]]
_MEDIA_OF = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
FOREVER = (("cache-control", "private, max-age=31536000, immutable"),)
_FOLDER = files("flows.web") / "static"
_NAMES = ("desk.css", "desk.js")


def threads(name: str, at_once: int) -> ThreadPoolExecutor:
    """Return a thread pool for slow work; its threads run at a lower priority."""
    return ThreadPoolExecutor(at_once, thread_name_prefix=name, initializer=_step_back)


def _step_back() -> None:
    if sys.platform == "linux":  # elsewhere that is for whole processes
        nice = os.getpriority(os.PRIO_PROCESS, os.getpid())
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), nice + NICE)


class Left(Exception):  # noqa: N818  (named for what happened)
    """The client has disconnected."""


class Stop:
    """Cancels work that no client waits for; safe for any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ends: list[Callable[[], None]] = []

    @contextmanager
    def by(self, end: Callable[[], None]) -> Iterator[None]:
        """Allow *end* to be called within the block, and never after it."""
        with self._lock:
            self._ends.append(end)
        try:
            yield
        finally:
            with self._lock:
                self._ends.remove(end)

    def __call__(self) -> None:
        """Cancel the current work."""
        with self._lock:
            for end in self._ends:
                end()


class Memory:
    """What pages of one publication have in common: the few last asked; for any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[Hashable, Any] = {}

    def of(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what was made under *key*, or make it."""
        with self._lock:
            kept = [self._kept[key]] if key in self._kept else []
        found: T = kept[0] if kept else make()
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = found
            if len(self._kept) > REMEMBERED:
                del self._kept[next(iter(self._kept))]
        return found


class Queue(Generic[M, T]):
    """Answers waiting to be made, first come first served, *at_once* at a time.

    *most* may wait, of them *most_of_one* from one address; more are refused.
    """

    def __init__(self, name: str, *, at_once: int, most: int, most_of_one: int) -> None:
        self.most, self.most_of_one = most, most_of_one
        self.waiting = 0
        self._of: Counter[str] = Counter()
        self._jobs: dict[Hashable, _Job[M, T]] = {}
        self._threads = threads(name, at_once)

    async def wait(
        self,
        key: Hashable,
        make: Callable[[Stop], M],
        done: Callable[[M], T],
        *,
        address: str = "",
        receive: Receive | None = None,
    ) -> T:
        """Return the result of *make* for *key*, shared by requests for the same key.

        When the last of these clients disconnects (*receive*), the work is cancelled.
        *done* is called once with the result.

        Raises:
            Busy: Too many requests wait.
            Left: The client has disconnected.
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
            return await _first(job.task, receive)
        finally:
            self.waiting -= 1
            self._of[address] -= 1
            if not self._of[address]:
                del self._of[address]
            job.askers -= 1
            if not job.askers and not job.task.done():
                self._forget(key, job)
                job.end()

    def _forget(self, key: Hashable, job: _Job[M, T]) -> None:
        if self._jobs.get(key) is job:
            del self._jobs[key]


class _Job(Generic[M, T]):
    """An answer in progress, and the number of requests that wait for it."""

    def __init__(
        self,
        threads: ThreadPoolExecutor,
        make: Callable[[Stop], M],
        done: Callable[[M], T],
    ) -> None:
        self.askers = 0
        self.stop = Stop()
        self._made = threads.submit(make, self.stop)

        async def wait() -> T:
            return done(await asyncio.wrap_future(self._made))

        self.task = asyncio.create_task(wait())

    def end(self) -> None:
        """Cancel the job, started or not."""
        self.task.cancel()
        self._made.cancel()
        self._stop()

    def _stop(self) -> None:
        if not self._made.done():
            self.stop()
            asyncio.get_running_loop().call_later(AGAIN_SECONDS, self._stop)


async def _first(task: asyncio.Task[T], receive: Receive | None) -> T:
    """Return the result of *task*, which runs on where this client disconnects."""
    if receive is None:
        return await asyncio.shield(task)
    leaving = asyncio.create_task(_left(receive))
    try:
        await asyncio.wait({task, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        leaving.cancel()
    if not task.done():
        raise Left
    return task.result()


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A status, a body both plain and compressed, and its own headers."""

    status: int
    body: bytes
    packed: bytes
    media: str
    etag: str
    headers: Pairs = ()

    @property
    def size(self) -> int:
        """Memory of the answer, in bytes."""
        return len(self.body) + len(self.packed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer, without its body where the client has it cached."""
        del receive
        headers = Headers(scope=scope)
        is_known = self.status == 200 and _knows(headers.get("if-none-match"), self.etag)  # noqa: PLR2004
        is_packed = bool(self.packed) and _takes_gzip(headers.get("accept-encoding", ""))
        body = self.packed if is_packed else self.body
        pairs = [("etag", self.etag), ("vary", "accept-encoding"), *self.headers]
        if not any(name == "cache-control" for name, _ in self.headers):
            pairs.append(("cache-control", "private, no-cache"))
        if not is_known:
            pairs += [("content-type", self.media), ("content-length", str(len(body)))]
            pairs += [("content-encoding", "gzip")] if is_packed else []
        await send(
            {
                "type": "http.response.start",
                "status": 304 if is_known else self.status,
                "headers": [(k.encode("latin-1"), v.encode("latin-1")) for k, v in pairs],
            }
        )
        has_body = not is_known and scope["method"] != "HEAD"
        await send({"type": "http.response.body", "body": body if has_body else b""})


def make_answer(
    body: str | bytes, *, status: int = 200, media: str = HTML, headers: Pairs = ()
) -> Answer:
    """Return an answer ready to send or cache."""
    data = body.encode("utf-8") if isinstance(body, str) else body
    return Answer(
        status=status,
        body=data,
        packed=gzip.compress(data, LEVEL, mtime=0) if len(data) > SMALL else b"",
        media=media,
        # Weak: the same page, whether it is sent compressed or not.
        etag=f'W/"{blake2b(data, digest_size=12).hexdigest()}"',
        headers=headers,
    )


def _knows(said: str | None, etag: str) -> bool:
    if said is None:
        return False
    names = [name.strip() for name in said.split(",")]
    return "*" in names or etag in names or etag.removeprefix("W/") in names


def _takes_gzip(said: str) -> bool:
    for part in said.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _read(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()


# What pages link to: the name with a mark of the contents.
STAMPED = {
    name: f"/static/{name}?v={blake2b(_read(name), digest_size=6).hexdigest()}"
    for name in _NAMES
}


FILES: dict[str, Answer] = {
    name: make_answer(
        _read(name), media=_MEDIA_OF[name[name.rindex(".") :]], headers=FOREVER
    )
    for name in _NAMES
}
