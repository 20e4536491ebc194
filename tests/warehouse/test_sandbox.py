"""SQL of strangers reaches nothing, stays small, and comes to an end."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import textwrap
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from math import isnan
from pathlib import Path

import duckdb
import pytest

from warehouse.errors import NotPublished, WarehouseError
from warehouse.file.connect import PUBLISHED_NAME, writer
from warehouse.file.publish import publish
from warehouse.sandbox import (
    FOR_STRANGERS,
    QueryBusy,
    QueryEnded,
    QueryFailed,
    QueryTurns,
    child,
    config_of,
    for_ourselves,
    run_query,
)

pytestmark = pytest.mark.slow

# IMPORT is read as the statements of the file that it names.
_REFUSALS = (child.RefusedError, duckdb.ParserException, duckdb.PermissionException)

# Each would run for hours, or take all the memory or disk that there is.
ENDLESS = {
    "a text of gigabytes": "select repeat('x', 4000000000)",
    "a list of gigabytes": "select len(list_distinct(range(2000000000)))",
    "a fold of a long list": "select list_reduce(range(90000000), lambda a, b: a + b)",
    "one long expression": "select levenshtein(repeat('ab', 900000), repeat('ba', 900000))",
    "a spill": "select count(distinct md5(i::varchar)) from range(900000000) as n (i)",
    "a cross join": "select count(*) from range(90000000), range(90000) where random() > 2",
    "a recursion": "with recursive t as (select 1 as i union all select i + 1 from t)"
    " select count(*) from t",
    "a pattern": "select count(*) from range(90000000) as n (i)"
    " where regexp_matches(repeat('a', 9999) || i, '(.*a){20}b')",
}
# In a small process: a child's peak begins with the size of the one that starts it.
ASK_THEM_ALL = """
import json, resource, sys
from dataclasses import replace
from pathlib import Path
from warehouse.sandbox import FOR_STRANGERS, QueryEnded, run_query

said = {}
for name, sql in json.load(sys.stdin).items():
    try:
        run_query(Path(sys.argv[1]), sql, replace(FOR_STRANGERS, seconds=0.5), {})
        said[name] = "answered"
    except QueryEnded as exc:
        said[name] = str(exc)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps({"said": said, "peak": peak}))
"""
# What is not one SELECT or EXPLAIN.
REFUSED = """
    attach '{folder}/x.duckdb' | attach ':memory:' as m | detach sinowire | use memory
    copy companies to '{folder}/x.csv' | copy companies from '{folder}/x.csv'
    export database '{folder}/x' | import database '{folder}/x'
    install httpfs | load httpfs | force install httpfs | update extensions
    set memory_limit = '9GB' | reset memory_limit | pragma memory_limit = '9GB'
    set threads = 99 | set enable_external_access = true | set temp_directory = '/tmp'
    set lock_configuration = false | pragma enable_profiling | set variable x = 1
    create table x (a integer) | create temp table x as select 1 | create view v as from x
    create macro m() as 1 | create schema s | create sequence s | create type t as integer
    create secret (type s3) | drop table companies | alter table companies rename to x
    insert into companies by name select 'x' as company_id | delete from companies
    update companies set name = 'x' | truncate companies | analyze companies
    begin | commit | rollback | checkpoint | force checkpoint | vacuum | analyze
    prepare p as select 1 | execute p | deallocate p | call pragma_version()
    comment on table companies is 'x' | select 1; select 2 | select 1; drop table companies
""".replace("|", "\n")
# What is a SELECT, and asks for what is not in the file.
OUTSIDE = """
    from '{folder}/secret.csv'
    from read_csv('{folder}/secret.csv')
    from read_text('{folder}/secret.csv')
    from read_blob('{folder}/*')
    from read_json('{folder}/secret.csv')
    from read_parquet('{folder}/secret.csv')
    from read_duckdb('{folder}/secret.csv')
    from sniff_csv('{folder}/secret.csv')
    from glob('{folder}/*')
    from read_csv('https://127.0.0.1/x.csv')
    from 's3://bucket/x.parquet'
    from query('from read_text(''{folder}/secret.csv'')')
    from parquet_metadata('{folder}/secret.csv')
    from duckdb_secrets()
    select getenv('HOME')
    from asked
    from sys
    explain analyze select * from read_text('{folder}/secret.csv')
    explain analyze insert into companies by name select 'x' as company_id
    explain analyze copy companies to '{folder}/x.csv'
