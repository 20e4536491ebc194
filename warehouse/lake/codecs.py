"""Refuse files of a lake that nothing of ours can have written, before they are read.

Whoever may write to its folder or bucket can put a file in the place of one of ours.
"""

from __future__ import annotations

import duckdb

from warehouse.dialect import LAKE
from warehouse.errors import LakeUnavailable
from warehouse.lake.address import LakeAddress
from warehouse.parquet import find_brotli

_CATALOG = f"__ducklake_metadata_{LAKE}"
_FILES = f"""
    with files as (
        from {_CATALOG}.ducklake_data_file
        select table_id, path, path_is_relative, begin_snapshot, end_snapshot, partial_max
        union all by name
        from {_CATALOG}.ducklake_delete_file
        select table_id, path, path_is_relative, begin_snapshot, end_snapshot, partial_max
    )
    select distinct
        case when files.path_is_relative
            then case when tables.path_is_relative
                then case when schemas.path_is_relative then $root else '' end
                    || schemas.path
                else ''
            end || tables.path
            else ''
        end || files.path
    from files
    join {_CATALOG}.ducklake_table as tables using (table_id)
    join {_CATALOG}.ducklake_schema as schemas using (schema_id)
    where
        if(
            $since is null,
            files.end_snapshot is null,
            greatest(files.begin_snapshot, files.partial_max) > $since
        )
"""  # noqa: S608  (ours)


def check_codecs(
    con: duckdb.DuckDBPyConnection, address: LakeAddress, *, since: int | None = None
) -> None:
    """Look at the footers of the lake's files, or of those that came after a snapshot.

    Raises:
        LakeUnavailable: One is packed in a way that is not safe to read.
    """
    params = {"root": f"{address.folder}/", "since": since}
    files = [file for (file,) in con.execute(_FILES, params).fetchall()]
    if (found := find_brotli(con, files)) is not None:
        raise LakeUnavailable(
            f"{found}, a file of {address}, is packed by Brotli, which no sinowire writes "
            "and which is not read: somebody else can write there. See who, and bring back "
            "that file; else name another database and folder in sinowire.toml of each "
            "host, and on one: `sinowire restore FILE` with a backup"
        )
