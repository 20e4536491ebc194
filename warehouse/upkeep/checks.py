"""Assertions on the data, each a query that returns what is wrong.

The warehouse has no keys or constraints of its own; these prove after the fact that
the queries which append keep their promises.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import duckdb

from warehouse import queries

_REMEDY = re.compile(r"^-- remedy: (.+)$", re.MULTILINE)
_SAMPLES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One assertion: what was found against it, and what to do."""

    name: str
    ok: bool
    count: int
    sample: list[str]
    remedy: str


def run_checks(con: duckdb.DuckDBPyConnection) -> list[Check]:
    """Run all checks, in the order of ``checks.sql``; the published file will do."""
    return [_check(con, name, sql) for name, sql in queries.load("checks").items()]


def _check(con: duckdb.DuckDBPyConnection, name: str, sql: str) -> Check:
    found = con.execute(sql).fetchall()
    remedy = _REMEDY.search(sql)
    return Check(
        name=name,
        ok=not found,
        count=len(found),
        sample=sorted(text for (text,) in found)[:_SAMPLES],
        remedy=remedy[1] if remedy else "",
    )
