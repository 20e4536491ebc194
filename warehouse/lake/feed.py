"""Bring a copy of the lake up to date by what changed since it was made."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import duckdb

from warehouse import queries
from warehouse.dialect import LAKE
from warehouse.lake.copying import ORDER, columns_of

# By which rows are replaced together, read from the lake as they now are, where it is
# neither their place in the order of arrival nor their first column. What changed says
# which they are, and no more: DuckLake 1.5 does not tell in which order a row changed twice
# in one transaction, and dates a deletion by the upkeep that wrote its file anew.
_GROUPS = {"coverage": "article_id", "poll_days": "day", "story_days": "story"}
_INSERTED, _DELETED = "tables_inserted_into", "tables_deleted_from"
# What upkeep wrote anew is told as if its rows had gone and come again.
_REWRITTEN = "rewrite_delete"
_CHANGES = f"""
    select changes
    from {LAKE}.snapshots()
    where snapshot_id > $since and snapshot_id <= $until
"""  # noqa: S608  (ours)
_NAMES = f"select table_id::varchar, table_name from {LAKE}.table_info()"  # noqa: S608


class Changed(NamedTuple):
    """Which tables changed, and in which of them rows went or became others."""

    tables: Collection[str]
    not_only_appended: Collection[str]


def apply_changes(
    con: duckdb.DuckDBPyConnection, copy: str, *, since: int, until: int
) -> None:
    """Give the copy attached as *copy* what snapshots after *since* brought, to *until*.

    Belongs into a transaction whose snapshot of the lake is *until*.
    """
    changed = _changed(con, since, until)
    for table in sorted(changed.tables):
        if columns := columns_of(con, copy, table):
            _apply(con, copy, table, columns, since, until, changed)


def _apply(
    con: duckdb.DuckDBPyConnection,
    copy: str,
    table: str,
    columns: list[str],
    since: int,
    until: int,
    changed: Changed,
) -> None:
    listed = ", ".join(map(queries.identifier, columns))
    into = queries.identifier(copy, "main", table)
    span = f"({queries.text(table)}, {since + 1}, {until})"
    ordered = f"order by {ORDER}" if ORDER in columns else ""
    rows = f"{LAKE}.table_insertions{span}"
    if table in changed.not_only_appended:
        key = _GROUPS.get(table) or _group(columns)
        found = f"select distinct {key} as key from {LAKE}.table_changes{span}"  # noqa: S608
        con.execute(f"create or replace temp table touched as {found}")
        is_touched = f"exists (from touched where touched.key is not distinct from {key})"
        con.execute(f"delete from {into} where {is_touched}")  # noqa: S608
        rows = f"{LAKE}.main.{queries.identifier(table)} where {is_touched}"
    con.execute(f"insert into {into} ({listed}) select {listed} from {rows} {ordered}")  # noqa: S608


def _changed(con: duckdb.DuckDBPyConnection, since: int, until: int) -> Changed:
    names = dict(con.execute(_NAMES).fetchall())
    inserted: set[str] = set()
    deleted: set[str] = set()
    for (changes,) in con.execute(_CHANGES, {"since": since, "until": until}).fetchall():
        inserted.update(changes.get(_INSERTED, ()))
        deleted.update(changes.get(_DELETED, ()), changes.get(_REWRITTEN, ()))
    return Changed(
        {names[key] for key in inserted | deleted if key in names},
        {names[key] for key in deleted if key in names},
    )


def _group(columns: list[str]) -> str:
    return ORDER if ORDER in columns else queries.identifier(columns[0])
