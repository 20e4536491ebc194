"""Every declared list: its filters, forms, languages, tool and command say the same."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from dataclasses import replace
from datetime import datetime
from inspect import signature
from urllib.parse import urlencode

import anyio
import duckdb
import pytest
from mcp.server.mcpserver.exceptions import ToolError

from flows.assistants.list_tools import list_tool
from flows.assistants.look import Look
from flows.assistants.server import make_assistant_server
from flows.settings import load_settings
from flows.web.addresses import read_query
from flows.web.answers import Stop
from flows.web.asked import DeskAsk
from flows.web.errors import BadRequest, NotFound
from flows.web.lists import Filter
from flows.web.maker import Maker
from flows.web.pages.lists import ACTS, CLAIMS, LISTS, MEASURES
from flows.web.programs import FEED_ENTRIES
from flows.web.shelf import Shelf
from transforms.words import say
from warehouse.file.connect import PUBLISHED_NAME

every_list = pytest.mark.parametrize("each", LISTS, ids=lambda each: each.noun)
EVER = {"since": "2025-01-01"}
REGIONS = {"tidewater": "US", "harbour": "HK", "zhengce": "CN"}


@pytest.fixture(scope="module")
def listed(desk, tmp_path_factory):
    """The newsroom's home, three of whose feeds are of official sources."""
    home = tmp_path_factory.mktemp("listed")
    (home / "data").mkdir()
    shutil.copy2(desk / "data" / PUBLISHED_NAME, home / "data" / PUBLISHED_NAME)
    with duckdb.connect(home / "data" / PUBLISHED_NAME) as con:
        for feed, region in REGIONS.items():
            con.execute(
                "update feeds set kind = 'official', region = ? where feed_id = ?",
                [region, feed],
            )
        for table in ("articles", "stories"):
            con.execute(
                f"update {table} set is_on_beat = false where hash(story_id) % 3 = 0"
            )
    return home


@pytest.fixture(scope="module")
def maker(listed):
    """Makes pages of that home without a socket."""
    settings = load_settings(listed)
    return Maker(settings, Shelf(settings), writes=True)


def asked(each, form="json", of_page="en", **query):
    """Return the request of a list's page."""
    query = read_query([(k, str(v)) for k, v in query.items()], each.page, form)
    return DeskAsk(path=each.path, language=of_page, form=form, query=query)


def body(maker, each, form, of_page="en", **query):
    """Return a list in one of its forms."""
    ask = asked(each, form, of_page, **query)
    return maker.make(each.page, ask, Stop())[0].body.decode()


def rows(maker, each, **query):
    """Return the rows of a list, without HTTP or JSON."""
    view, _, _ = maker.look(each.page, asked(each, **query))
    return list(view.tables[0].rows)


def ids(each, found):
    """Return the ids of rows."""
    return [row[each.row_id] for row in found]


def everything(each):
    """Return the parameters that leave out nothing."""
    return EVER | {one.name: "1" for one in each.filters if one.kind == "switch"}


@every_list
def test_its_forms_have_the_same_rows(maker, each):
    """As pages of both languages, JSON, CSV and Atom; each row has a name to link to."""
    found = rows(maker, each, **EVER)

    assert found
    assert ids(each, json.loads(body(maker, each, "json", **EVER))) == ids(each, found)
    read = csv.DictReader(io.StringIO(body(maker, each, "csv", **EVER)))
    assert ids(each, read) == ids(each, found)
    if each.has_stories:
        stories = {row["story_id"] for row in found}
        atom = body(maker, each, "atom", **EVER)
        told = re.findall(r"<id>urn:sinowire:story:(\w+)</id>", atom)
        assert len(told) == len(set(told)) == min(len(stories), FEED_ENTRIES)
        assert set(told) <= stories
    for language in ("en", "zh"):
        page = body(maker, each, "html", language, **EVER)
        assert re.findall(r'<li id="([^"]+)">', page) == ids(each, found)
        assert say(f"{each.noun}.title", language) in page
        assert f'data-total="{len(found)}"' in page


@every_list
def test_its_choices_part_its_rows(maker, each):
    """Each row has one of a filter's choices; a switch only adds to them."""
    whole = everything(each)
    of_all = ids(each, rows(maker, each, **whole))
    for one in each.filters:
        if one.kind == "choice":
            parts = [rows(maker, each, **whole, **{one.name: v}) for v in one.values]
            met = [row for part in parts for row in part]
            of_none = [r for r in rows(maker, each, **whole) if r not in met]
            # A source may be of a region that has no link, an act of a lane that has none.
            assert all(row.get(one.name) not in one.values for row in of_none), one.name
            assert len(met) + len(of_none) == len(of_all), one.name
        elif one.kind == "switch":
            on_beat = ids(each, rows(maker, each, **EVER))
            assert set(on_beat) <= set(of_all), one.name
            assert len(on_beat) < len(of_all), one.name


