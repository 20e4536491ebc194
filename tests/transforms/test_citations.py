"""Citations: styles read back by other libraries, files of others, and verification."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import rispy
from citeproc.source.json import CiteProcJSON
from pybtex.database import parse_string

from transforms.citations import read
from transforms.citations.citation import (
    LONGEST,
    Basis,
    Citation,
    NumberError,
    number_id,
    read_number,
    result_of,
    words,
)
from transforms.citations.read import CitationError, read_citations
from transforms.citations.styles import STYLES, render, tex
from transforms.citations.verify import Held, Wording, headline_hash, verify, verify_number

NOON = datetime(2026, 1, 5, 4, tzinfo=UTC)
BASIS = Basis(
    as_of=NOON + timedelta(days=2), arrivals=7, rules="w1", version="0.1.0",
    zone="Asia/Shanghai",
)  # fmt: skip
HOSTILE = (
    "A brace } closes, { opens",
    r"\input{/etc/passwd} \write18{rm}",
    "50% off @misc{x, title={y}}",
    "line\r\nER  - \r\nTY  - BOOK\r\nTI  - other",
    "ER  - ",
    "TY  - NEWS",
    'He said "no"; \'; drop table articles; --',
    "<i>markup</i> <script>alert(1)</script> &amp; &lt;",
    "中国人工智能公司发布新模型：“通义”",
    "Cost $5_000 ~ #1 ^2 | `ls`",
    "hidden\u200b\u202e words \x07\x1b[31m",
    "emoji 👩‍💻 e\u0301 ﬁ",
    'json ","id":"x"},{"',
    "  spaces   around  ",
    "sinowire-id: 00000000000000000000",
)


def citation(place, title, **more):
    return replace(
        Citation(
            id=f"{place:020x}", kind="article", title=title, basis=BASIS,
            published_at=NOON + timedelta(hours=place), outlet=f"Outlet {title}",
            url=f"https://a.example/{place}?x=1;y={{2}}#z", language="en",
            authors=(f"Li {title}", "王小明"), article_id=f"{place:020x}",
            first_seen_at=NOON, content_hash=f"h{place}",
        ),
        **more,
    )  # fmt: skip


def two_hundred():
    return [
        citation(n, f"{HOSTILE[n % len(HOSTILE)]} {n if n % 2 else ''}") for n in range(200)
    ]


@pytest.mark.parametrize("style", ["csl-json", "ris"])
@pytest.mark.parametrize("piece", [1 << 16, 977])
def test_hostile_citations_are_read_back_as_they_were(style, piece):
    """By our own reader, in whatever pieces a file comes."""
    made = two_hundred()
    text = render(made, style)

    found = list(read_citations(text[n : n + piece] for n in range(0, len(text), piece)))

    assert [(c.id, c.title, c.outlet, c.url, c.day) for c in found] == [
        (c.id, words(c.title), words(c.outlet), c.url, f"{c.day}") for c in made
    ]
    assert {c.facts["content-hash"] for c in found} == {c.content_hash for c in made}


def test_an_independent_library_reads_the_same_ris():
    """Titles that look like the end of a record end none."""
    made = two_hundred()

    found = rispy.loads(render(made, "ris"))

    assert [
        (c["accession_number"], c["title"], c["secondary_title"], c["authors"], c["date"])
        for c in found
    ] == [
        (
            c.id,
            words(c.title),
            words(c.outlet),
            [words(name) for name in c.authors],
            f"{c.day:%Y/%m/%d}",
        )
        for c in made
    ]
    assert [";".join(c["urls"]) for c in found] == [c.url for c in made]


def test_an_independent_library_reads_the_same_csl():
    """As a processor of styles has it."""
    made = two_hundred()

    found = CiteProcJSON(json.loads(render(made, "csl-json")))

    for each in made:
        item = found[each.id]
        assert str(item["title"]) == words(each.title)
        assert str(item["container_title"]) == words(each.outlet)
        assert (item["issued"]["year"], item["issued"]["day"]) == (2026, each.day.day)
        assert item["URL"] == [each.url]


def test_an_independent_library_reads_the_same_bibtex():
    """No brace, command or comment of an outlet's is one of the file's."""
    made = two_hundred()

    found = parse_string(render(made, "bibtex"), "bibtex").entries

    assert list(found) == [each.id for each in made]
    for each in made:
        assert found[each.id].fields["title"] == f"{{{tex(each.title)}}}"
        assert untex(tex(each.title)) == words(each.title)
        assert len(found[each.id].persons["author"]) == len(each.authors)


def untex(text):
    """Return the letters that TeX prints of a text of ours; fail on any other command."""
    names = {
        "textbackslash": "\\", "textbraceleft": "{", "textbraceright": "}",
        "textasciitilde": "~", "textasciicircum": "^", "char34": '"',
        "textless": "<", "textgreater": ">", "textbar": "|",
    }  # fmt: skip
    rest = re.sub(r"\\([a-z0-9]+)\{\}|\\([#$%&_])", "", text)
    assert not set(rest) & set("\\{}~^%#$&_"), rest
    return re.sub(
        r"\\([a-z0-9]+)\{\}|\\([#$%&_])", lambda m: names[m[1]] if m[1] else m[2], text
    )


def test_a_citation_stands_in_the_language_of_its_source():
    """Chicago, with and without an author, and what finds it again."""
    signed = citation(
        1, "Chips rise", outlet="Daily", authors=("A B", "C D", "E F"), url=""
    )
    unsigned = replace(signed, authors=(), title="Why?", url="https://a.example/1")
    chinese = replace(
        signed, title="芯片上涨", language="zh", outlet="日报", authors=("王",)
    )
    source = (
        f"Sinowire, article {signed.id}, data as of 2026-01-07 04:00 UTC, rules w1, "
        "release 0.1.0."
    )

    told = [render([each], "chicago").strip() for each in (signed, unsigned, chinese)]

    assert told[:2] == [
        f"A B, C D, and E F. “Chips rise.” Daily, January 5, 2026. {source}",
        f"Daily. “Why?” January 5, 2026. https://a.example/1. {source}",
    ]
    assert told[2].startswith("王：《芯片上涨》，日报，2026年1月5日。 Sinowire，文章 ")
    assert "first seen 2026-01-05T04:00:00Z" in render([signed], "text")


def number(text="share_between('2026-01-01','2026-02-01')", rows=({"share": 0.1 + 0.2},)):
    asked = read_number(text)
    return citation(
        1, asked.text, id=number_id(asked, "x"), kind="number", outlet="", url="",
        authors=(), language="", result=result_of(asked, rows),
    )  # fmt: skip


def test_a_number_carries_the_statement_that_gives_it_again():
    """In each style; a fraction without digits that hang on the order of adding."""
    cited = number()

    assert all("share_between" in untexed(render([cited], style)) for style in STYLES)
    [found] = read_citations([render([cited], "csl-json")])
    assert found.facts["sql"] == (
        "from share_between(date '2026-01-01', date '2026-02-01')"
    )
    assert found.facts["result"] == '[{"share":0.3}]'
    assert verify_number(found, cited.title, cited.result, "w1").state == "same"
    other = result_of(cited.result.number, [{"share": 0.31}])
    assert "0.31" in verify_number(found, cited.title, other, "w2").why


def untexed(text):
    return text.replace(r"\_", "_")


def test_a_number_chooses_columns_and_rows():
    """The order of rows, and what was not chosen, make no other number."""
    rows = [
        {"company_id": "a", "share": 1.0, "n": 1},
        {"company_id": "o'b", "share": 2.0, "n": 2},
    ]
    asked = read_number(
        "SELECT share FROM share_between( date '2026-01-01' , '2026-02-01' )"
        " where company_id = 'o''b' and n=2;"
    )

    assert asked.text == (
        "select share from share_between('2026-01-01', '2026-02-01')"
        " where company_id = 'o''b' and n = 2"
    )
    assert read_number(asked.text) == asked
    assert read_number(asked.sql) == asked
    assert result_of(asked, rows).shown == '[{"share":2.0}]'
    whole = read_number("share_between('2026-01-01','2026-02-01')")
    assert result_of(whole, rows) == result_of(whole, rows[::-1])


@pytest.mark.parametrize(
    "text",
    [
        "share_between('2026-01-01', '2026-02-01'); drop table articles",
        "share_between((select 1), '2026-02-01')",
        "read_csv('/etc/passwd')",
        "share_between('2026-01-01')",
        "share_between('2026-13-01', '2026-02-01')",
        "movers_between('2026-01-01', '2026-02-01', 0)",
        "share_between('2026-01-01', '2026-02-01') where 1 = 1 or company_id = 'a'",
        "select * from share_between('2026-01-01', '2026-02-01')",
        "select count(*) from share_between('2026-01-01', '2026-02-01')",
        "share_between('2026-01-01', '2026-02-01') union from articles",
        "share_between('2026-01-01', '2026-02-01') where a = 'x' || 'y'",
        "s" * (LONGEST + 1),
        "",
    ],
)
def test_nothing_but_a_macro_with_its_days_is_a_number(text):
    """No text of a file is run: what is not read strictly is refused, with a sentence."""
    with pytest.raises(NumberError):
        read_number(text)


def test_a_number_without_its_column_or_a_row_is_refused():
    """The columns that there are are named."""
    asked = read_number("select nope from share_between('2026-01-01','2026-02-01')")
    with pytest.raises(NumberError, match="no column nope; it has share"):
        result_of(asked, [{"share": 1}])
    with pytest.raises(NumberError, match="gives no row"):
        result_of(asked, [])


def test_files_of_other_products_are_read():
    """Unknown fields, dates in words, notes as a program of references keeps them."""
    csl = json.dumps(
        [
            {
                "id": "http://zotero.org/1", "title": ["T"], "issued": {"raw": "2026-1-5"},
                "note": "tex.x: y\nsinowire-id: s0\nmine", "custom": {"a": [1]}, "URL": 5,
            },
            {"id": 4, "issued": {"date-parts": [["2026", 1]]}, "container-title": "J"},
            {"issued": "2026", "note": None},
        ]
    )  # fmt: skip
    ris = (
        "TY  - NEWS\nT1  - Long\n  title\nJF  - J\nY1  - 2026/01/05/\nXX  - ?\nUR  - u\n"
        "N1  - <p>sinowire-id: s0</p><p>sinowire-sql: a &lt; b</p>\nER  -\n\n\n"
    )

    one, two, three = read_citations([csl])
    [four] = read_citations(["\ufeff" + ris.replace("\n", "\r\n")])

    assert (one.id, one.title, one.day, one.url) == ("s0", "T", "2026-01-05", "5")
    assert (two.id, two.day, two.outlet) == ("4", "2026-01", "J")
    assert (three.id, three.day) == ("", "2026")
    assert (four.id, four.title, four.day) == ("s0", "Long title", "2026-01-05")
    assert four.facts["sql"] == "a < b"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("  \n", "is empty"),
        ("[]", "no citation"),
        ("@misc{x, title={y}}", "neither CSL-JSON nor RIS"),
        ("[1]", "citation 1 is no object"),
        ('[{"id": "a"}, {"id"', "ends within citation 2"),
        ('[{"id": "a"} oops]', "ends within citation 2"),
        ('[{"id": "a"}] [', "is not JSON"),
        ("[" + '{"a":' * 100_000, "nested too deeply"),
        ('[{"a": "' + "x" * 1_100_000, "no end within"),
        ("TY  - NEWS\nTI  - a\n", "citation 1 has no end"),
        ("TY  - NEWS\nTI  - a\nTY  - NEWS\nER  - \n", "citation 1 has no end"),
        ("TY  - NEWS\nER  - \nstray", "after citation 1"),
        ("TY  - NEWS\n" + "AU  - a\n" * 10_001, "more than 10,000 lines"),
        ("TY  - NEWS\nTI  - " + "x" * 2_000_000, "a line of more than"),
    ],
    ids=range(15),
)
def test_a_file_that_cannot_be_read_is_told_in_a_sentence(text, said):
    """Whatever is wrong with it, and with little of it in memory."""
    with pytest.raises(CitationError, match=said):
        for _ in read_citations(text[n : n + 65536] for n in range(0, len(text), 65536)):
            pass


def test_a_file_has_so_many_citations_at_most(monkeypatch):
    """What comes before the limit is read."""
    monkeypatch.setattr(read, "MOST", 2)
    some = read_citations(["[{},{},{}]"])

    assert len([next(some), next(some)]) == 2
    with pytest.raises(CitationError, match="more than 2 citations; cut it"):
        next(some)


HELD = Held(
    article_id="a", story_id="s", title="Newest", published_at=NOON,
    wordings=[
        Wording(NOON, headline_hash("First"), "h1"),
        Wording(NOON + timedelta(days=1), headline_hash("Newest"), "h2"),
    ],
    outlets=frozenset({"Daily"}), urls=frozenset({"https://a.example/1"}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "held", "state", "why"),
    [
        ({}, {}, "same", ""),
        ({"title": "First", "content_hash": "h1"}, {}, "rewritten", "2026-01-06: “Newest”"),
        ({"title": "First", "content_hash": ""}, {}, "rewritten", "2026-01-06"),
        ({}, {"gone_at": NOON}, "gone", "no more since 2026-01-05"),
        ({"title": "Newesd"}, {}, "differs", "here it is “Newest”"),
        ({"title": "First"}, {}, "differs", "hash is that of another wording"),
        ({"content_hash": "h3"}, {}, "differs", "no version has the hash “h3”"),
        ({"outlet": "Dailx"}, {}, "differs", "outlet “Dailx”; here it is “Daily”"),
        ({"url": "https://a.example/2"}, {}, "differs", "address"),
        ({"url": ""}, {}, "differs", "it has no address"),
        ({"published_at": NOON - timedelta(days=1)}, {}, "differs", "is “2026-01-05”"),
        ({"title": "Newesd"}, {"gone_at": NOON}, "differs", "headline"),
        ({}, {"title": None}, "same", ""),
        ({"title": "First", "content_hash": "h1"}, {"title": None}, "rewritten", "01-06"),
        ({"title": "Newesd"}, {"title": None}, "differs", "has the headline “Newesd”"),
    ],
)  # fmt: skip
def test_words_outlet_address_and_day_are_compared(change, held, state, why):
    """And the hash beside them, which alone would prove nothing."""
    made = citation(
        1, "Newest", content_hash="h2", outlet="Daily", url="https://a.example/1",
        published_at=NOON,
    )  # fmt: skip
    made = replace(made, **change)

    for style in ("csl-json", "ris"):
        [cited] = read_citations([render([made], style)])
        found = verify(cited, replace(HELD, **held), "UTC")

        assert (found.state, why in found.why) == (state, True), found.why
