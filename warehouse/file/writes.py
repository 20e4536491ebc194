"""Know what writers wrote into a warehouse's file, so that only that is copied.

DuckDB writes what changed into free blocks of its file and, asked to, logs each write. So
a writer's turn leaves a line beside the file: the state in which it found it, the one in
which it left it, and the spans between. A copy of the first state becomes one of the last
by these spans alone. Where lines do not join, as after a kill or another program's visit,
nobody knows, and every byte is to be compared.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import dropwhile
from pathlib import Path
from typing import NamedTuple

import duckdb

# DuckDB's main header and the two of the database, whose counter each checkpoint raises.
HEADERS = 3 * 4096
# A smaller file is copied as fast as two are compared, and of such no copy is kept.
WORTHWHILE = 64_000_000
_SPANS = """
    select distinct pos, bytes
    from duckdb_logs_parsed('FileSystem')
    where op = 'WRITE' and path = $path
    order by pos
"""

Span = tuple[int, int]


class FileMark(NamedTuple):
    """What each writer's turn changes of a file, without a look inside."""

    size: int
    modified_ns: int


class FileState(NamedTuple):
    """In which state a closed file is: no two that differ have the same."""

    mark: FileMark
    headers: str


class TurnWrites(NamedTuple):
    """What a turn wrote: from which state to which, as positions and lengths."""

    before: FileState
    after: FileState
    spans: list[Span]


class Written(NamedTuple):
    """What was written to an open file, and its mark then."""

    spans: list[Span]
    mark: FileMark


def lines_of(path: Path) -> Path:
    """Return where the lines about the file at *path* are."""
    return path.with_name(f"{path.name}.written")


def mark_of(path: Path) -> FileMark:
    """Return the mark of the file at *path*."""
    found = path.stat()
    return FileMark(found.st_size, found.st_mtime_ns)


def state_of(path: Path) -> FileState | None:
    """Return the state of the file at *path*, None where it cannot be read.

    This process must not have it open: to close it here would give away DuckDB's lock.
    """
    try:
        with path.open("rb", buffering=0) as file:
            headers = file.read(HEADERS)
        return FileState(mark_of(path), hashlib.sha256(headers).hexdigest())
    except OSError:
        return None


def is_large(size: int) -> bool:
    """Say whether a file of *size* bytes is worth it."""
    return size >= WORTHWHILE


def log_writes(con: duckdb.DuckDBPyConnection) -> None:
    """Have *con* log what it writes to files that it attaches from now on."""
    con.execute("call enable_logging('FileSystem')")


@contextmanager
def noted(path: Path) -> Iterator[Callable[[duckdb.DuckDBPyConnection], object]]:
    """Leave a line of what the body writes to the file at *path*.

    Yields what asks a connection for that, which the body does before it closes it.
    """
    before, told = state_of(path), list[Written]()
    try:
        yield lambda con: told.extend(_written_by(con, path))
    finally:
        if before is not None and told:
            _note(path, before, told[-1])


def spans_between(path: Path, copy: Path) -> list[Span]:
    """Return where *copy*, made of the file at *path* in a former state, may differ."""
    at, then = state_of(path), state_of(copy)
    size = least = mark_of(path).size
    spans: list[Span] = []
    for line in reversed(list(_lines(path))):
        if line.after != at or at == then:
            break
        at = line.before
        least = min(least, at.mark.size)
        spans += line.spans
    if at is None or at != then:
        return [(0, size)]
    # Where the file was shorter for a while, blocks may be that nobody wrote.
    spans.append((least, size - least))
    return list(_joined((start, min(n, size - start)) for start, n in sorted(spans)))


def is_as_written(path: Path) -> bool:
    """Say whether the file at *path* is as the newest writer's turn left it."""
    lines = list(_lines(path))
    return bool(lines) and lines[-1].after == state_of(path)


def forget_writes(path: Path, *, until: Path | None = None) -> None:
    """Forget the lines about the file at *path* before the state that *until* is of."""
    mark = mark_of(until) if until is not None and until.exists() else None
    kept = list(dropwhile(lambda line: line.before.mark != mark, _lines(path)))
    with suppress(OSError):
        lines_of(path).unlink()
        if kept:
            text = "".join(json.dumps(line) + "\n" for line in kept)
            lines_of(path).write_text(text, encoding="ascii")


def _written_by(con: duckdb.DuckDBPyConnection, path: Path) -> Iterator[Written]:
    """Yield what *con* wrote to the file, nothing where it does not answer any more."""
    with suppress(duckdb.Error):
        # It logs the path that links lead to.
        spans = con.execute(_SPANS, {"path": str(path.resolve())}).fetchall()
        yield Written(list(_joined(spans)), mark_of(path))


def _note(path: Path, before: FileState, written: Written) -> None:
    """Add the line of a turn that is over; *written* was told before it closed."""
    after = state_of(path)
    # What is written on closing is in no log.
    if after is None or after.mark != written.mark or not written.spans:
        return
    # Other headers of which it does not tell: it is not a whole one either.
    if after.headers != before.headers and not _has_headers(written.spans):
        return
    if not is_large(after.mark.size):
        return
    # Without room for a line nobody knows, which is all that is lost.
    with suppress(OSError), lines_of(path).open("a", encoding="ascii") as file:
        file.write(json.dumps(TurnWrites(before, after, written.spans)) + "\n")


def _has_headers(spans: Iterable[Span]) -> bool:
    return any(at < HEADERS for at, _ in spans)


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield *spans*, which are in order, with those that touch each other as one."""
    start = end = 0
    for at, length in spans:
        if at > end:
            if end > start:
                yield start, end - start
            start = at
        end = max(end, at + length)
    if end > start:
        yield start, end - start


def _lines(path: Path) -> Iterator[TurnWrites]:
    """Yield the lines about the file at *path*, up to one that was cut off."""
    with suppress(OSError, ValueError, TypeError):
        for line in lines_of(path).read_text(encoding="ascii").splitlines():
            before, after, spans = json.loads(line)
            yield TurnWrites(_state(before), _state(after), [(at, n) for at, n in spans])


def _state(found: tuple[tuple[int, int], str]) -> FileState:
    mark, headers = found
    return FileState(FileMark(*mark), headers)
