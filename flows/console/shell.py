"""A small SQL shell: statements end with a semicolon, and Ctrl-C stops one that runs."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event
from typing import Any

import duckdb

from flows.console.output import RequestError, note, query_rows

# What a shell makes of a program that Ctrl-C ended.
STOPPED = 130
_LOOK_SECONDS = 0.1

LEAVE = frozenset({"exit", "quit", ".exit", ".quit", "\\q"})


def read_statements(*, interactive: bool) -> Iterator[str]:
    """Yield statements typed at a prompt, or those of standard input."""
    if not interactive:
        yield from split_statements(sys.stdin.read())
        return
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401, PLC0415  importing it is what turns on history
    sys.stderr.write(
        "Read-only SQL; end a statement with ';', leave with Ctrl-D or exit.\n"
    )
    pending = ""
    while True:
        try:
            line = input("sinowire> " if not pending else "      ...> ")
        except EOFError:
            sys.stderr.write("\n")
            return
        except KeyboardInterrupt:
            sys.stderr.write("\n")
            pending = ""
            continue
        if not pending and line.strip().rstrip(";").lower() in LEAVE:
            return
        pending += line + "\n"
        if line.rstrip().endswith(";"):
            yield pending
            pending = ""


def answer(con: duckdb.DuckDBPyConnection, statement: str) -> list[dict[str, Any]]:
    """Run a statement and return its rows by column name.

    Raises:
        KeyboardInterrupt: It was stopped by Ctrl-C, and *con* is free for the next.
    """
    # Not in this thread: DuckDB would let go of it and work on, and closing would wait.
    with ThreadPoolExecutor(1) as pool, _ctrl_c() as pressed:
        asked = pool.submit(query_rows, con, statement)
        while not asked.done():
            if pressed.is_set():
                # Once is not enough: what has not quite begun is not interrupted.
                con.interrupt()
            wait([asked], timeout=_LOOK_SECONDS)
    if pressed.is_set():
        raise KeyboardInterrupt
    return asked.result()


@contextlib.contextmanager
def _ctrl_c() -> Iterator[Event]:
    """Yield whether Ctrl-C was pressed; the second time it ends the program."""
    pressed = Event()

    def press(*_: object) -> None:
        if pressed.is_set():
            # A single long expression heeds nothing. We only read, so it does no harm.
            os._exit(STOPPED)
        pressed.set()
        note("\nstopping the query; Ctrl-C again leaves at once")

    former = signal.signal(signal.SIGINT, press)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, former)


def split_statements(text: str) -> Iterator[str]:
    """Yield the statements of *text*, as DuckDB's own parser tells them apart.

    Raises:
        RequestError: There is none.
    """
    found = duckdb.extract_statements(text)
    if not found:
        raise RequestError("there is no statement; try: sinowire sql 'show tables'")
    for statement in found:
        yield statement.query
