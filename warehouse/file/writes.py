"""Write log of a file, by which a copy is updated incrementally.

DuckDB writes changes into free blocks of its file and can log each write. So each writer
appends a line to a log beside the file: the state before, the state after, and the written
spans. A copy of the first state becomes one of the last by these spans alone. If the lines
have a gap, as after a kill or a write by another program, every byte is compared.

The file that a publication replaces is kept as a spare, under a private name, and the next
publication writes the differing pieces into it. Readers keep the file they opened: by a
lease of the kernel, a spare that a process has open is not written to, and one that is
written to is not opened.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import dropwhile
from pathlib import Path
from typing import BinaryIO, NamedTuple

import duckdb

from warehouse.file.lock import PRIVATE_FILE
from warehouse.queries import Connection

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
# Size and modification time of a file, which every writer changes.
Mark = tuple[int, int]
PIECE = 1 << 16
CLONE = 0x40049409  # FICLONE of linux/fs.h; Python has no name for it.


class FileState(NamedTuple):
    """State of a closed file: different contents have different states."""

    mark: Mark
    headers: str

    @property
    def size(self) -> int:
        """Length of the file."""
        return self.mark[0]


class TurnWrites(NamedTuple):
    """Writes under one lock: states before and after, and spans (position, length)."""

    before: FileState
    after: FileState
    spans: list[Span]


def lines_of(path: Path) -> Path:
    """Return the path of the write log of the file at *path*."""
    return path.with_name(f"{path.name}.written")


def mark_of(path: Path) -> Mark:
    """Return the mark of the file at *path*."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def state_of(path: Path) -> FileState | None:
    """Return the state of the file at *path*; None if it cannot be read.

    This process must not have it open: closing it here would release DuckDB's lock.
    """
    try:
        with path.open("rb", buffering=0) as file:
            headers = file.read(HEADERS)
        return FileState(mark_of(path), hashlib.sha256(headers).hexdigest())
    except OSError:
        return None


def is_large(size: int) -> bool:
    """Tell whether a file of *size* bytes is large enough for incremental copies."""
    return size >= WORTHWHILE


def log_writes(con: Connection) -> None:
    """Make *con* log its writes to files attached from now on."""
    con.execute("call enable_logging('FileSystem')")


@contextmanager
def noted(path: Path) -> Iterator[Callable[[Connection], object]]:
    """Append the body's writes to the file at *path* to its write log.

    Yields a function that collects the writes of a connection; call it before closing it.
    """
    before, told = state_of(path), list[tuple[list[Span], Mark]]()
    try:
        yield lambda con: told.extend(_written_by(con, path))
    finally:
        if before is not None and told:
            _note(path, before, *told[-1])


def spans_between(path: Path, copy: Path) -> list[Span]:
    """Return the spans in which *copy*, a former state of *path*, may differ."""
    at, then = state_of(path), state_of(copy)
    size = least = mark_of(path)[0]
    spans: list[Span] = []
    for line in reversed(list(_lines(path))):
        if line.after != at or at == then:
            break
        at = line.before
        least = min(least, at.size)
        spans += line.spans
    if at is None or at != then:
        return [(0, size)]
    # Where the file was shorter for a while, blocks may exist that no line has.
    spans.append((least, size - least))
    return list(_joined((start, min(n, size - start)) for start, n in sorted(spans)))


def is_as_written(path: Path) -> bool:
    """Tell whether the file at *path* is unchanged since its last logged write."""
    lines = list(_lines(path))
    return bool(lines) and lines[-1].after == state_of(path)


def forget_writes(path: Path, *, until: Path | None = None) -> None:
    """Drop the log lines of the file at *path* before the state of *until*."""
    mark = mark_of(until) if until is not None and until.exists() else None
    kept = list(dropwhile(lambda line: line.before.mark != mark, _lines(path)))
    with suppress(OSError):
        lines_of(path).unlink()
        if kept:
            text = "".join(json.dumps(line) + "\n" for line in kept)
            lines_of(path).write_text(text, encoding="ascii")


def _written_by(con: Connection, path: Path) -> Iterator[tuple[list[Span], Mark]]:
    """Yield what *con* wrote to the file, nothing if it does not answer any more."""
    with suppress(duckdb.Error):
        # It logs the path that links lead to.
        spans = con.execute(_SPANS, {"path": str(path.resolve())}).fetchall()
        yield list(_joined(spans)), mark_of(path)


