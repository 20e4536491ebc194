"""What a lake needs beside DuckDB: a sentence that says where it comes from."""

from __future__ import annotations

import sys

import duckdb
import pytest

from warehouse.errors import LakeUnavailable
from warehouse.lake.attach import load_extensions


def test_a_missing_package_is_named(monkeypatch):
    """Without the extra there is no lake, and the error says which one that is."""
    monkeypatch.setitem(sys.modules, "duckdb_extension_postgres_scanner", None)

    with (
        duckdb.connect() as con,
        pytest.raises(LakeUnavailable, match=r"not installed; .*pip install .*\[lake\]"),
    ):
        load_extensions(con)


def test_another_duckdb_is_named(monkeypatch):
    """The extensions are for one version exactly."""
    monkeypatch.setattr(duckdb, "__version__", "2.0.1")

    with (
        duckdb.connect() as con,
        pytest.raises(LakeUnavailable, match=r"for DuckDB 2\.0\.1, and .* for v1\.5\.5"),
    ):
        load_extensions(con)
