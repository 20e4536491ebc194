"""Client of the nursery: starts parser processes, talks to them, and ends them."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import socket
import subprocess
import sys
import tempfile
from asyncio import Future, StreamReader, StreamWriter
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

from connectors.feeds.poll.nursery_process import (
    ENDED,
    KILL,
    NEWS,
    START,
    STARTED,
    fork_nursery,
)
from transforms.articles.reader import EntryReader

PROGRAM = "connectors.feeds.poll.nursery_process"
# Bytes of an answer that are taken in at once; a usual one stops and starts no socket.
READ_AHEAD = 1 << 20


@dataclass(frozen=True, slots=True, eq=False)
class ParserProcess:
    """A parser, and the streams to it."""

    pid: int
    answers: StreamReader
    requests: StreamWriter
    ended: Future[int]
    _nursery: Nursery

    @property
    def returncode(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        return self.ended.result() if self.ended.done() else None

    def kill(self) -> None:
        """Kill the process, unless it has ended by itself."""
        self._nursery.kill(self.pid)

    async def wait(self) -> int:
        """Wait for the process to end; return its exit code."""
        return await asyncio.shield(self.ended)


@dataclass(slots=True, eq=False)
class Nursery:
    """A process that forks parsers; all calls come from one event loop."""

    control: socket.socket
    reap: Callable[[], object]
    is_gone: bool = False
    _starting: deque[Future[int]] = field(default_factory=deque)
    _running: dict[int, Future[int]] = field(default_factory=dict)
    _rest: bytes = b""
    _heard: bool = False

    async def start(self) -> ParserProcess:
        """Return a new parser.

        Raises:
            ConnectionError: The nursery is gone.
        """
        loop = asyncio.get_running_loop()
        if not self._heard:
            self.control.settimeout(0)
            loop.add_reader(self.control, self._hear)
            self._heard = True
        ours, theirs = socket.socketpair()
        with theirs:
            starting: Future[int] = loop.create_future()
            self._starting.append(starting)
            socket.send_fds(self.control, [NEWS.pack(START, 0, 0)], [theirs.fileno()])
        try:
            pid = await starting
        except BaseException:
            # A parser that is started all the same finds that nobody will ask it.
            ours.close()
            raise
        answers, requests = await asyncio.open_unix_connection(sock=ours, limit=READ_AHEAD)
        return ParserProcess(pid, answers, requests, self._running[pid], self)

    def kill(self, pid: int) -> None:
        """Kill a parser; a pid that was freed and reused is never signalled."""
        with suppress(OSError):
            self.control.send(NEWS.pack(KILL, pid, 0))

    def close(self) -> None:
        """End the nursery and every parser."""
        if self._heard:
            with suppress(RuntimeError):  # its loop may be closed
                asyncio.get_running_loop().remove_reader(self.control)
        self.control.close()
        self.reap()

    def _hear(self) -> None:
        try:
            said = self.control.recv(1 << 12)
        except BlockingIOError:
            return
        except OSError:
            said = b""
        if not said:
            self._is_lost()
            return
        whole = self._rest + said
        end = len(whole) - len(whole) % NEWS.size
        self._rest = whole[end:]
        for kind, pid, code in NEWS.iter_unpack(whole[:end]):
            if kind == STARTED:
                self._running[pid] = asyncio.get_running_loop().create_future()
                starting = self._starting.popleft()
                if not starting.cancelled():
                    starting.set_result(pid)
            elif kind == ENDED:
                self._running.pop(pid).set_result(code)

    def _is_lost(self) -> None:
        """Mark all parsers as ended: they die with their nursery."""
        self.is_gone = True
        asyncio.get_running_loop().remove_reader(self.control)
        for starting in self._starting:
            if not starting.cancelled():
                starting.set_exception(ConnectionError("the parsers' nursery is gone"))
        for running in self._running.values():
            running.set_result(-signal.SIGKILL)
        self._starting.clear()
        self._running.clear()


@contextmanager
def forked_nursery(reader: EntryReader | None) -> Iterator[Nursery | None]:
    """Fork a nursery, and end it on exit; yield None where forking is not safe."""
    ours, theirs = socket.socketpair()
    with theirs:
        pid = fork_nursery(theirs, reader, closing=ours)
    if pid is None:
        ours.close()
        yield None
        return
    nursery = Nursery(ours, partial(os.waitpid, pid, 0))
    try:
        yield nursery
    finally:
        nursery.close()


def spawn_nursery(reader: EntryReader | None) -> Nursery:
    """Start a nursery as a new program, which reads the watchlist anew."""
    ours, theirs = socket.socketpair()
    with theirs, tempfile.TemporaryFile() as sent:
        pickle.dump(reader, sent, pickle.HIGHEST_PROTOCOL)
        sent.seek(0)
        # -P: a home folder may hold a "calendar.py" that would shadow the library's.
        process = subprocess.Popen(  # noqa: S603  our own program
            [sys.executable, "-P", "-m", PROGRAM, str(os.getpid()), str(theirs.fileno())],
            stdin=sent,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
    return Nursery(ours, process.wait)
