"""A warehouse in a file: opened, published, backed up, restored, begun anew."""

from __future__ import annotations

import gzip
import os
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import duckdb
from isal import igzip
from isal.igzip_lib import IsalError

from warehouse.errors import (
    NO_BACKUP,
    RESTORE,
    TransferError,
    WarehouseDamaged,
    WarehouseError,
    WarehouseExists,
    WarehouseNewer,
    WarehouseOlder,
)
from warehouse.file import connect
from warehouse.file.aside import BACKUPS_NAME, is_there, log_of, put_back, set_aside
from warehouse.file.connect import APPENDING, PRIVATE_NAME, PUBLISHED_NAME, SEALED
from warehouse.file.lock import turn
from warehouse.file.migrate import migrate
from warehouse.file.publish import (
    PART,
    copy_file,
    publish,
    put_in_place,
    remove_parts,
    replay_log,
)
from warehouse.file.verify import keep_rows, verify
from warehouse.file.writes import forget_writes
from warehouse.queries import Connection

Wait = Callable[[str], object]
_UNREADABLE = (
    "the copy of {} in {} could not be read back and was removed; "
    "the original is in order: see to that disk, or name another one"
)
# gzip has a checksum of what it holds, so reading one to its end tells whether it is whole.
# A copy is about half as large as the warehouse.
SUFFIX = ".gz"
# Level 0 packs less for the same price, and level 2 hardly more for a third more.
LEVEL = 1
_PIECE = 1 << 20
_MAGIC = b"\x1f\x8b"
# Its stub has the last one as an exception, not as a type.
_BROKEN: tuple[type[Exception], ...] = (
    gzip.BadGzipFile,
    EOFError,
    zlib.error,
    IsalError,  # type: ignore[assignment]
)


def backup(
    data: Path,
    target: Path,
    *,
    name: str = PRIVATE_NAME,
    overwrite: bool = False,
    wait: float = 60.0,
) -> None:
    """Copy the warehouse to *target*; verify the copy before it gets that name.

    The warehouse is the file called *name* in *data*. A *target* that ends in ``.gz`` is
    packed.

    Raises:
        TransferError: There is no warehouse, *target* has no room, or exists and is not
            to be overwritten.
        WarehouseDamaged: The warehouse cannot be read; there is no copy then.
    """
    source = data / name
    if target.exists() and not overwrite:
        raise TransferError(f"{target} exists; name another file, or move it aside")
    with turn(data, command="sinowire backup", wait=wait):
        if not is_there(source):
            raise TransferError(f"{source} does not exist; there is nothing to back up")
        replay_log(source)
        # We hold the lock, so any partial copy here was left by a killed process.
        remove_parts(data / BACKUPS_NAME / "*")
        make = _packed_copy if target.suffix == SUFFIX else verified_copy
        with make(source, target, remedy=RESTORE) as copy:
            put_in_place(copy, target)


def restore(
    data: Path, source: Path, *, force: bool = False, wait: float = 60.0
) -> Path | None:
    """Replace the warehouse by a copy of *source*; return the path of the former one.

    *source* is a backup, the published copy, or a warehouse that was moved aside. It is
    copied and read first, and of the copy only the rows of our tables are kept; then the
    former warehouse, which is never deleted, is kept under another name. Without *force*
    one that is in order is not replaced at all.

    Raises:
        TransferError: *source* is missing, or the warehouse is in order without *force*.
        WarehouseDamaged: *source* cannot be read; the warehouse is left as it is.
    """
    if not source.is_file():
        raise TransferError(f"{source} is not a file; name one that `sinowire backup` made")
    with turn(data, command="sinowire restore", wait=wait):
        target = data / PRIVATE_NAME
        with verified_copy(source, target, remedy=NO_BACKUP) as copy:
            if not force and is_there(target) and not _is_damaged(target):
                raise TransferError(
                    f"{target} is in order; `--force` moves it aside and takes {source}"
                )
            keep_rows(copy, source)
            return _exchange(copy, target)


def _is_damaged(target: Path) -> bool:
    try:
        verify(target)
    except WarehouseDamaged:
        return True
    except (WarehouseNewer, WarehouseOlder):
        return False
    return False


@contextmanager
def verified_copy(source: Path, target: Path, *, remedy: str) -> Iterator[Path]:
    """Yield a verified plain copy of *source* beside *target*; delete it afterwards."""
    with _part(target) as copy:
        with _explained(source, copy):
            is_plain = not is_packed(source)
            if is_plain:
                copy_file(source, copy)
            else:
                unpack(source, copy)
            if is_plain and log_of(source).is_file():
                copy_file(log_of(source), log_of(copy))
        if is_plain:
            _check_copy(copy, source, target, remedy=remedy)
        else:
            verify(copy, remedy=remedy, named=source)
        yield copy


@contextmanager
def _packed_copy(source: Path, target: Path, *, remedy: str) -> Iterator[Path]:
    """Verify *source*; yield a packed copy beside *target*, and delete it afterwards."""
    verify(source, remedy=remedy)
    with _part(target) as copy:
        with _explained(source, copy):
            pack(source, copy)
        if not is_whole(copy, of=source):
            raise TransferError(_UNREADABLE.format(source, target.parent))
        yield copy


