"""The warehouse of a home, be it a file or a lake, as its settings say."""

from __future__ import annotations

from flows.settings import load_settings
from flows.steps import warehouse

SECONDS = 60.0  # to wait for somebody else's turn


def writer(home, command="test"):
    """Open it to write as it is: articles of an earlier version keep their ids."""
    settings = load_settings(home)
    return warehouse.warehouse_of(settings).writer(command=command, wait=SECONDS)


def publish(home):
    """Put a copy where people read it."""
    return warehouse.publish(load_settings(home))


def all_rows_of(home, left_out):
    """Return the rows of all tables of a home's warehouse, but for some."""
    with writer(home) as con:
        tables = con.execute(
            "select table_name from duckdb_tables() where not temporary"
            " and database_name = current_database() and schema_name = 'main'"
        ).fetchall()
        return {
            name: con.execute(f"select * from {name} order by all").fetchall()
            for (name,) in sorted(tables)
            if name not in left_out
        }
