"""Warehouses as earlier versions left them."""

from __future__ import annotations

import re
from pathlib import Path

from warehouse import dialect
from warehouse.file import migrate

# Views and macros of framings, as commit 8e51f5d3 made them.
FRAMINGS = Path(__file__).parent / "data" / "views_of_framings.sql"
FORMER = {migrate.BASELINE, "0002_rules_read.sql", "0003_measures_and_claims.sql"}


def after_baseline():
    """Return the migrations that came after the baseline, in order."""
    return [name for name in migrate._migrations() if name != migrate.BASELINE]


def as_former(con):
    """Have *con* be as commit 8e51f5d3 left it."""
    migrations = migrate._migrations()
    baseline = migrations[migrate.BASELINE]
    for name in sorted(migrations.keys() - FORMER, reverse=True):
        sql = migrations[name]
        for table, column in re.findall(r"alter table (\w+) add column (\w+)", sql):
            con.execute(f"alter table {table} drop column if exists {column}")
        for table in re.findall(r"create table (\w+)", sql):
            con.execute(f"drop table {table}")
        for table in re.findall(r"drop table if exists (\w+)", sql):
            [made] = re.findall(
                rf"^create table {table} \(.*?^\);", baseline, re.MULTILINE | re.DOTALL
            )
            con.execute(made)
    con.execute("insert into identified values (1, null)")
    dialect.execute(con, FRAMINGS.read_text(encoding="utf-8"))
    con.execute("delete from schema_migrations where name > '0004' and name <> 'views'")
    con.execute("update schema_migrations set checksum = '' where name = 'views'")


def as_before(con):
    """Have *con* be recorded as what a version of November made, with ids of then."""
    con.execute("delete from schema_migrations where name <> 'views'")
    for name in ("0001_feeds.sql", "0041_shard.sql"):
        con.execute("insert into schema_migrations values (?, '', now())", [name])