@every_list
def test_a_filter_by_words_keeps_the_rows_that_have_it(maker, each):
    """A company takes its brands along, so its rows are there and perhaps others."""
    whole = rows(maker, each, **everything(each))
    known = Look(maker).publication().names
    for one in each.filters:
        if one.kind not in ("company", "text"):
            continue
        column = column_of(one, whole, known)
        value = next(v for row in whole for v in values_of(row[column]))
        kept = rows(maker, each, **everything(each), **{one.name: value})
        own = [row for row in whole if value in values_of(row[column])]
        assert set(ids(each, own)) <= set(ids(each, kept)) <= set(ids(each, whole))
        if one.kind == "text":
            assert ids(each, kept) == ids(each, own), one.name
        if one.kind == "company" or one.name == "topic":
            with pytest.raises(NotFound):
                rows(maker, each, **everything(each), **{one.name: "nobody"})
        else:
            assert rows(maker, each, **everything(each), **{one.name: "nobody"}) == []


def column_of(one, found, known):
    """Return the column by which a filter leaves rows out: of its name, or of companies."""
    for name in (one.name, f"{one.name}s", f"{one.name}_id"):
        if name in found[0]:
            return name
    return next(
        name
        for name in found[0]
        if any(value in known for row in found for value in values_of(row[name]))
    )


def values_of(value):
    """Return the values of a cell, which may be a list."""
    return [v for v in (value if isinstance(value, list) else [value]) if v]


@every_list
def test_a_value_that_is_none_is_refused_with_those_that_are(maker, each):
    """A choice, a switch, a day, a number of hours, and a parameter of another page."""
    for one in each.filters:
        if one.kind in ("choice", "switch"):
            with pytest.raises(BadRequest) as refused:
                rows(maker, each, **{one.name: "nope"})
            assert all(value in str(refused.value) for value in one.values or ("1",))
    for name, value in (("since", "May"), ("until", "2026-13-01"), ("hours", "0")):
        with pytest.raises(BadRequest, match=re.escape(value)):
            rows(maker, each, **{name: value})
    with pytest.raises(BadRequest, match="weeks"):
        rows(maker, each, weeks="3")


@every_list
def test_its_period(maker, each):
    """Days are those of the reporting zone, the last included; hours end at the newest."""
    day = "2025-11-27"
    for row in rows(maker, each, **everything(each) | {"since": day, "until": day}):
        if each.ahead:
            assert str(row["due_on"]) <= day <= str(row["due_until"])
            continue
        at = row[each.dated]
        at = at.astimezone() if isinstance(at, datetime) else at
        assert f"{at:%Y-%m-%d}" in (day, "2025-11-26")
    view, publication, _ = maker.look(each.page, asked(each))
    assert (view.given["until"] - view.given["since"]).days == (each.ahead or each.days + 1)
    hours, _, _ = maker.look(each.page, asked(each, hours=24))
    assert (hours.given["until"] - hours.given["since"]).total_seconds() == 86_400
    assert hours.given["until"] > publication.as_of > hours.given["since"]


@every_list
def test_links_set_and_lift_its_filters(maker, each):
    """A choice that is on lifts itself; any other that is set has a link for it."""
    for one in each.filters:
        known = ("robotics" if one.name == "topic" else "huawei",)
        value = {"choice": one.values[:1], "switch": ("1",)}.get(one.kind, known)[0]
        view, _, words = maker.look(each.page, asked(each, **{one.name: value}))
        given, bare = view.given, words.href(each.path)
        if one.is_lifted:
            assert [link.href for link in given["lifted"]] == [bare]
        elif one.kind == "switch":
            assert (given["switch"].is_current, given["switch"].href) == (True, bare)
        else:
            first, *others = given["choices"][one.name]
            assert (first.is_current, first.href) == (True, bare)
            assert [link.href for link in others] == [
                words.href(each.path, **{one.name: other}) for other in one.values[1:]
            ]


@every_list
def test_a_list_that_is_cut_or_empty_says_so(maker, each):
    """With how many are shown; and where there are none, what that means."""
    short = replace(each, shown=2)
    full = body(maker, short, "html", **everything(each))

    assert full.count("<li id=") == 2
    assert say(each.full, "en", n=2) in full
    assert "data-total" not in full
    empty = body(maker, each, "html", since="2030-01-01")
    assert re.search(r'<p class="nothing">.{30,}</p>', empty)
    assert 'data-total="0"' in empty


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ({"noun": "quaggas"}, "add nav.quaggas, quaggas.all, quaggas.lead"),
        ({"counted": "quagga"}, "add quagga"),
        ({"filters": (Filter(name="stripes", kind="choice"),)}, "add filter.stripes"),
    ],
)
def test_a_list_without_its_words_is_refused(lacking, said):
    """Where it is declared, with the file and the words to add: its page would fail."""
    with pytest.raises(ValueError, match=rf"transforms/words/en\.toml .*{said}"):
        replace(MEASURES, **lacking)