def _note(path: Path, before: FileState, spans: list[Span], mark: Mark) -> None:
    """Add the line of a turn that is over; spans and mark were told before it closed."""
    after = state_of(path)
    # What is written on closing is in no log.
    if after is None or after.mark != mark or not spans:
        return
    # The headers changed outside the logged spans: the log is incomplete.
    if after.headers != before.headers and all(at >= HEADERS for at, _ in spans):
        return
    if not is_large(after.size):
        return
    # On a full disk the line is lost, and the next copy is compared in full.
    with suppress(OSError), lines_of(path).open("a", encoding="ascii") as file:
        file.write(json.dumps(TurnWrites(before, after, spans)) + "\n")


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield *spans*, which are sorted, with adjacent ones merged."""
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
    """Yield the log lines of the file at *path*, up to a truncated one."""
    with suppress(OSError, ValueError, TypeError):
        for line in lines_of(path).read_text(encoding="ascii").splitlines():
            before, after, spans = json.loads(line)
            yield TurnWrites(_state(before), _state(after), [(at, n) for at, n in spans])


def _state(found: tuple[tuple[int, int], str]) -> FileState:
    mark, headers = found
    return FileState((mark[0], mark[1]), headers)


def clone(source: Path, target: Path) -> bool:
    """Make *target* share all blocks of *source*; return False if unsupported."""
    with source.open("rb") as original, target.open("wb") as copy:
        try:
            fcntl.ioctl(copy, CLONE, original.fileno())
        except OSError:
            return False
    return True


def spare_of(source: Path) -> Path:
    """Return the path of the spare: the last copy but one of *source*."""
    return source.with_name(f"{source.name}.spare")


def keep_spare(source: Path, target: Path) -> None:
    """Keep the file at *target*, soon to be replaced, as a spare if it is large."""
    spare = spare_of(source)
    spare.unlink(missing_ok=True)
    size = source.stat().st_size
    if not is_large(size) or shutil.disk_usage(source.parent).free < 2 * size:
        return
    with suppress(OSError):
        os.link(target, spare)


def close_spare(source: Path) -> None:
    """Remove other users' permissions on the spare, which has been replaced by now."""
    with suppress(OSError):
        spare_of(source).chmod(PRIVATE_FILE)


def renew_spare(source: Path, part: Path) -> bool:
    """Move the spare copy to *part* and make it equal to *source*, if there is one.

    Returns False, and removes it, if another process has it open or has linked it. One that
    looked its name up before it was replaced, and opens it meanwhile, is made to wait until
    it is equal: by the kernel, 45 seconds at most.
    """
    spare = spare_of(source)
    try:
        spare.rename(part)
    except FileNotFoundError:
        return False
    spans = spans_between(source, part)
    with part.open("r+b", buffering=0) as copy:
        if os.fstat(copy.fileno()).st_nlink == 1 and _is_ours_alone(copy):
            write_differences(source, copy, spans)
            # To close is not enough: a child forked in between has the file open too.
            fcntl.fcntl(copy, fcntl.F_SETLEASE, fcntl.F_UNLCK)
            return True
    part.unlink()
    return False


def write_differences(source: Path, copy: BinaryIO, spans: Iterable[Span]) -> int:
    """Make *copy* equal to *source* within *spans*; return the number of bytes read."""
    read = 0
    ours, theirs = bytearray(PIECE), bytearray(PIECE)
    with source.open("rb", buffering=0) as new:
        copy.truncate(source.stat().st_size)
        for at, wanted in _pieces(spans):
            length = os.preadv(new.fileno(), [memoryview(ours)[:wanted]], at)
            had = os.preadv(copy.fileno(), [memoryview(theirs)[:wanted]], at)
            if length != had or ours[:length] != theirs[:length]:
                os.pwrite(copy.fileno(), memoryview(ours)[:length], at)
            read += length
    return read


def _pieces(spans: Iterable[Span]) -> Iterator[Span]:
    for start, length in spans:
        for at in range(start, start + length, PIECE):
            yield at, min(PIECE, start + length - at)


def _is_ours_alone(file: BinaryIO) -> bool:
    """Take a lease on *file*, which is granted if no other process has it open.

    Whoever opens it then waits until the lease is given back.
    """
    try:
        # The kernel tells of who waits by a signal: the usual one would end this process.
        fcntl.fcntl(file, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
    except (AttributeError, OSError):
        # No leases on this system or file system, or another process has it open.
        return False
    return True
