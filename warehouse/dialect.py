"""SQL dialect of a lake: the differences between DuckLake and a DuckDB file.

All our SQL runs on both. A lake (DuckLake) has no comments on views, macros and their
columns, and allows only literals as defaults; a file has no partitions. The Brotli decoder
in DuckDB's Parquet reader can be made to write out of bounds, so files with that
compression, which ours never have, are detected by their footers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import duckdb

from warehouse.queries import Connection

# What the lake is called where it is attached.
LAKE = "lake"
_COMMENT = re.compile(r"\A(?:--[^\n]*\n|\s)*comment on\b")
_PARTITION = re.compile(r"\A(?:--[^\n]*\n|\s)*alter table \w+ set partitioned by\b")
# Migrations are never edited; these words of theirs change nothing that is stored.
_ONLY_OF_A_FILE = (" using compression uncompressed", " default false")
# Each writing transaction replaces the single row of this table. Of two that overlap the
# second commit is a conflict: DuckLake has no keys that would detect that both numbered
# their articles alike.
FENCE = "fence"
# The first transaction creates it with its own rows, so a lake without it is empty.
_SET = f"create table {FENCE} (passed_at timestamptz)"
_PASS = f"delete from {FENCE}; insert into {FENCE} values (now())"  # noqa: S608  (ours)
_FIND = """
    select file_name
    from parquet_metadata($files)
    where compression = 'BROTLI'
    limit 1
"""


def is_lake(con: Connection) -> bool:
    """Tell whether *con* writes to a lake rather than to a file."""
    return con.execute("select current_database()").fetchall() == [(LAKE,)]


def execute(con: Connection, sql: str) -> None:
    """Run a migration's statements in the dialect of a file or a lake.

    Comments are left out on a lake: readers use the published file, which has them.
    """
    left_out = _PARTITION
    if is_lake(con):
        left_out = _COMMENT
        for words in _ONLY_OF_A_FILE:
            sql = sql.replace(words, "")
    for statement in con.extract_statements(sql):
        if not left_out.match(statement.query):
            con.execute(statement)


def pass_fence(con: Connection) -> None:
    """Make an overlapping transaction on a lake conflict with the one just begun."""
    if is_lake(con):
        if not has_fence(con):
            con.execute(_SET)
        con.execute(_PASS)


def has_fence(con: Connection) -> bool:
    """Tell whether the lake in use has the fence table that its first commit creates."""
    try:
        con.execute(f"from {FENCE} limit 0")
    except duckdb.CatalogException:
        return False
    return True


def find_brotli(con: Connection, files: Sequence[str]) -> str | None:
    """Return one of *files* with Brotli compression; read the footers only."""
    if not files:
        return None
    found = con.execute(_FIND, {"files": list(files)}).fetchall()
    return str(found[0][0]) if found else None
