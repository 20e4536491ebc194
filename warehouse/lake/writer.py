"""Writers of a lake under two locks, the host's and the lake's; maintenance of a lake."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from warehouse.dialect import LAKE, has_fence
from warehouse.errors import LakeUnavailable
from warehouse.file.aside import is_there
from warehouse.file.connect import APPENDING, PUBLISHED_NAME, REWRITING, with_memory
from warehouse.file.lock import turn as turn_of_this_host
from warehouse.file.migrate import check_known, migrate
from warehouse.lake.address import LakeAddress
from warehouse.lake.attach import LEAST_MEMORY, attach, attach_file, engine, is_empty
from warehouse.lake.copying import check_codecs, tables_of
from warehouse.lake.failures import explained
from warehouse.lake.line import line
from warehouse.lake.turn import LakeHolder, find_holder, turn
from warehouse.queries import Connection

# A host that was away for longer copies the whole lake.
_SNAPSHOTS_KEPT = "older_than => now() - interval '7 days'"
# Who reads a file when it is replaced has read it by then.
_FILES_KEPT = "older_than => now() - interval '1 day'"
# So many files of a table are joined in a night: the turn is ours meanwhile.
_MOST_JOINED = "max_compacted_files => 500"
# A file is written anew without its deleted rows where they are so many of it; left as it
# is, it would be joined with no other, and each commit brings a few such small ones.
_WORTHWHILE = "delete_threshold => 0.05"
# In this order: what is forgotten first need not be joined, and what was joined goes last.
_STEPS = {
    "ducklake_flush_inlined_data": "",
    "ducklake_expire_snapshots": _SNAPSHOTS_KEPT,
    "ducklake_rewrite_data_files": _WORTHWHILE,
    "ducklake_merge_adjacent_files": _MOST_JOINED,
    "ducklake_cleanup_old_files": _FILES_KEPT,
    "ducklake_delete_orphaned_files": _FILES_KEPT,
}
_FIGURES = f"""
    select
        (select count(*) from {LAKE}.snapshots()),
        sum(file_count),
        sum(file_size_bytes),
        sum(delete_file_count)
    from {LAKE}.table_info()
"""  # noqa: S608  (ours)


@contextmanager
def writer(
    data: Path,
    address: LakeAddress,
    *,
    command: str,
    wait: float = 60.0,
    on_wait: Callable[[str], object] | None = None,
    on_turn: Callable[[], object] | None = None,
    memory: str = APPENDING,
    may_begin: bool = False,
    beside: Path | None = None,
) -> Iterator[Connection]:
    """Open the lake for writing, migrated and exclusive.

    An empty lake is created unless *data* has a publication, which an empty one would
    replace; *may_begin* creates it all the same. The file *beside* is attached as well.

    Raises:
        CatalogAway: PostgreSQL does not answer, or ended the connection.
        CatalogRefused: It refuses the login.
        LakeUnavailable: A package, this DuckDB or the folder is not what a lake needs.
        TurnLost: We lost the lock and another host wrote; our commit is not in the lake.
        WarehouseBusy: The lock was not free within *wait* seconds.
        WarehouseNewer: A later version wrote the lake; it is left as it is.
    """
    start = time.monotonic()
    with (
        turn_of_this_host(data, command=command, wait=wait, on_wait=on_wait),
        explained(address),
        engine(data, LEAST_MEMORY if memory == APPENDING else memory) as con,
    ):
        rest = max(0.0, start + wait - time.monotonic())
        with turn(con, address, command=command, wait=rest, on_wait=on_wait):
            if on_turn:
                on_turn()
            if beside is not None:
                attach_file(con, beside, read_only=True)
            attach(con, address, command=command)
            con.execute(f"use {LAKE}")
            _check_may_begin(con, data, address, is_told=may_begin)
            with with_memory(con, REWRITING):
                migrate(con, address)
            yield con


def _check_may_begin(
    con: Connection, data: Path, address: LakeAddress, *, is_told: bool
) -> None:
    published = data / PUBLISHED_NAME
    # Its tables tell that it was begun, also where that was killed before the first record.
    if not tables_of(con, LAKE) and not is_empty(con, address.folder):
        # What a lake does not know in its folder, its upkeep removes.
        raise LakeUnavailable(
            f"{address} is new, but its folder {address.folder} is not empty; name another "
            "folder, or empty that one if you need nothing in it"
        )
    # Also where a move made the tables, and ended before it filled them.
    if not is_told and is_there(published) and not has_fence(con):
        raise LakeUnavailable(
            f"{address} is empty, but {published} belongs to another warehouse: copy that "
            "one into it with `sinowire move`, or start empty with `sinowire run --new`"
        )


class LakeFigures(NamedTuple):
    """Size of a lake: snapshots, files, bytes and deletion files."""

    snapshots: int
    files: int
    bytes: int
    deletions: int

    def __str__(self) -> str:
        return (
            f"{self.snapshots} snapshots, {self.files} files of {self.bytes / 1e6:.1f} MB, "
            f"{self.deletions} files of deletions"
        )


def keep_in_order(
    data: Path, address: LakeAddress, *, command: str, wait: float = 60.0
) -> tuple[LakeFigures, LakeFigures]:
    """Run each maintenance step under its own lock; return sizes before and after.

    Without the lock, DuckLake would let a concurrent merge and deletion both commit.
    """
    seen: list[LakeFigures] = []
    for step, option in _STEPS.items():
        with writer(data, address, command=command, wait=wait, memory=REWRITING) as con:
            if not seen:
                check_codecs(con, address)
            seen.append(figures(con))
            con.execute(f"call {step}('{LAKE}'{option and ', ' + option})").fetchall()
            seen.append(figures(con))
    return seen[0], seen[-1]


def look(data: Path, address: LakeAddress) -> tuple[LakeFigures, LakeHolder | None]:
    """Return the lake's size and the lock's holder, without taking the lock.

    Raises:
        CatalogAway, CatalogRefused, LakeUnavailable: It cannot be reached.
        WarehouseDamaged: There is none yet.
        WarehouseNewer: A later version wrote it.
    """
    command = "sinowire doctor"
    with (
        explained(address),
        engine(data, LEAST_MEMORY) as con,
        line(con, address, command) as ours,
    ):
        holder = find_holder(ours)
        attach(con, address, command=command, read_only=True)
        con.execute(f"use {LAKE}")
        check_known(con, address)
        return figures(con), holder


def figures(con: Connection) -> LakeFigures:
    """Return the size of the lake."""
    [found] = con.execute(_FIGURES).fetchall()
    return LakeFigures(*(int(value or 0) for value in found))
