"""Queries of briefs and pages beside the records that are declared for them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module
from pkgutil import walk_packages
from typing import Literal, get_args, get_origin, get_type_hints

import pytest

from transforms import pages
from transforms.brief.compose import queries_of
from transforms.brief.sections import SECTIONS
from transforms.models import Query
from transforms.pages.rows import desk, subjects
from warehouse import queries
from warehouse.queries import COVERED, RowError, is_optional, read

NOON = datetime(2026, 8, 7, 4, tzinfo=UTC)
PARAMS = {
    "since": datetime(2026, 7, 31, 4, tzinfo=UTC), "until": NOON, "as_of": NOON,
    "since_day": date(2026, 7, 31), "until_day": date(2026, 8, 7), "story_ids": "[]",
    "first_day": date(2026, 7, 31), "last_day": date(2026, 8, 7), "began": NOON,
    "from": NOON, "to": NOON, "day": date(2026, 8, 7), "limit": 5, "skip": 0, "most": 9,
    "ids": "[]", "titles": "[]", "article_ids": "[]", "feed_ids": "[]",
    "id": "x", "kind": "x", "story_id": "x", "state": "x", "rule": "x", "outlet": "x",
    "language": "x", "topic": "x", "named": "x", "with": "x", "sort": "x",
    "on_beat": False, "treated_kind": "x",
    "region": "", "body": "", "company": "", "all": True,
    "article_id": "x", "alert_id": "x", "verdict_id": 1, "company_ids": "[]", "at": NOON,
    "spelled": "x", "side": "", "instrument": "", "status": "", "thing": "", "thread": "",
    "target": "", "lane": "", "outcome": "", "basis": "", "occasion": "",
    "shown": 3, "subjects": "[]",
}  # fmt: skip
PAGES = [
    declared
    for module in walk_packages(pages.__path__, "transforms.pages.")
    for declared in vars(import_module(module.name)).values()
    if isinstance(declared, Query)
]
QUERIES = {
    query.name: query
    for query in (*queries_of("day"), *queries_of("week"), *PAGES, *desk.PARTS)
}
EVERY_QUERY = pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
TYPES = {
    "VARCHAR": str, "INTEGER": int, "BIGINT": int, "DOUBLE": float, "BOOLEAN": bool,
    "DATE": date, "TIMESTAMP WITH TIME ZONE": datetime,
    "VARCHAR[]": tuple[str, ...], "INTEGER[]": tuple[int, ...], "BIGINT[]": tuple[int, ...],
    "DATE[]": tuple[date, ...],
}  # fmt: skip
# What makes a number, as against choosing a value among those there are.
COUNTING = {
    "count", "count_star", "sum", "avg", "median", "quantile_cont", "quantile_disc",
    "wilson_low", "wilson_high", "ln",
}  # fmt: skip


def type_of(column):
    """Return the type in Python; of a row without names that of a tuple."""
    if column.startswith("STRUCT(") and column.endswith(")[]"):
        return tuple[type_of(column.removesuffix("[]")), ...]
    if column.startswith("STRUCT("):
        inner = column.removeprefix("STRUCT(").removesuffix(")").split(", ")
        return tuple[tuple(map(type_of, inner))]
    return Decimal if column.startswith("DECIMAL") else TYPES[column]


def bare(hint):
    """Return the type of a field without its None; words of a choice are text."""
    if get_origin(hint) is Literal:
        return str
    if not is_optional(hint):
        return hint
    [found] = {arg for arg in get_args(hint) if arg is not type(None)}
    return found


def once(fixture_name, config):
    """Return for how long one warehouse serves, in which nothing is written here."""
    return "function" if config.getoption("--warehouse") == "lake" else "module"


@pytest.fixture(scope=once)
def warehouse(request, begin_warehouse, is_on_lake, tmp_path_factory):
    """An empty warehouse, in which nothing is covered."""
    lake = request.getfixturevalue("lake") if is_on_lake else None
    with begin_warehouse(tmp_path_factory.mktemp("typed") / "data", lake) as con:
        given = asked("pages.company_covered")
        queries.create_temp(con, COVERED, "pages.company_covered", given)
        yield con


def asked(name):
    """Return the parameters that a query has."""
    return {
        k: v for k, v in PARAMS.items() if k in re.findall(r"\$(\w+)", queries.sql(name))
    }


def test_every_query_of_pages_is_declared():
    """What a page asks for has a record, but for what makes the articles that it covers."""
    declared = {name.partition(".")[2] for name in QUERIES if name.startswith("pages.")}

    covered = {name.partition(".")[2] for name in subjects.COVERED.values()}
    assert set(queries.load("pages")) - declared == covered
    assert [part.key for part in desk.PARTS] == list(queries.load("metrics"))


@EVERY_QUERY
def test_the_columns_of_a_query_are_the_fields_of_its_record(warehouse, query):
    """By name and by type, as DuckDB describes the query on an empty warehouse."""
    text = queries.sql(query.name).rstrip(";")
    result = warehouse.execute(f"describe {text}", asked(query.name))
    columns = {name: type_of(kind) for name, kind, *_ in result.fetchall()}

    hints = get_type_hints(query.row)
    assert columns == {f.name: bare(hints[f.name]) for f in fields(query.row)}


@EVERY_QUERY
def test_a_query_reads_the_relations_that_it_declares(warehouse, query):
    """Each of them and no other, so that no number has a second source."""
    asked, _ = parsed(warehouse, queries.sql(query.name))

    assert asked == set(query.relations)


@EVERY_QUERY
def test_a_query_that_counts_itself_says_why(warehouse, query):
    """And one that counts nothing has no reason left over."""
    _, functions = parsed(warehouse, queries.sql(query.name))

    assert bool(functions & COUNTING) == bool(query.counts), functions & COUNTING


def test_a_second_definition_is_found_wherever_it_stands(warehouse):
    """In a subquery, behind a name of its own, or counted over a window."""
    text = """
    with pairs as (from pairs_between($since_day, $until_day))
    select
        pairs.stories,
        (select count(*) from article_days where published_at >= $since) as articles,
        sum(stories) over () as total
    from pairs
    where company_a in (select company_id from mentions)
    """

    relations, functions = parsed(warehouse, text)

    assert relations == {"pairs_between", "article_days", "mentions"}
    assert functions & COUNTING == {"count_star", "sum"}


def parsed(con, sql):
    """Return the relations and the functions in a query, as DuckDB parses it."""
    [(text,)] = con.execute("select json_serialize_sql($1)", [sql]).fetchall()
    nodes = list(walk(json.loads(text)["statements"]))
    own = {e["key"] for n in nodes for e in (n.get("cte_map") or {}).get("map", [])}
    tables = {n["table_name"] for n in nodes if n.get("type") == "BASE_TABLE"}
    macros = {
        n["function"]["function_name"] for n in nodes if n.get("type") == "TABLE_FUNCTION"
    }
    functions = {n["function_name"] for n in nodes if "function_name" in n}
    return (tables - own) | macros, functions


def walk(node):
    """Yield every object of a parsed query."""
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node:
        if isinstance(child, dict | list):
            yield from walk(child)


def test_a_section_asks_for_no_query_of_another():
    """Each is asked once, under a key of its own."""
    keys = [query.key for heading in SECTIONS for query in heading.queries]

    assert len(keys) == len(set(keys))


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """A record that lacks a column."""

    relation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Long:
    """A record with a field too many."""

    day: date
    stories: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """A record that takes for given what an empty warehouse has not."""

    as_of: datetime
    newest_poll_at: datetime | None
    newest_import_at: datetime | None
    feeds: int
    asked: int
    answered: int
    computed_until: date | None


@pytest.mark.parametrize(
    ("name", "row", "said"),
    [
        ("brief.warming_up", Short,
         "query brief.warming_up: column state has no field in Short"),
        ("freshness.uncomputed", Long,
         "query freshness.uncomputed: field Long.stories has no column"),
        ("freshness.freshness", Freshness,
         "query freshness.freshness: column as_of is null, and field Freshness.as_of"),
    ],
)  # fmt: skip
def test_a_query_that_does_not_fit_its_record_is_named(warehouse, name, row, said):
    """With the column and the field, where either is missing or has no value."""
    with pytest.raises(RowError, match=said):
        read(warehouse, Query(name=name, row=row, relations=()), PARAMS)


def test_rows_become_records(warehouse):
    """A list becomes a tuple: a record is frozen all through."""
    [row] = read(warehouse, QUERIES["brief.window"], PARAMS)

    assert (row.articles, row.usual_stories, row.is_comparable) == (0, None, False)
