"""Keep a lake in order: forget old snapshots, join small files, remove what is left."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import duckdb

from warehouse.dialect import LAKE
from warehouse.file.connect import REWRITING
from warehouse.file.migrate import check_known
from warehouse.lake.address import LakeAddress
from warehouse.lake.attach import LEAST_MEMORY, attach, engine
from warehouse.lake.codecs import check_codecs
from warehouse.lake.failures import explained
from warehouse.lake.line import line
from warehouse.lake.turn import LakeHolder, find_holder
from warehouse.lake.writer import writer

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


class LakeFigures(NamedTuple):
    """How large a lake is: its snapshots, its files and their bytes."""

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
    """Do all that, each in a turn of its own; return how large the lake was and is.

    Others must not write meanwhile: DuckLake lets a merge and a deletion both commit.
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
    """Return how large the lake is and who has the turn, without one of ours.

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


def figures(con: duckdb.DuckDBPyConnection) -> LakeFigures:
    """Return how large the lake is."""
    [found] = con.execute(_FIGURES).fetchall()
    return LakeFigures(*(int(value or 0) for value in found))
