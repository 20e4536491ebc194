"""One SQL for both kinds of warehouse: no query asks what a lake refuses."""

from __future__ import annotations

import re
from pathlib import Path

import warehouse

# A lake (DuckLake 1.0) returns no rows of what is written.
REFUSED = re.compile(r"\breturning\b", re.IGNORECASE)
COMMENT = re.compile(r"--[^\n]*")


def test_no_query_asks_for_rows_of_what_it_writes():
    """What is written is found in a temporary table, or asked for before."""
    queries = Path(warehouse.__file__).parent / "sql" / "queries"
    found = {path.name: path.read_text("utf-8") for path in queries.glob("*.sql")}

    assert len(found) > 20
    assert [
        name for name, sql in found.items() if REFUSED.search(COMMENT.sub("", sql))
    ] == []