@contextmanager
def _part(target: Path) -> Iterator[Path]:
    """Yield the path of a partial copy of *target*; delete it afterwards."""
    remove_parts(target)
    copy = target.with_name(f"{target.name}.{os.getpid()}{PART}")
    try:
        yield copy
    finally:
        copy.unlink(missing_ok=True)
        log_of(copy).unlink(missing_ok=True)


@contextmanager
def _explained(source: Path, copy: Path) -> Iterator[None]:
    copy.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except OSError as exc:
        raise TransferError(
            f"{source} could not be copied to {copy.parent}: {exc.strerror or exc}; "
            f"make room for {source.stat().st_size / 1e6:.0f} MB, or thrice as much if it "
            "is packed, and try again"
        ) from exc


def _check_copy(copy: Path, source: Path, target: Path, *, remedy: str) -> None:
    try:
        replay_log(copy)
        verify(copy)
    except WarehouseError as exc:
        # Report damage of the original as the original's.
        verify(source, remedy=remedy)
        raise TransferError(_UNREADABLE.format(source, target.parent)) from exc


def _exchange(copy: Path, target: Path) -> Path | None:
    with suppress(WarehouseError):
        # So that one step replaces it: the log of one that is damaged is a file apart.
        replay_log(target)
    kept = set_aside(target)
    try:
        put_in_place(copy, target)
    except BaseException:
        if kept is not None:
            put_back(kept, target)
        raise
    return kept


def begin_anew(data: Path, *, wait: float = 60.0) -> Path | None:
    """Create an empty warehouse in *data*, atomically.

    Returns where the published copy is kept, since the next publication replaces it.

    Raises:
        WarehouseExists: There is a warehouse; it is left as it is.
    """
    with turn(data, command="sinowire run --new", wait=wait):
        path = data / PRIVATE_NAME
        if is_there(path):
            raise WarehouseExists(path)
        remove_parts(path)
        part = path.with_name(f"{path.name}.{os.getpid()}{PART}")
        with closing(duckdb.connect(part, config=SEALED)) as con:
            migrate(con, path)
        set_aside(path)
        kept = set_aside(data / PUBLISHED_NAME, of=path)
        put_in_place(part, path)
    return kept


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A warehouse in a file in the data folder of one host; a lake has the same interface.

    Each operation waits *wait* seconds for the write lock; *on_wait* is called with its
    holder, *on_turn* once the lock is ours, before the warehouse is open.
    """

    data: Path

    def writer(
        self,
        *,
        command: str,
        wait: float,
        on_wait: Wait | None = None,
        on_turn: Callable[[], object] | None = None,
        memory: str = APPENDING,
    ) -> AbstractContextManager[Connection]:
        """Open the warehouse for writing, migrated and exclusive."""
        return connect.writer(
            self.data,
            command=command,
            wait=wait,
            on_wait=on_wait,
            on_turn=on_turn,
            memory=memory,
        )

    def publish(self, *, mode: int, wait: float) -> bool:
        """Publish a copy for readers on this host; return whether it changed."""
        return publish(self.data, mode=mode, wait=wait)

    def backup(self, target: Path, *, overwrite: bool = False, wait: float) -> None:
        """Write a verified copy to the file *target*."""
        backup(self.data, target, overwrite=overwrite, wait=wait)

    def restore(self, source: Path, *, force: bool, wait: float) -> Path | None:
        """Replace the content by a copy of *source*; return the path of the former one."""
        return restore(self.data, source, force=force, wait=wait)

    def begin_anew(self, *, wait: float) -> Path | None:
        """Create an empty warehouse where none exists; return the last copy's path."""
        return begin_anew(self.data, wait=wait)

    def keep_in_order(self, *, wait: float) -> str:
        """Run the nightly maintenance; return its result, or ""."""
        # Without the write log the next copies are compared in full.
        del wait
        forget_writes(self.data / PRIVATE_NAME)
        return ""


def is_packed(path: Path) -> bool:
    """Tell whether the file at *path* begins as a packed one."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def pack(source: Path, target: Path) -> None:
    """Write a packed copy of *source* to *target*, durably, with its modification time."""
    found = source.stat()
    with target.open("wb") as file:
        with source.open("rb") as raw, _opened(file, "wb") as packed:
            shutil.copyfileobj(raw, packed, _PIECE)
        file.flush()
        os.fsync(file.fileno())
    os.utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))


def unpack(source: Path, target: Path) -> None:
    """Write what the packed file *source* holds to *target*.

    Raises:
        WarehouseDamaged: It is cut off, or not as it was written.
    """
    try:
        with _opened(source, "rb") as packed, target.open("wb") as raw:
            shutil.copyfileobj(packed, raw, _PIECE)
    except _BROKEN as exc:
        raise WarehouseDamaged(source, str(exc), remedy=NO_BACKUP) from exc


def is_whole(packed: Path, *, of: Path) -> bool:
    """Tell whether the file *packed* can be read to its end and is as long as that one."""
    length = 0
    try:
        with _opened(packed, "rb") as file:
            while piece := file.read(_PIECE):
                length += len(piece)
    except _BROKEN:
        return False
    return length == of.stat().st_size


def _opened(file: Path | IO[bytes], mode: str) -> IO[bytes]:
    return cast("IO[bytes]", igzip.open(file, mode, LEVEL))  # type: ignore[no-untyped-call]
