"""Rows of a lake lie in files of a month, and its catalog keeps the form all hosts read."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import duckdb
import pytest

from warehouse import queries
from warehouse.errors import WarehouseNewer
from warehouse.file.connect import transaction
from warehouse.lake.attach import CATALOG_VERSION, load_extension
from warehouse.lake.writer import keep_in_order, writer

pytestmark = pytest.mark.lake
BY_MONTH = ("articles", "article_versions", "sightings", "coverage", "story_days")


def files(lake, table):
    """Return the files of a table by the folder of their month, as they are called."""
    found = defaultdict(set)
    for path in (lake.folder / "main" / table).rglob("*.parquet"):
        found[f"{path.parent.parent.name} {path.parent.name}"].add(path.name)
    return found


@pytest.mark.long
def test_a_month_that_is_over_stays_as_it_is(tmp_path, lake, load, noon):
    """Upkeep joins the files of the month in which rows came and went, and no others."""
    july = noon - timedelta(days=31)
    with writer(tmp_path, lake, command="test") as con:
        for part in range(2):
            rows = [
                {"article_id": f"{name}{part}", "published_at": at, "companies": ["byd"]}
                for name, at in (("a", july), ("b", noon))
            ]
            with transaction(con):
                load(con, *rows)
    keep_in_order(tmp_path, lake, command="test")
    before = {table: files(lake, table) for table in BY_MONTH}
    months = {"year=2026 month=7", "year=2026 month=8"}
    assert all(found.keys() == months for found in before.values())

    with writer(tmp_path, lake, command="test") as con, transaction(con):
        load(con, {"article_id": "c", "published_at": noon})
        con.execute("delete from coverage where article_id = 'b0'")
    keep_in_order(tmp_path, lake, command="test")

    for table in BY_MONTH:
        after = files(lake, table)
        assert [after[month] == before[table][month] for month in sorted(months)] == [
            True,
            False,
        ]


def test_a_catalog_of_a_later_form_is_left_alone(tmp_path, lake):
    """No extension brings it up to its own form where other hosts have another one."""
    with writer(tmp_path, lake, command="test") as con:
        told = "select value from lake.options() where option_name = 'version'"
        assert con.execute(told).fetchall() == [(CATALOG_VERSION,)]

    set_version(lake, "9.9")
    with pytest.raises(WarehouseNewer):
        writer(tmp_path, lake, command="test").__enter__()
    set_version(lake, CATALOG_VERSION)
    with writer(tmp_path, lake, command="test") as con:
        assert con.execute(told).fetchall() == [(CATALOG_VERSION,)]


def set_version(lake, version):
    with duckdb.connect(config={"allow_unsigned_extensions": True}) as con:
        load_extension(con, "postgres_scanner")
        con.execute(f"attach {queries.text(lake.catalog)} as catalog (type postgres)")
        con.execute(
            f"update catalog.public.ducklake_metadata set value = '{version}'"
            " where key = 'version'"
        )
