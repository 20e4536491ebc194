"""Copy the tables of one warehouse into another, be it a file or a lake, and count them."""

from __future__ import annotations

import duckdb

from warehouse import queries

# In this order rows of a file arrived, and what is read by it is found sooner.
ORDER = "seq"


def tables_of(con: duckdb.DuckDBPyConnection, catalog: str) -> list[str]:
    """Return the names of the tables of a warehouse that is attached as *catalog*."""
    found = con.execute(
        "select table_name from duckdb_tables() where database_name = $catalog order by 1",
        {"catalog": catalog},
    ).fetchall()
    return [name for (name,) in found]


def columns_of(con: duckdb.DuckDBPyConnection, catalog: str, table: str) -> list[str]:
    """Return the columns of a table, in order; none where there is no such table."""
    name = queries.identifier(catalog, "main", table)
    try:
        found = con.execute("select name from pragma_table_info($name)", {"name": name})
    except duckdb.CatalogException:
        return []
    return [column for (column,) in found.fetchall()]


def count_rows(con: duckdb.DuckDBPyConnection, catalog: str, table: str) -> int:
    """Return how many rows a table has."""
    name = queries.identifier(catalog, "main", table)
    [(count,)] = con.execute(f"select count(*) from {name}").fetchall()  # noqa: S608
    return int(count)


def copy_tables(
    con: duckdb.DuckDBPyConnection, *, source: str, target: str
) -> dict[str, int]:
    """Put the rows of all tables of *target* that *source* has in the place of its own.

    Both are up to date. Belongs into a transaction. Returns how many rows each table has.
    """
    here = set(tables_of(con, target))
    return {
        table: _copy_table(con, table, source=source, target=target)
        for table in tables_of(con, source)
        if table in here
    }


def _copy_table(
    con: duckdb.DuckDBPyConnection,
    table: str,
    *,
    source: str,
    target: str,
) -> int:
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
