"""Assertions on the data, each a query that returns what is wrong.

The warehouse has no keys or constraints of its own; these prove after the fact that
the queries which append keep their promises.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import duckdb

from warehouse import queries
from warehouse.upkeep.parts import Pass, of_part, parts_of

_REMEDY = re.compile(r"^-- remedy: (.+)$", re.MULTILINE)
_BY = re.compile(r"^-- by: (\w+)$", re.MULTILINE)
_SAMPLES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One assertion: what was found against it, and what to do."""

    name: str
    ok: bool
    count: int
    sample: list[str]
    remedy: str


def run_checks(
    con: duckdb.DuckDBPyConnection,
    *,
    only: Pass | None = None,
    progress: Callable[[str], object] = lambda _: None,
) -> list[Check]:
    """Run all checks, in the order of ``checks.sql``; the published file will do.

    They look at one part after the other, with *only* at those that it is of.
    """
    checks = queries.load("checks")
    found: dict[str, set[str]] = {name: set() for name in checks}
    for part in parts_of(con, only):
        progress(f"checking {part.said}")
        with of_part(con, part):
            for name, sql in checks.items():
                if _divided_by(sql) == part.by:
                    found[name].update(text for (text,) in con.execute(sql).fetchall())
    return [_check(name, checks[name], rows) for name, rows in found.items()]


def _divided_by(sql: str) -> str:
    told = _BY.search(sql)
    return told[1] if told else "all"


def _check(name: str, sql: str, found: set[str]) -> Check:
    remedy = _REMEDY.search(sql)
    return Check(
        name=name,
        ok=not found,
        count=len(found),
        sample=sorted(found)[:_SAMPLES],
        remedy=remedy[1] if remedy else "",
    )
