"""Connections: the private file for a writer, the published copy for readers."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import duckdb

from warehouse import queries
from warehouse.dialect import pass_fence
from warehouse.errors import (
    PUBLISH_ANEW,
    RESTORE,
    NotPublished,
    WarehouseBusy,
    WarehouseCramped,
    WarehouseDamaged,
    WarehouseDenied,
    WarehouseError,
    WarehouseFull,
    WarehouseNewer,
)
from warehouse.file.aside import check_may_begin, is_there
from warehouse.file.lock import turn
from warehouse.file.migrate import migrate
from warehouse.file.writes import log_writes, noted
from warehouse.queries import Connection

PRIVATE_NAME = "warehouse.duckdb"
PUBLISHED_NAME = "sinowire.duckdb"

# What a writer's DuckDB may keep in memory, beyond which it spills to disk. It keeps
# what it is given: appends need little, and rewriting everything needs more. With 64 MB a
# first poll spills what its next batch reads again.
APPENDING = "128MB"
REWRITING = "1GB"
THREADS = 2
# What the file is called in it, as DuckDB would by its name.
_PRIVATE = "warehouse"
# Memory that is free again is given back in such parts: DuckDB's own 128 MB would stay
# with a process that has its turn for seconds.
FLUSHED = "16MB"
Options = dict[str, str | bool | int | float | list[str]]
# Nothing in a file, nor what is asked of it, reaches another file or the network.
SEALED: Options = {"autoinstall_known_extensions": False, "enable_external_access": False}
# Who only reads leaves nothing beside the file either, where others have no room for it.
READING: Options = SEALED | {"temp_directory": ""}

# What DuckDB says in an error, and what it means. It has no error classes for these.
_TAKEN = re.compile(
    r"Could not set lock on file|Conflicting lock|already (open in|attached by)"
)
_NEWER = re.compile(r"(database file|storage) with version number (\d+)|newer version")
_DAMAGED = re.compile(
    r"not a valid DuckDB database|[Cc]orrupt|checksum|deserializ|SerializationException|"
    r"Failed to (load|read)|Could not read enough bytes|Attempted to dereference|"
    r"Failure while replaying WAL",
    re.IGNORECASE,
)
# Where there is no room to spill either, DuckDB says that it is out of memory.
FULL = re.compile(
    r"No space left on device|File too large|[Dd]isk quota exceeded|max_temp_directory_size"
)
_DENIED = re.compile(r"Read-only file system|Permission denied|not permitted")
CRAMPED = re.compile(r"Out of Memory Error|failed to (pin|allocate)|could not allocate")
_HOLDER_PID = re.compile(r"PID (\d+)")
INTERRUPTED = "Query interrupted"
_OF_THE_FILE = (duckdb.IOException, duckdb.FatalException)


@contextmanager
def writer(
    data: Path,
    *,
    command: str,
    wait: float = 60.0,
    on_wait: Callable[[str], object] | None = None,
    on_turn: Callable[[], object] | None = None,
    memory: str = APPENDING,
) -> Iterator[Connection]:
    """Open the private warehouse in *data* for writing, migrated and exclusive.

    Waits for the write lock; *on_wait* is called once with its holder, *on_turn* when the
    lock is ours. Opening replays the log of a killed writer; closing leaves none.

    Raises:
        WarehouseBusy: Another process kept the warehouse for more than *wait* seconds.
        WarehouseDamaged: The file cannot be read; it is left as it is.
        WarehouseMissing: The file is gone, and there was a warehouse before.
        WarehouseNewer: A later version wrote the file; it is left as it is.
        WarehouseFull: The disk is full.
        WarehouseCramped: *memory* is too little; with REWRITING the same can be done.
    """
    start = time.monotonic()
    with turn(data, command=command, wait=wait, on_wait=on_wait):
        if on_turn:
            on_turn()
        path = data / PRIVATE_NAME
        if not is_there(path):
            check_may_begin(path, data / PUBLISHED_NAME)
            path.unlink(missing_ok=True)
        with (
            noted(path) as ask,
            _explained(path),
            closing(
                _open_private(path, deadline=start + wait, on_wait=on_wait, memory=memory)
            ) as con,
        ):
            try:
                # A release that changes views derives coverage anew.
                with with_memory(con, REWRITING):
                    migrate(con, path)
                yield con
                con.execute("checkpoint")
            finally:
                ask(con)


@contextmanager
def transaction(con: Connection) -> Iterator[None]:
    """Run the body in a transaction: commit at its end, roll back on an error."""
    con.begin()
    try:
        pass_fence(con)
        yield
    except BaseException:
        # A full disk can take the connection with it: then there is nothing to undo.
        with suppress(duckdb.Error):
            con.rollback()
        raise
    con.commit()


@contextmanager
def with_memory(con: Connection, memory: str) -> Iterator[None]:
    """Run the body with the memory limit *memory* instead of the writer's own."""
    [(given,)] = con.execute("select current_setting('memory_limit')").fetchall()
    con.execute("set memory_limit = $memory", {"memory": memory})
    try:
        yield
    finally:
        con.execute("set memory_limit = $given", {"given": given})


