"""Sandbox: readers' SQL, one statement in a process of its own.

Within one process no limit is reliable: ``repeat('x', 4e9)`` took 7.9 GB under a memory
limit of 512 MB, and an interrupt does not end a single long expression. A process has
limits enforced by the kernel, and can be killed.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as day_time
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, cast

import duckdb

from warehouse.errors import PUBLISH_ANEW, NotPublished, PublishedByAnother
from warehouse.file.connect import READING, explain
from warehouse.file.migrate import views_checksum
from warehouse.sandbox import child

_START_SECONDS = 30.0
_READ = 1 << 16
_READY = b'{"ready": true}'
# CPU seconds beyond the time limit: it ends what a stopped parent does not.
_SPARE_SECONDS = 5
_TOO_LONG = "it took more than {:g} s and was ended; ask for fewer days or rows"
_TOO_MUCH = "it takes more memory than it may; ask for fewer days, rows or columns at once"
_TOO_WIDE = "its answer is larger than {:g} MB; ask for fewer rows, or shorter columns"
# Given how to end something, lets that be done within a block.
Ending = Callable[[Callable[[], None]], AbstractContextManager[None]]
Params = Mapping[str, str | int | float | bool | None]
MB = 1_000_000
# Python, DuckDB's code, and the rows on their way out.
BEYOND = 768 * MB

_KINDS: Mapping[str, Callable[[Any], Any]] = {
    "float": float,
    "interval": lambda value: timedelta(microseconds=value),
    "decimal": Decimal,
    "blob": bytes.fromhex,
    "timestamp": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": day_time.fromisoformat,
    "struct": lambda value: {_key(_value(k)): _value(v) for k, v in value},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryAnswer:
    """Rows as tuples in order of columns; ``types`` are DuckDB's, one a column.

    ``more`` says that rows beyond the limit were left out.
    """

    columns: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    more: bool = False
    seconds: float = 0.0

    def records(self) -> list[dict[str, Any]]:
        """Return the rows by column name; of equal names the last column counts."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


class QueryTurns:
    """Limit of concurrent statements; a wait beyond *patience* seconds is refused."""

    def __init__(self, at_once: int = 2, patience: float = 5.0) -> None:
        self._free = threading.BoundedSemaphore(at_once)
        self._patience = patience

    @contextmanager
    def one(self) -> Iterator[None]:
        """Take a slot and hold it during the body.

        Raises:
            QueryBusy: None was free in time.
        """
        if not self._free.acquire(timeout=self._patience):
            raise QueryBusy("other statements are running; try again in a moment")
        try:
            yield
        finally:
            self._free.release()


def run_query(
    path: Path,
    sql: str,
    limits: SandboxLimits,
    params: Params | None = None,
    *,
    ending: Ending = lambda _: nullcontext(),
) -> QueryAnswer:
    """Return the answer to one statement on the published file at *path*.

    Any exception here, such as Ctrl-C's, ends its process; *ending* gets a function by
    which another thread can end it.

    Raises:
        NotPublished: There is no such file yet.
        QueryFailed: It is not one SELECT or EXPLAIN, or DuckDB refuses it.
        QueryEnded: It takes more time or room than *limits* allow.
        WarehouseError: The file cannot be read.
    """
    if not path.exists():
        raise NotPublished(path)
    with _process() as process, ending(process.kill):
        _ask(process, path, sql, limits, params)
        return _read(process, path, sql, limits)


