"""``/sql``: a statement, run in a separate process, and the relations to query."""

from __future__ import annotations

import re
from functools import cache

from flows.beats import default_text
from flows.web.errors import BadRequest, NotReady, Refused, TooLong
from flows.web.page import Page, PageView, Reading
from transforms.pages import search
from transforms.pages.words import DataTable
from warehouse.sandbox import (
    FOR_STRANGERS,
    QueryBusy,
    QueryEnded,
    QueryError,
    QueryFailed,
    QueryTurns,
    run_query,
)

TURNS = QueryTurns(at_once=2)
RELATIONS = """
select
    table_name,
    comment,
    list(
        {'name': column_name, 'type': data_type, 'is': column_comment}
        order by column_index
    ) as columns
from (
    select
        c.table_name, t.comment, c.column_name, c.data_type,
        c.comment as column_comment, c.column_index
    from duckdb_columns() as c
    join (
        select table_name, comment from duckdb_tables()
        union all
        select view_name, comment from duckdb_views() where not internal
    ) as t using (table_name)
    where c.schema_name = 'main' and not c.internal
)
group by table_name, comment
order by table_name
"""
_NAMED = re.compile(r"(?<![\w$])\$([a-z_][a-z0-9_]{0,30})\b")


def sql_page(reading: Reading) -> PageView:
    """Return the editor with the rows of its statement."""
    ask, words = reading.ask, reading.words
    statement = ask.text("q") or ""
    names = list(dict.fromkeys(_NAMED.findall(statement)))
    params = {name: ask.text(f"p_{name}") or "" for name in names}
    answer, failure, status = None, "", 200
    if statement and ask.runs:
        try:
            with TURNS.one():
                answer = run_query(
                    reading.publication.path,
                    statement,
                    FOR_STRANGERS,
                    params or None,
                    ending=reading.stop.by,
                )
        except QueryError as exc:
            if ask.form != "html":
                raise _refused(exc) from exc
            failure, status = str(exc), _refused(exc).status
    elif statement and ask.form != "html":
        raise Refused(words.word("sql.refused"))
    elif ask.form != "html":
        raise BadRequest("write a statement: /sql.json?q=select+…")
    return PageView(
        template="sql.html.j2",
        title=words.word("sql.title"),
        section="sql",
        status=status,
        is_kept=False,
        given={
            "statement": statement,
            "stamp": ask.stamp,
            "is_waiting": bool(statement) and not ask.runs,
            "answer": answer,
            "failure": failure,
            "params": params,
            "relations": reading.con.execute(RELATIONS).fetchall(),
            "recipes": _recipes(),
            "newest": reading.publication.as_of,
        },
        tables=(
            DataTable(
                name="rows",
                rows=answer.records(),
                columns=answer.columns,
            ),
        )
        if answer
        else (),
    )


def _refused(exc: QueryError) -> BadRequest | TooLong | NotReady:
    if isinstance(exc, QueryEnded):
        return TooLong(str(exc))
    if isinstance(exc, QueryBusy):
        return NotReady(str(exc))
    assert isinstance(exc, QueryFailed)  # noqa: S101  the third and last
    return BadRequest(str(exc))


@cache
def _recipes() -> list[tuple[str, str]]:
    return search.recipes(default_text("docs/cookbook.md"))


PAGES = (
    Page(
        path="/sql",
        nav="sql",
        view=sql_page,
        known=frozenset({"run"}),
        is_of_statements=True,
        prefix="p_",
        texts=frozenset({"q"}),
        forms=("json", "csv"),
    ),
)