"""


@pytest.fixture(scope="module")
def published(make_once):
    """The published file of a warehouse with three companies."""

    def make(folder):
        with writer(folder, command="test") as con:
            con.execute(
                "insert into companies select 'c' || i, '', '', '', '', null, [], ''"
                " from range(3) as n (i)"
            )
        publish(folder)
        (folder / "secret.csv").write_text("secret\n1\n")

    return make_once("sandboxed", make) / PUBLISHED_NAME


@pytest.fixture
def ask(published):
    """Ask as a stranger."""

    def run(sql, limits=FOR_STRANGERS, **params):
        return run_query(published, sql, limits, params)

    return run


@pytest.fixture
def sealed(published):
    """Ask as the process does, in this one: it takes no time to start."""
    con = child.sealed(str(published), config_of(FOR_STRANGERS))

    def run(sql):
        return con.execute(child.only_one(con.extract_statements(sql))).fetchall()

    yield run
    con.close()


def refusal(kind, ask, *asked):
    """Return what is said against a statement, "" where it is answered."""
    try:
        ask(*asked)
    except kind as exc:
        return str(exc)
    return ""


def lines(text):
    return [line.strip() for line in text.strip().splitlines() if line.strip()]


def test_what_another_version_published_is_told_with_the_remedy(published, tmp_path):
    """Else a reader would look for a mistake in his statement."""
    older = tmp_path / "older.duckdb"
    shutil.copy(published, older)
    with duckdb.connect(older) as con:
        con.execute("drop view verdict_precision")
        con.execute("update schema_migrations set checksum = 'x' where name = 'views'")

    for path, hint in ((published, False), (older, True)):
        with pytest.raises(QueryFailed, match="does not exist") as failed:
            run_query(path, "from no_such_view", FOR_STRANGERS)
        assert ("`sinowire run` publishes it anew" in str(failed.value)) is hint


def test_endless_statements_end(published):
    """All within seconds, in little memory, and with nothing left on the disk."""
    before = sorted(published.parent.iterdir())
    ended = subprocess.run(
        [sys.executable, "-c", ASK_THEM_ALL, published],
        input=json.dumps(ENDLESS),
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(ended.stdout)

    assert {
        name: said for name, said in answer["said"].items() if "ask for fewer" not in said
    } == {}
    assert sorted(published.parent.iterdir()) == before
    # Of the largest child, in kilobytes.
    assert answer["peak"] < 1_500_000


def test_only_a_select_is_answered(ask, published, sealed):
    """Whatever writes, attaches, loads or sets is refused by its kind."""
    before = published.read_bytes()
    for sql in lines(REFUSED):
        assert refusal(_REFUSALS, sealed, sql), sql
    for sql in lines(REFUSED)[::12]:
        assert refusal(QueryFailed, ask, sql), sql

    assert published.read_bytes() == before


def test_nothing_outside_the_file_is_reached(ask, published, sealed):
    """No other file, no network, no variable, none of the process's own objects."""
    before = sorted(published.parent.iterdir())
    outside = lines(OUTSIDE.replace("{folder}", str(published.parent)))
    for sql in outside:
        assert refusal(duckdb.Error, sealed, sql), sql
    for sql in outside[::5]:
        assert len(refusal(QueryFailed, ask, sql).splitlines()) == 1, sql

    assert sorted(published.parent.iterdir()) == before


def test_answer_is_typed(ask):
    """Values come back as DuckDB's Python client has them."""
    made = ask(
        "select 1::hugeint as whole, 'ü' as text, null as nothing, true as truth,"
        " 1.5::decimal(4, 2) as exact, 0.5 as rough, 'nan'::double as odd,"
        " date '2026-08-04' as day, timestamptz '2026-08-04 12:00:00+08' as moment,"
        " time '10:00' as clock, interval 36 hour as span, 'a'::blob as bytes,"
        " [1, null] as list, {'a': [date '2026-08-04']} as struct, map {'k': 2} as map"
    )
    [row] = made.records()

    assert isnan(row.pop("odd"))
    assert row == {
        "whole": 1,
        "text": "ü",
        "nothing": None,
        "truth": True,
        "exact": Decimal("1.50"),
        "rough": 0.5,
        "day": date(2026, 8, 4),
        "moment": datetime(2026, 8, 4, 4, tzinfo=UTC),
        "clock": time(10),
        "span": timedelta(hours=36),
        "bytes": b"a",
        "list": [1, None],
        "struct": {"a": [date(2026, 8, 4)]},
        "map": {"k": 2},
    }
    assert made.types[:2] == ("HUGEINT", "VARCHAR")
    assert not made.more


