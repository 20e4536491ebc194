"""A home as it was before the first release: today's schema, recorded by other names."""

from __future__ import annotations

import csv
import hashlib
import re
from pathlib import Path

from warehouse.file import migrate

# What commit 290dbde recorded in each warehouse of its own, with the checksums of then.
_RECORDED = Path(__file__).parent / "data" / "migrations_before.csv"
_SCHEMA = """
    select table_name, '', '', true, '', comment
    from duckdb_tables()
    where not internal and database_name = current_database()
    union all
    select table_name, column_name, data_type, is_nullable, column_default, comment
    from duckdb_columns()
    where
        not internal
        and database_name = current_database()
        and table_name in (select table_name from duckdb_tables() where not internal)
    order by all
"""


def recorded_before():
    """Return the names of the migrations of then with their checksums."""
    with _RECORDED.open(encoding="utf-8", newline="") as file:
        return dict(csv.reader(file))


def after_baseline():
    """Return the migrations that came after the baseline, in order."""
    return [name for name in migrate._migrations() if name != migrate.BASELINE]


def _undo(con, sql):
    """Take away the tables and columns that a migration made."""
    tables = re.findall(r"^create table (\w+)", sql, re.MULTILINE)
    columns = re.findall(r"^alter table (\w+) add column (\w+)", sql, re.MULTILINE)
    for table in tables:
        con.execute(f"drop table if exists {table}")
    for table, column in columns:
        if table not in tables:
            con.execute(f"alter table {table} drop column if exists {column}")


def as_before(con, *, until=""):
    """Have *con* be as the migrations of then made it, or those up to *until*."""
    for name in reversed(after_baseline()):
        _undo(con, migrate._migrations()[name])
    con.execute("delete from schema_migrations where name <> 'views'")
    con.executemany(
        "insert into schema_migrations values (?, ?, now())",
        [
            (name, checksum)
            for name, checksum in recorded_before().items()
            if not until or name <= until
        ],
    )


def as_landed(con):
    """Have *con* be as a version of 27 November left it."""
    way_up = (migrate.SQL / "way_up.sql").read_text(encoding="utf-8")
    as_before(con, until="0041_shard.sql")
    _undo(con, way_up)


def schema_digest(con):
    """Return a checksum of the tables' columns, types, defaults and comments."""
    # DuckDB 1 writes a default that is false so.
    said = repr(con.execute(_SCHEMA).fetchall())
    said = said.replace("\"CAST('f' AS BOOLEAN)\"", "'false'")
    return hashlib.sha256(said.encode()).hexdigest()
