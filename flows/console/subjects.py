"""Check that the watchlist has the company or topic that was asked for."""

from __future__ import annotations

from typing import Literal

import duckdb

from flows.console.output import RequestError
from transforms.config.text import nearest
from warehouse.numbers.trends import known_subjects

_TABLES = {"company": "companies", "topic": "topics"}


def check_subject(
    con: duckdb.DuckDBPyConnection, kind: Literal["company", "topic"], asked: str | None
) -> None:
    """Refuse a company, topic or event type that the watchlist does not have.

    Raises:
        RequestError: It is not there; names the nearest by id or name.
    """
    if asked is None:
        return
    known = known_subjects(con, kind)
    if asked in known.values():
        return
    near = nearest(asked.strip().lower(), known)
    guess = f"the nearest is {known[near]!r}" if near else "none is like it"
    listed = f"sinowire sql 'from {_TABLES[kind]}'"
    raise RequestError(f"no {kind} {asked!r} in the watchlist; {guess}; all: {listed}")
