"""Macros that numbers are cited by."""

from __future__ import annotations

from datetime import UTC, date, datetime

from transforms.citations.citation import MACROS
from warehouse.news.citations import number

NOON = datetime(2026, 8, 7, 12, tzinfo=UTC)


def test_macros_of_numbers_are_those_of_the_file(warehouse):
    """Each is there with these parameters, and can be asked as of a moment."""
    found = warehouse.execute(
        "select function_name, any_value(parameters) from duckdb_functions()"
        " where function_type = 'table_macro' group by all"
    ).fetchall()
    known = {name: tuple(parameters) for name, parameters in found}

    assert {name: known.get(name) for name in MACROS} == MACROS
    for name, parameters in MACROS.items():
        days = [date(2026, 8, 1), date(2026, 8, 7), 4][: len(parameters)]
        assert number(warehouse, name, days, NOON) == []