@contextmanager
def _process() -> Iterator[subprocess.Popen[bytes]]:
    # Isolated: neither variables nor files of the folder decide what it imports.
    command = [sys.executable, "-I", "-X", "utf8", child.__file__]
    process = subprocess.Popen(  # noqa: S603  our own interpreter and file
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={},
        # Ctrl-C is for us, who then kill it: it heeds nothing in a long expression.
        start_new_session=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def _ask(
    process: subprocess.Popen[bytes],
    path: Path,
    sql: str,
    limits: SandboxLimits,
    params: Params | None,
) -> None:
    asked = {
        "file": str(path.resolve()),
        # Half a character of a pair is none.
        "sql": sql.encode("utf-8", "replace").decode(),
        "params": dict(params or {}),
        "rows": limits.rows,
        "views": views_checksum(),
        "address_space": limits.memory + BEYOND,
        "cpu_seconds": limits.seconds and int(limits.seconds) + _SPARE_SECONDS,
        "config": config_of(limits),
    }
    pipe = cast("IO[bytes]", process.stdin)
    try:
        pipe.write(json.dumps(asked).encode() + b"\n")
        pipe.flush()
    except BrokenPipeError as exc:
        raise QueryFailed("the process that answers did not start; try again") from exc


def config_of(limits: SandboxLimits) -> dict[str, Any]:
    """Return DuckDB's settings for the process of the sandbox."""
    return READING | {
        "memory_limit": f"{limits.memory}B",
        "threads": limits.threads,
        "python_enable_replacements": False,
    }


def _read(
    process: subprocess.Popen[bytes], path: Path, sql: str, limits: SandboxLimits
) -> QueryAnswer:
    began = time.monotonic()
    lines = _lines(process, limits)
    answer: dict[str, Any] = {"columns": [], "rows": []}
    for line in lines:
        said = json.loads(line)
        if "failed" in said:
            other = f"; {PublishedByAnother(path)}" if said.get("is_of_another") else ""
            place = _place(sql, said.get("at"))
            where = " (line {}, column {})".format(*place) if place else ""
            raise QueryFailed(f"{' '.join(said['failed'].split())}{where}{other}", place)
        if "full" in said:
            raise QueryEnded(_TOO_MUCH)
        if "closed" in said:
            raise explain(path, duckdb.IOException(said["closed"]), remedy=PUBLISH_ANEW)
        answer["columns"] = said.get("columns", answer["columns"])
        answer["rows"] += [tuple(map(_value, row)) for row in said.get("rows", ())]
        if "end" in said:
            return QueryAnswer(
                columns=tuple(name for name, _ in answer["columns"]),
                types=tuple(kind for _, kind in answer["columns"]),
                rows=answer["rows"],
                more=said["more"],
                seconds=time.monotonic() - began,
            )
    raise _died(process, limits)


def _place(sql: str, at: int | None) -> tuple[int, int] | None:
    """Return line and column, from 1 on, of a byte of the statement."""
    if at is None:
        return None
    lines = sql.encode("utf-8", "replace")[:at].decode("utf-8", "ignore").split("\n")
    return len(lines), len(lines[-1]) + 1


def _lines(process: subprocess.Popen[bytes], limits: SandboxLimits) -> Iterator[bytearray]:
    """Yield the lines of the answer as they come.

    The time of a statement begins when its process is ready.

    Raises:
        QueryEnded: The time is over, or there is more than *limits* allow.
    """
    out = cast("IO[bytes]", process.stdout)
    pending, total = bytearray(), 0
    deadline: float | None = time.monotonic() + _START_SECONDS
    while data := _more(out, deadline, limits):
        total += len(data)
        if limits.answer is not None and total > limits.answer:
            raise QueryEnded(_TOO_WIDE.format(limits.answer / MB))
        pending += data
        if b"\n" not in data:
            continue
        *lines, pending = pending.split(b"\n")
        for line in lines:
            if line == _READY:
                deadline = limits.seconds and time.monotonic() + limits.seconds
            else:
                yield line


def _more(out: IO[bytes], deadline: float | None, limits: SandboxLimits) -> bytes:
    left = None if deadline is None else max(0.0, deadline - time.monotonic())
    if not select.select([out], [], [], left)[0]:
        raise QueryEnded(_TOO_LONG.format(limits.seconds or _START_SECONDS))
    return os.read(out.fileno(), _READ)


def _died(process: subprocess.Popen[bytes], limits: SandboxLimits) -> QueryError:
    """Return why a process ended without an end to its answer."""
    if process.wait() in (-signal.SIGXCPU, -signal.SIGKILL) and limits.seconds:
        return QueryEnded(_TOO_LONG.format(limits.seconds))
    return QueryEnded(_TOO_MUCH)


def _value(value: Any) -> Any:
    """Return what the process made JSON of."""
    if isinstance(value, list):
        return [_value(item) for item in value]
    if isinstance(value, dict):
        [(kind, inner)] = value.items()
        return _KINDS[kind](inner)
    return value


def _key(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxLimits:
    """Limits of one statement: time, memory and rows; None is unlimited.

    ``memory`` is DuckDB's limit in bytes; the process may use ``BEYOND`` more of address
    space. ``answer`` limits the bytes of the answer on the pipe.
    """

    seconds: float | None = None
    memory: int = 512 * MB
    rows: int | None = None
    answer: int | None = None
    threads: int = 1


FOR_STRANGERS = SandboxLimits(seconds=5.0, rows=1_000, answer=8 * MB)


def for_ourselves() -> SandboxLimits:
    """Return limits for the owner: half of the machine's memory, no timeout.

    Ctrl-C ends a long statement.
    """
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return SandboxLimits(
        memory=max(pages * size // 2, 512 * MB), threads=os.cpu_count() or 1
    )


class QueryError(Exception):
    """The statement failed; the message gives the reason and the remedy."""


class QueryFailed(QueryError):  # noqa: N818  (named for what happened, like its siblings)
    """The statement is not allowed, or invalid; ``place`` is line and column, if known."""

    def __init__(self, message: str, place: tuple[int, int] | None = None) -> None:
        super().__init__(message)
        self.place = place


class QueryEnded(QueryError):  # noqa: N818
    """The statement exceeded its limit of time or memory."""


class QueryBusy(QueryError):  # noqa: N818
    """The limit of concurrent statements is reached."""
