"""The watchlist in the warehouse is written where its version changed, and only there."""

from __future__ import annotations

import pytest

from warehouse import queries
from warehouse.news.findings import sync_version


@pytest.fixture
def sync(warehouse, make_company):
    """Record a watchlist of one company under a version; return whether it changed."""

    def run(version, company_id):
        rows = [make_company(company_id)], [], []
        return sync_version(warehouse, version, lambda: rows)

    return run


def names(warehouse):
    return [row["company_id"] for row in queries.rows(warehouse, "watchlist.companies")]


def test_same_version_is_not_even_read(warehouse, sync):
    """A version that stands already asks for no rows."""

    def unasked():
        raise AssertionError("asked for rows")

    assert sync("w1", "baidu")
    assert not sync_version(warehouse, "w1", unasked)
    assert names(warehouse) == ["baidu"]


def test_version_that_comes_back_is_written_again(warehouse, sync):
    """Rules that were changed and changed back stand as they are now."""
    assert [sync("w1", "baidu"), sync("w2", "tencent"), sync("w1", "baidu")] == [True] * 3
    assert names(warehouse) == ["baidu"]
