"""Nursery: the process that forks parsers, and reads the watchlist once for all.

A parser is ready as soon as it is forked, and shares with the others what never changes.

program ── START, a socket ─▶ nursery ── fork ─▶ parser, which answers on that socket
        ── KILL, pid ───────▶
        ◀─ STARTED, ENDED ───
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import signal
import socket
import struct
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from connectors.process import die_with_parent
from transforms.articles.reader import EntryReader

PARSER = "connectors.feeds.poll.parser_process"
# What is said on the control socket: a kind, a process, and how it ended.
NEWS = struct.Struct(">Bqq")
START, KILL, STARTED, ENDED = range(4)
# Entries and what is found in them refer to nobody: to look for cycles among them every
# 700 new objects is a tenth of a parser's time.
GC_THRESHOLD = 50_000


def main() -> None:
    """Run a nursery: parent's id and control socket are arguments, a reader is input."""
    parent, control = map(int, sys.argv[1:])
    _end_with(parent)
    reader: EntryReader | None = pickle.load(sys.stdin.buffer)  # noqa: S301  our own parent's
    nurse(socket.socket(fileno=control), reader)


def fork_nursery(
    control: socket.socket, reader: EntryReader | None, *, closing: socket.socket
) -> int | None:
    """Fork a nursery at *control*'s other end; return its pid, None if that is unsafe.

    Only a program of a single thread may be forked: of others a child has half, such as
    a lock that nobody will open.
    """
    threads = Path("/proc/self/task")
    if not threads.is_dir() or len(list(threads.iterdir())) > 1:
        return None
    parent = os.getpid()
    # Shared by both for as long as nobody looks for cycles in it.
    gc.freeze()
    if pid := os.fork():
        return pid
    try:
        _end_with(parent)
        closing.close()
        nothing = os.open(os.devnull, os.O_RDWR)
        for standard in range(3):
            os.dup2(nothing, standard)
        nurse(control, reader)
    finally:
        os._exit(1)


def nurse(control: socket.socket, reader: EntryReader | None) -> NoReturn:
    """Fork parsers on request, until *control* is closed."""
    # Ctrl-C reaches the whole process group; the parent decides what that means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    woken, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, _heard)
    gc.set_threshold(GC_THRESHOLD)
    children: set[int] = set()
    is_ready = False
    while True:
        ready, _, _ = select.select([control.fileno(), woken], (), ())
        if woken in ready:
            os.read(woken, 4096)
            _tell_ended(control, children)
        if control.fileno() not in ready:
            continue
        news, fds, _, _ = socket.recv_fds(control, NEWS.size, 1)
        if len(news) < NEWS.size:
            break
        kind, pid, _ = NEWS.unpack(news)
        if kind == KILL and pid in children:
            os.kill(pid, signal.SIGKILL)
        elif kind == START:
            is_ready = is_ready or _prepare(reader)
            pid = _fork(fds[0], reader, closing=(control.fileno(), woken, wake))
            children.add(pid)
            os.close(fds[0])
            control.sendall(NEWS.pack(STARTED, pid, 0))
    for pid in children:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    os._exit(0)


def _prepare(reader: EntryReader | None) -> bool:
    # What is made here stays, and is shared: a look for cycles would write to all of it.
    gc.disable()
    # Here: a run in which nothing is new needs neither parsers nor what they import.
    import_module(PARSER)
    if reader:
        _ = reader.tagger
    gc.freeze()
    gc.enable()
    return True


def _fork(asked: int, reader: EntryReader | None, *, closing: tuple[int, ...]) -> int:
    """Start a parser that answers on the socket *asked*; return its pid."""
    nursery = os.getpid()
    if pid := os.fork():
        return pid
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for fd in closing:
            os.close(fd)
        _end_with(nursery)
        with os.fdopen(os.dup(asked), "rb") as requests, os.fdopen(asked, "wb") as answers:
            import_module(PARSER).serve(requests, answers, reader)
        code = 0
    finally:
        os._exit(code)


def _tell_ended(control: socket.socket, children: set[int]) -> None:
    while children:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        children.discard(pid)
        with suppress(ConnectionError):  # whoever asked may be gone
            control.sendall(NEWS.pack(ENDED, pid, os.waitstatus_to_exitcode(status)))


def _heard(_number: int, _frame: object) -> None:
    """Do nothing: without a handler, the signal would not wake the loop."""


def _end_with(parent: int) -> None:
    if not sys.platform.startswith("linux"):
        return  # elsewhere the closed socket ends us, once the document at hand is parsed
    die_with_parent()
    if os.getppid() != parent:
        os._exit(0)  # it was gone before we asked


if __name__ == "__main__":
    main()