@every_list
def test_its_tool_answers_as_its_page(maker, each):
    """The same arguments and rows; each row's address is a list that has it."""
    tool = list_tool(Look(maker), each)
    names = [one.name for one in each.filters if one.is_asked]
    switches = {one.name: True for one in each.asked if one.kind == "switch"}

    assert list(signature(tool).parameters) == [*names, "since", "until", "limit"]
    whole = EVER | dict.fromkeys(switches, "1")
    answer = tool(**EVER, **switches, limit=40).model_dump()
    told = answer[each.noun]
    assert [row["id"] for row in told] == ids(each, rows(maker, each, **whole))[:40]
    assert "raise limit" in tool(**EVER, **switches, limit=1).note
    assert "earlier since" in tool(since="2030-01-01").note
    path, _, query = told[0]["address"].partition("?")
    query, _, row_id = query.partition("#")
    assert (path, row_id) == (each.path, told[0]["id"])
    pairs = dict(pair.split("=") for pair in query.split("&"))
    assert row_id in ids(each, rows(maker, each, **pairs))


@every_list
def test_its_tool_describes_a_column_as_the_dictionary_does(maker, listed, each):
    """By the comment of the view or table of the tool's name, or by help of its own."""
    with duckdb.connect(listed / "data" / PUBLISHED_NAME, read_only=True) as con:
        comments = dict(
            con.execute(
                "select column_name, comment from duckdb_columns() where table_name = ?",
                [each.tool.name],
            ).fetchall()
        )
    answer = signature(list_tool(Look(maker), each)).return_annotation
    records = answer.model_json_schema()["$defs"]
    said = records[each.tool.row[0]]["properties"]
    of_outlets = records[each.tool.quoted[0]]["properties"] if each.is_quoting else {}

    for columns, shown in ((each.tool.fields, said), (each.tool.words, of_outlets)):
        for column in columns:
            if meaning := comments.get(column):
                name = each.tool.called.get(column, column)
                if name not in ("headline", "outlet", "url"):
                    assert shown[name]["description"] == meaning, column
    assert comments or each.tool.help


@every_list
def test_its_tool_refuses_what_its_page_does(maker, each):
    """A choice that is none, with those that are."""
    server = make_assistant_server(Look(maker))
    for one in each.asked:
        if one.kind == "choice":
            with pytest.raises(ToolError) as refused:
                anyio.run(server.call_tool, each.tool.name, {one.name: "nope"})
            assert all(value in str(refused.value) for value in one.values)


@every_list
def test_its_command_prints_its_rows(maker, listed, sinowire, each):
    """As JSON and as a table, with its filters as options; what is none is refused."""
    whole = ["--since", EVER["since"]]
    code, out, err = sinowire("--home", listed, each.noun, *whole, "--format", "json")
    found = rows(maker, each, **EVER)
    assert (code, ids(each, json.loads(out))) == (
        0,
        ids(each, found)[:20],
    )
    assert ("more with --limit" in err) == (len(found) > 20)
    code, out, _ = sinowire("--home", listed, each.noun, *whole, "--limit", 1)
    assert out.split()[: len(each.printed)] == [*each.printed]
    for one in each.asked:
        if one.kind == "choice":
            code, _, err = sinowire("--home", listed, each.noun, f"--{one.name}", "nope")
            assert (code, one.values[0] in err) == (2, True)
        elif one.kind == "company":
            code, _, err = sinowire("--home", listed, each.noun, f"--{one.name}", "baidoo")
            assert (code, "baidu" in err) == (2, True)
            query = {one.name: "Baidu"}
            code, out, _ = sinowire(
                "--home", listed, each.noun, f"--{one.name}", "百度", "--format", "csv"
            )
            assert len(list(csv.DictReader(io.StringIO(out)))) == len(
                rows(maker, each, **{one.name: "baidu"})[:20]
            ), query
    code, out, err = sinowire("--home", listed, each.noun, "--since", "2030-01-01")
    assert (code, "earlier --since" in err) == (0, True)


def test_a_body_that_is_known_is_an_id_and_any_other_a_quoted_name(maker):
    """What the watchlist lacks is called as an outlet calls it."""
    look = Look(maker)
    known = look.publication().names
    rows = list_tool(look, MEASURES)(**EVER, limit=40).measures

    assert {row.actor for row in rows} - {""}
    assert {row.actor for row in rows} <= {"", *known}
    assert not any(row.quoted.actor in known for row in rows)


def test_what_one_list_alone_has(maker):
    """The press after acts, the body that acts, and how a claim ended."""
    followed, _, _ = maker.look(ACTS.page, asked(ACTS, **everything(ACTS)))
    press = next(table.rows for table in followed.tables if table.name == "followed")
    acts = {row["article_id"]: row["press_stories"] for row in followed.tables[0].rows}
    measures = body(maker, MEASURES, "html", **everything(MEASURES))
    claims = body(maker, CLAIMS, "html", outcome="denied", **EVER)

    assert press
    assert {story["article_id"] for story in press} == {k for k, n in acts.items() if n}
    # A state's own name says no more than its side.
    assert '<span class="who">China · ' in measures
    assert '<span class="who">Japan</span>' in measures
    assert not any(f"{side} · {side}" in measures for side in ("China", "Japan"))
    assert say("settled.denied", "en") in claims
    assert urlencode({"thing": "chips"}) in measures