def test_select_in_all_its_forms(sealed):
    """What reads may read: FROM first, SHOW, DESCRIBE, SUMMARIZE, VALUES, EXPLAIN."""
    forms = ["from companies", "show tables", "describe companies", "summarize companies"]
    for sql in [*forms, "values (1)", "explain select 1", "with a as (select 1) from a"]:
        assert sealed(sql), sql


def test_rows_are_capped(ask):
    """And it is said that there are more."""
    few = replace(FOR_STRANGERS, rows=2)
    cut, whole = ask("from companies", few), ask("from companies limit 2", few)

    assert (len(cut.rows), cut.more) == (2, True)
    assert (len(whole.rows), whole.more) == (2, False)
    assert ask("select 1 where false", few).columns == ("1",)
    assert len(ask("from range(1200)", replace(few, rows=None)).rows) == 1200


def test_wide_answer_ends(ask):
    """Rows may be few and their text long."""
    with pytest.raises(QueryEnded, match=r"larger than 8 MB; ask for fewer rows"):
        ask("select repeat('x', 100000) from range(1000)")


def test_named_parameters(ask):
    """Their values are values, whatever stands in them."""
    asked = "select company_id from companies where company_id = $id"

    assert ask(asked, id="c1").rows == [("c1",)]
    assert ask(asked, id="' or true --").rows == []
    with pytest.raises(QueryFailed, match="id"):
        ask(asked)


@pytest.mark.parametrize(
    "sql",
    ["", " -- nothing", "selec 1", "from nowhere", "select 1 +", "\0", "from \ud800"],
)
def test_wrong_sql_is_a_sentence(ask, sql):
    """In one line."""
    with pytest.raises(QueryFailed) as refused:
        ask(sql)

    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("sql", "place"),
    [
        ("select * form x", (1, 15)),
        ("\n-- 公司\n  select '小米', nope from companies", (3, 16)),
        ("select cast('x' as integer)", (1, 8)),
        ("select error('{\"position\": 3}')", None),
    ],
)
def test_a_failure_is_told_with_its_place(ask, sql, place):
    """In characters, wherever DuckDB knows it."""
    with pytest.raises(QueryFailed) as refused:
        ask(sql)

    assert refused.value.place == place
    assert ("(line" in str(refused.value)) == bool(place)
    assert "exception_message" not in str(refused.value)


def test_so_many_at_a_time():
    """Who comes then waits a little, and is sent away."""
    turns, held = QueryTurns(at_once=1, patience=0.05), threading.Event()
    with turns.one(), pytest.raises(QueryBusy, match="try again"), turns.one():
        held.set()
    with turns.one():
        assert not held.is_set()


def test_no_published_file(tmp_path):
    """As everywhere: what to do to have one."""
    with pytest.raises(NotPublished, match="sinowire run"):
        run_query(tmp_path / PUBLISHED_NAME, "select 1", FOR_STRANGERS)


def test_damaged_published_file(tmp_path):
    """As everywhere: it is only a copy."""
    path = tmp_path / PUBLISHED_NAME
    path.write_bytes(b"no warehouse" * 1000)

    with pytest.raises(WarehouseError, match="delete it, and the next"):
        run_query(path, "select 1", FOR_STRANGERS)


def test_ends_with_its_parent(published):
    """A parent that is killed in the middle leaves no statement running."""
    program = f"""
        import os, sys
        from pathlib import Path
        from warehouse import sandbox
        from warehouse.sandbox import for_ourselves, run_query

        def tell(process, *rest):
            asked(process, *rest)
            print(process.pid, flush=True)

        asked, sandbox._ask = sandbox._ask, tell
        file, sql = Path({str(published)!r}), {ENDLESS["one long expression"]!r}
        run_query(file, sql, for_ourselves())
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, text=True
    ) as parent:
        child = int(parent.stdout.readline())
        parent.kill()
    for _ in range(200):
        if not Path(f"/proc/{child}/cmdline").exists():
            return
        threading.Event().wait(0.05)
    pytest.fail(f"process {child} is still there")


def test_our_own_limits_are_wide():
    """No time, no number of rows; the machine's memory alone."""
    ours = for_ourselves()

    assert (ours.seconds, ours.rows, ours.answer) == (None, None, None)
    assert ours.memory >= FOR_STRANGERS.memory