def open_published(
    path: Path,
    *,
    memory: str | None = None,
    threads: int | None = None,
    link: Path | None = None,
    is_sealed: bool = True,
) -> Connection:
    """Open the published file at *path* read-only, by its *link* if there is one.

    Sealed, no statement reaches another file or the network, spills to disk, or lifts that.
    DuckDB caches the opened copy for as long as any connection of this process to the path
    is open, so close it to see the next publication. *memory* and *threads* limit its use
    of the machine; DuckDB's defaults assume a machine of its own.

    Raises:
        NotPublished: There is no such file yet.
    """
    if not path.exists():
        raise NotPublished(path)
    bounds: Options = {} if memory is None else {"memory_limit": memory}
    bounds |= {} if threads is None else {"threads": threads}
    bounds |= READING if is_sealed else {"temp_directory": ""}
    with _explained(path, remedy=PUBLISH_ANEW):
        con = duckdb.connect(link or path, read_only=True, config=bounds)
    [(is_locked,)] = con.execute("select current_setting('lock_configuration')").fetchall()
    # A connection of this process to the same file has set this already.
    if not is_locked:
        con.execute("set global TimeZone = 'UTC'")
        con.execute(f"set lock_configuration = {is_sealed}")
    return con


@contextmanager
def undone(con: Connection) -> Iterator[None]:
    """Run the body in a transaction that is always rolled back."""
    con.begin()
    try:
        yield
    finally:
        con.rollback()


def _open_private(
    path: Path, *, deadline: float, on_wait: Callable[[str], object] | None, memory: str
) -> Connection:
    # Our own writers take turns; only someone else's client can still be in the way.
    start = time.monotonic()
    told = False
    while True:
        try:
            return _attached(path, memory)
        except duckdb.Error as exc:
            explained = explain(path, exc)
            if isinstance(explained, WarehouseCramped) and memory != REWRITING:
                # A killed writer's log may hold more than one that appends may keep.
                memory = REWRITING
                continue
            if not isinstance(explained, WarehouseBusy):
                raise explained from exc
            if time.monotonic() >= deadline:
                raise WarehouseBusy(
                    _foreign_holder(path, exc), time.monotonic() - start
                ) from exc
            if on_wait and not told:
                on_wait(_foreign_holder(path, exc))
                told = True
            time.sleep(0.1)


def _attached(path: Path, memory: str) -> Connection:
    """Open the file at *path* so that what is written to it is known."""
    con = duckdb.connect(
        config={
            "autoinstall_known_extensions": False,
            "memory_limit": memory,
            "threads": THREADS,
            "allocator_flush_threshold": FLUSHED,
            "temp_directory": f"{path}.tmp",
        }
    )
    try:
        log_writes(con)
        con.execute(f"attach {queries.text(str(path))} as {_PRIVATE} (type duckdb)")
        con.execute(f"use {_PRIVATE}")
        con.execute("set enable_external_access = false")
        con.execute("set TimeZone = 'UTC'")
    except BaseException:
        con.close()
        raise
    return con


def _foreign_holder(path: Path, exc: duckdb.Error) -> str:
    found = _HOLDER_PID.search(str(exc))
    who = f"process {found[1]}" if found else "another program"
    return f"{who}, which has {path} open (read {PUBLISHED_NAME} instead)"


@contextmanager
def _explained(path: Path, *, remedy: str = RESTORE) -> Iterator[None]:
    try:
        yield
    except RuntimeError as exc:
        # So DuckDB says that Ctrl-C was pressed while it was at work.
        if str(exc) == INTERRUPTED:
            raise KeyboardInterrupt from exc
        raise
    except duckdb.Error as exc:
        explained = explain(path, exc, remedy=remedy)
        # A mistake in a query is the caller's; only the file's own state is ours to tell.
        if type(explained) is WarehouseError and not isinstance(exc, _OF_THE_FILE):
            raise
        raise explained from exc


def explain(path: Path, exc: duckdb.Error, *, remedy: str = RESTORE) -> WarehouseError:
    """Return the error with a remedy for DuckDB's *exc* on the file at *path*.

    *remedy* is the advice for a damaged file.
    """
    reason = str(exc).strip().splitlines()[0].removeprefix("IO Error: ")
    if FULL.search(str(exc)):
        return WarehouseFull(path, shutil.disk_usage(path.parent).free)
    if CRAMPED.search(str(exc)):
        return WarehouseCramped(path, reason)
    if _NEWER.search(reason):
        return WarehouseNewer(path, reason)
    if _DAMAGED.search(str(exc)):
        return WarehouseDamaged(path, reason, remedy=remedy)
    if _TAKEN.search(reason):
        return WarehouseBusy(_foreign_holder(path, exc), 0)
    kind = WarehouseDenied if _DENIED.search(str(exc)) else WarehouseError
    return kind(
        f"{path} cannot be used: {reason}; nothing that was committed is lost: "
        "check the disk's free space and permissions, then try again"
    )
