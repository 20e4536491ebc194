"""Data dictionary, generated from the comments in migrations and views.

python -m warehouse.dictionary > docs/data-dictionary.md
"""

from __future__ import annotations

import re
import sys
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import duckdb

from warehouse import queries
from warehouse.file.migrate import migrate, schema_sql
from warehouse.queries import Connection

_PREFACE = """\
# Data dictionary

Everything in `data/sinowire.duckdb`, schema `main`.
Made by `python -m warehouse.dictionary` from the comments in `warehouse/sql`,
which any client shows too (`select * from duckdb_columns()`).

Instants are `timestamptz` in UTC.
A `day` and a `week` (its Monday) are calendar days of the reporting zone,
whatever zone a session is set to.
Counts of coverage leave digests out and look at headline and summary only.
"""

_FIRST = """\
## Start with these twelve

Most questions need no other relation; all follow in the order of their names.

| relation | what it has |
|---|---|
"""
_TWELVE = (
    *("articles", "stories", "companies", "story_companies", "mentions", "topics", "tags"),
    *("company_days", "share_of_voice", "measures", "claims", "alerts"),
)

_MACROS = """\
## Macros

Functions stored in the file, for use in any SQL query on it.
"""


_COMMENT = re.compile(
    r"""^comment on column (\w+)\."?(\w+)"? is '((?:[^']|'')*)';$""", re.MULTILINE
)


def comments_of(relation: str) -> dict[str, str]:
    """Return what the columns of a view or table of this version mean, {} without it."""
    said = {name: text for of, name, text in _comments() if of == relation}
    return {name: text.replace("''", "'") for name, text in said.items()}


@cache
def _comments() -> list[tuple[str, str, str]]:
    return _COMMENT.findall(schema_sql())


def render() -> str:
    """Return the dictionary of this version as Markdown."""
    with duckdb.connect() as con:
        migrate(con, Path("a warehouse in memory"))
        return dictionary_of(con)


def dictionary_of(con: Connection) -> str:
    """Return the dictionary of the open warehouse *con* as Markdown."""
    columns = queries.rows(con, "dictionary.columns")
    macros = queries.rows(con, "dictionary.macros")
    about = {row["relation"]: row["about"] for row in columns}
    relations = groupby(columns, key=itemgetter("relation", "kind"))
    sections = [
        _section(relation, kind, about[relation], list(rows))
        for (relation, kind), rows in relations
    ]
    first = "".join(f"| [`{name}`](#{name}) | {about[name]} |\n" for name in _TWELVE)
    return "\n".join([_PREFACE, _FIRST + first, *sections, _macros(macros)])


def _section(relation: str, kind: str, about: str, rows: list[queries.Row]) -> str:
    lines = [
        f"## {relation}",
        "",
        f"{about} ({kind})",
        "",
        "| column | type | meaning |",
        "|---|---|---|",
        *(f"| `{row['name']}` | {row['type']} | {row['meaning']} |" for row in rows),
        "",
    ]
    return "\n".join(lines)


def _macros(rows: list[queries.Row]) -> str:
    lines = [
        *(_MACROS, "| macro | meaning |", "|---|---|"),
        *(
            f"| `{row['name']}({', '.join(row['parameters'])})` | {row['meaning']} |"
            for row in rows
        ),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(render())
