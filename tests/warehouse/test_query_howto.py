"""The SQL of docs/howto/query.md runs."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from warehouse.file.connect import PRIVATE_NAME, writer

HOWTO = Path(__file__).resolve().parents[2] / "docs" / "howto" / "query.md"
QUERIES = re.findall(r"```sql\n(.*?)```", HOWTO.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """An empty warehouse, closed by its writer and opened to read."""
    data = tmp_path_factory.mktemp("data")
    with writer(data, command="test"):
        pass
    with duckdb.connect(data / PRIVATE_NAME, read_only=True) as con:
        yield con


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_query_runs(warehouse, query):
    """Each example is valid on the published relations."""
    assert warehouse.execute(query).fetchall() == []
