"""Copies of tables between warehouses: whole, or by the changes in a lake.

Anyone with write access to a lake's folder or bucket can replace a file, so files that
sinowire cannot have written are refused before they are read.
"""

from __future__ import annotations

import duckdb

from warehouse import queries
from warehouse.dialect import LAKE, find_brotli
from warehouse.errors import LakeUnavailable
from warehouse.lake.address import LakeAddress
from warehouse.queries import Connection

# In this order rows of a file arrived, and what is read by it is found sooner.
ORDER = "seq"
# By which rows are replaced together, read from the lake as they now are, where it is
# neither their place in the order of arrival nor their first column. What changed says
# which they are, and no more: DuckLake 1.5 does not tell in which order a row changed twice
# in one transaction, and dates a deletion by the upkeep that wrote its file anew.
_GROUPS = {"coverage": "article_id", "poll_days": "day", "story_days": "story"}
_INSERTED, _DELETED = "tables_inserted_into", "tables_deleted_from"
# DuckLake reports files rewritten by maintenance as deletions and insertions.
_REWRITTEN = "rewrite_delete"
_CHANGES = f"""
    select changes
    from {LAKE}.snapshots()
    where snapshot_id > $since and snapshot_id <= $until
"""  # noqa: S608  (ours)
_NAMES = f"select table_id::varchar, table_name from {LAKE}.table_info()"  # noqa: S608
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


def tables_of(con: Connection, catalog: str) -> list[str]:
    """Return the tables of the warehouse attached as *catalog*."""
    found = con.execute(
        "select table_name from duckdb_tables() where database_name = $catalog order by 1",
        {"catalog": catalog},
    ).fetchall()
    return [name for (name,) in found]


def columns_of(con: Connection, catalog: str, table: str) -> list[str]:
    """Return the columns of a table in order; empty without such a table."""
    name = queries.identifier(catalog, "main", table)
    try:
        found = con.execute("select name from pragma_table_info($name)", {"name": name})
    except duckdb.CatalogException:
        return []
    return [column for (column,) in found.fetchall()]


def count_rows(con: Connection, catalog: str, table: str) -> int:
    """Return the number of rows of a table."""
    name = queries.identifier(catalog, "main", table)
    [(count,)] = con.execute(f"select count(*) from {name}").fetchall()  # noqa: S608
    return int(count)


def copy_tables(con: Connection, *, source: str, target: str) -> dict[str, int]:
    """Replace the rows of *target*'s tables by those of *source*.

    Both have the same schema. Call it in a transaction. Returns the row counts by table.
    """
    here = set(tables_of(con, target))
    return {
        table: _copy_table(con, table, source=source, target=target)
        for table in tables_of(con, source)
        if table in here
    }


def _copy_table(con: Connection, table: str, *, source: str, target: str) -> int:
    columns = columns_of(con, target, table)
    into, name = queries.identifier(target, "main", table), queries.identifier(table)
    ordered = f"order by {ORDER}" if ORDER in columns else ""
    listed = ", ".join(queries.identifier(column) for column in columns)
    con.execute(f"delete from {into}")  # noqa: S608  (our names)
    [(count,)] = con.execute(
        f"insert into {into} ({listed})"  # noqa: S608
        f" select {listed} from {queries.identifier(source, 'main')}.{name} {ordered}"
    ).fetchall()
    return int(count)


def apply_changes(con: Connection, copy: str, *, since: int, until: int) -> None:
    """Apply the lake's changes after snapshot *since*, up to *until*, to *copy*.

    Call it in a transaction whose snapshot of the lake is *until*.
    """
    for table, is_appended in sorted(_changed(con, since, until).items()):
        if columns := columns_of(con, copy, table):
            _apply(con, copy, table, columns, since, until, is_appended=is_appended)


def _apply(
    con: Connection,
    copy: str,
    table: str,
    columns: list[str],
    since: int,
    until: int,
    *,
    is_appended: bool,
) -> None:
    listed = ", ".join(map(queries.identifier, columns))
    into = queries.identifier(copy, "main", table)
    span = f"({queries.text(table)}, {since + 1}, {until})"
    ordered = f"order by {ORDER}" if ORDER in columns else ""
    rows = f"{LAKE}.table_insertions{span}"
    if not is_appended:
        key = _GROUPS.get(table) or (
            ORDER if ORDER in columns else queries.identifier(columns[0])
        )
        found = f"select distinct {key} as key from {LAKE}.table_changes{span}"  # noqa: S608
        con.execute(f"create or replace temp table touched as {found}")
        is_touched = f"exists (from touched where touched.key is not distinct from {key})"
        con.execute(f"delete from {into} where {is_touched}")  # noqa: S608
        rows = f"{LAKE}.main.{queries.identifier(table)} where {is_touched}"
    con.execute(f"insert into {into} ({listed}) select {listed} from {rows} {ordered}")  # noqa: S608


def _changed(con: Connection, since: int, until: int) -> dict[str, bool]:
    """Return the changed tables, and whether rows were appended to each and no more."""
    names = dict(con.execute(_NAMES).fetchall())
    inserted: set[str] = set()
    deleted: set[str] = set()
    for (changes,) in con.execute(_CHANGES, {"since": since, "until": until}).fetchall():
        inserted.update(changes.get(_INSERTED, ()))
        deleted.update(changes.get(_DELETED, ()), changes.get(_REWRITTEN, ()))
    return {names[key]: key not in deleted for key in inserted | deleted if key in names}


def check_codecs(
    con: Connection, address: LakeAddress, *, since: int | None = None
) -> None:
    """Check the footers of the lake's files, or of those after the snapshot *since*.

    Raises:
        LakeUnavailable: A file has a compression that is not safe to read.
    """
    params = {"root": f"{address.folder}/", "since": since}
    files = [file for (file,) in con.execute(_FILES, params).fetchall()]
    if (found := find_brotli(con, files)) is not None:
        raise LakeUnavailable(
            f"{found}, a file of {address}, is packed by Brotli, which sinowire neither "
            "writes nor reads: somebody else can write there. Find out who, and restore "
            "that file. If you cannot, name another database and folder in sinowire.toml "
            "of each host, and run on one host: `sinowire restore FILE` with a backup"
        )
