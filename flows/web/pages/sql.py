"""``/sql``: a statement, run in a separate process, and the relations to query."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from flows.beats import default_text
from flows.web.errors import BadRequest, NotReady, Refused, TooLong
from flows.web.page import Page, PageView, Reading
from transforms.citations.citation import NumberError, read_number
from transforms.pages import search
from transforms.pages.rows.stories import STORIES_OF
from transforms.pages.tables import LinkedIds, articles_in, caret, cell_links
from transforms.pages.words import DataTable, Link
from warehouse.sandbox import (
    FOR_STRANGERS,
    QueryAnswer,
    QueryBusy,
    QueryEnded,
    QueryError,
    QueryFailed,
    QueryTurns,
    run_query,
)

# What questions of the cookbook ask only on a beat whose home side is China.
_OF_CHINA = re.compile(
    r"(?i)chin(?:a|ese)\b|\bcn-|\b(?:alibaba|smic|tiktok|rmb)\b|sector = 'ai'|acted against"
)
# What they ask of companies and topics by id.
_OF_IDS = re.compile(r"(?:company|topic)_id (?:= |in \()('[a-z-]+'(?:, '[a-z-]+')*)")
# The question of the cookbook that an empty page begins with.
FIRST = "Who moves this week"
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
    # Browsers end the lines of a field by two characters.
    statement = (ask.text("q") or "").replace("\r\n", "\n")
    side = reading.publication.rules.side
    known = words.names.keys()
    recipes = [each for each in _recipes() if side or _fits("".join(each), known)]
    names = list(dict.fromkeys(_NAMED.findall(statement)))
    params = {name: ask.text(f"p_{name}") or "" for name in names}
    answer, failure, place, status = None, "", None, 200
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
            place = exc.place if isinstance(exc, QueryFailed) else None
    elif statement and ask.form != "html":
        raise Refused(words.word("sql.refused"))
    elif ask.form != "html":
        raise BadRequest("write a statement: /sql.json?q=select+…")
    asked = {sql: question for question, sql in recipes}
    first = next(sql for question, sql in recipes if question.startswith(FIRST))
    return PageView(
        template="sql.html.j2",
        title=words.word("sql.title"),
        section="sql",
        status=status,
        is_kept=False,
        given={
            "statement": statement or first,
            "question": asked.get(statement or first, ""),
            "stamp": ask.stamp,
            "is_waiting": bool(statement) and not ask.runs,
            "answer": answer,
            "rows": _linked(reading, answer) if answer else [],
            "failure": failure,
            "caret": caret(statement, place) if place else "",
            "params": params,
            "is_citable": answer is not None and _is_citable(statement),
            "relations": reading.con.execute(RELATIONS).fetchall(),
            "recipes": recipes,
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


def _linked(reading: Reading, answer: QueryAnswer) -> list[list[list[Link]]]:
    """Return rows whose ids and addresses are links."""
    of_companies = dict.fromkeys(reading.publication.entities, "company")
    articles = articles_in(answer.columns, answer.rows)
    told = reading.rows(STORIES_OF, article_ids=articles) if articles else []
    known = LinkedIds(
        kinds={**reading.publication.kinds, **of_companies},
        story_of={row.article_id: row.story_id for row in told},
    )
    return [
        [
            cell_links(reading.words, known, column, value)
            for column, value in zip(answer.columns, row, strict=True)
        ]
        for row in answer.rows
    ]


def _is_citable(statement: str) -> bool:
    try:
        read_number(statement)
    except NumberError:
        return False
    return True


def _refused(exc: QueryError) -> BadRequest | TooLong | NotReady:
    if isinstance(exc, QueryEnded):
        return TooLong(str(exc))
    if isinstance(exc, QueryBusy):
        return NotReady(str(exc))
    assert isinstance(exc, QueryFailed)  # noqa: S101  the third and last
    return BadRequest(str(exc))


def _fits(recipe: str, known: Collection[str]) -> bool:
    """Return whether a question with its statement suits a beat without a home side."""
    asked = re.findall(r"[a-z-]+", " ".join(_OF_IDS.findall(recipe)))
    return not _OF_CHINA.search(recipe) and all(each in known for each in asked)


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
