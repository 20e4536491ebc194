"""Rows as text, for people and for scripts."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from rich.cells import cell_len

from transforms.text.tables import escape_json, printable, render_table

ROWS = [
    {"company_id": "alibaba", "name": "阿里巴巴", "stories": 34, "share": 0.2312},
    {"company_id": "smic", "name": "SMIC", "stories": None, "share": 1.2e-6},
]


def test_a_table_is_aligned_by_cells():
    """A Chinese character takes two cells, and every column still starts in one place."""
    head, rule, *body = render_table(ROWS).splitlines()

    assert head.split() == ["company_id", "name", "stories", "share"]
    assert set(rule) == {"─", " "}
    assert {cell_len(line) for line in (head, rule, *body)} == {cell_len(rule)}
    assert cell_len(body[0][: body[0].index("阿")]) == body[1].index("SMIC")


def test_numbers_stand_at_the_right_with_the_digits_that_matter():
    """Numbers are right-aligned, a tiny one keeps its digits, nothing is blank."""
    assert render_table(ROWS).splitlines()[2:] == [
        "alibaba     阿里巴巴       34    0.231",
        "smic        SMIC               1.2e-06",
    ]


def test_a_cell_cannot_break_the_line_or_the_terminal():
    """Line breaks and control codes become spaces; a long headline is cut to fit."""
    rows = [{"title": "a\nb\x1b[31m\tc"}, {"title": "汉" * 60}]

    _, _, first, second = render_table(rows).splitlines()

    assert first == "a b [31m c"
    assert second.endswith("…")
    assert cell_len(second) <= 72


def test_json_is_one_array_that_any_parser_reads():
    """Times are ISO 8601, what JSON cannot say is null, Chinese stays readable."""
    rows = [
        {
            "at": datetime(2026, 11, 24, 7, tzinfo=UTC),
            "day": date(2026, 11, 24),
            "clock": time(7, 30),
            "names": ["阿里", "腾讯"],
            "nested": {"when": date(2026, 1, 2), 3: {1}},
            "nan": float("nan"),
            "whole": Decimal(12),
            "part": Decimal("0.25"),
            "flag": True,
            "none": None,
            "raw": b"\x00\xff",
        }
    ]

    text = render_table(rows, "json")

    assert json.loads(text) == [
        {
            "at": "2026-11-24T07:00:00+00:00",
            "day": "2026-11-24",
            "clock": "07:30:00",
            "names": ["阿里", "腾讯"],
            "nested": {"when": "2026-01-02", "3": [1]},
            "nan": None,
            "whole": 12,
            "part": 0.25,
            "flag": True,
            "none": None,
            "raw": "00ff",
        }
    ]
    assert "阿里" in text


def test_csv_reads_back():
    """Lines end as the shell's do, quotes are doubled, and a reader gets the values."""
    rows = [{"title": 'He said "no",\nthen left', "n": 1}, {"title": None, "tags": ["a"]}]

    text = render_table(rows, "csv")

    assert text.startswith("title,n,tags\n")
    assert '"He said ""no"",\nthen left"' in text
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["title", "n", "tags"],
        ['He said "no",\nthen left', "1", ""],
        ["", "", '["a"]'],
    ]


@pytest.mark.parametrize(
    "title",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "＝1",
        "'=1",
        '=HYPERLINK("https://x.example")',
    ],
)
def test_no_text_is_a_formula_in_csv(title):
    """A headline of strangers gets an apostrophe, as spreadsheets themselves write it."""
    text = render_table([{"title": title}], "csv")

    assert list(csv.reader(io.StringIO(text, newline=""))) == [["title"], [f"'{title}"]]


def test_numbers_and_ordinary_text_stay_as_they_are_in_csv():
    """A negative number is a number, and an apostrophe alone begins no formula."""
    row = {
        "n": -1,
        "share": -0.5,
        "exact": Decimal("-2.5"),
        "title": "'Tis a - b",
        "at": None,
    }

    assert render_table([row], "csv").splitlines()[1] == "-1,-0.5,-2.5,'Tis a - b,"


def test_markdown_cannot_be_broken_by_a_value():
    """A pipe, a star or a line break in a headline stays inside its cell."""
    text = render_table([{"title": "a|b *c*\nd", "n": 5}], "markdown")

    assert text.splitlines() == ["| title | n |", "| --- | ---: |", r"| a\|b \*c\* d | 5 |"]


@pytest.mark.parametrize(
    ("shape", "expected"),
    [("json", "[]\n"), ("table", ""), ("csv", "\n"), ("markdown", "|  |\n|  |\n")],
)
def test_no_rows(shape, expected):
    """No rows are an empty result of each format."""
    assert render_table([], shape) == expected


def test_columns_name_a_result_without_rows():
    """A query that found nothing still has its columns."""
    assert render_table([], "csv", columns=["a", "b"]) == "a,b\n"
    assert render_table([], columns=["a", "b"]).splitlines()[0] == "a  b"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(timedelta(hours=26, minutes=3), "P1DT2H3M", id="days and hours"),
        pytest.param(timedelta(seconds=1.5), "PT1.5S", id="fractions"),
        pytest.param(timedelta(days=2), "P2D", id="whole days"),
        pytest.param(timedelta(0), "PT0S", id="nothing"),
        pytest.param(-timedelta(minutes=90), "-PT1H30M", id="negative"),
        pytest.param(False, "false", id="truth"),
        pytest.param([1.0, 2.5], "1, 2.5", id="a list, for eyes"),
        pytest.param({"a": 1}, '{"a": 1}', id="a structure"),
        pytest.param(float("inf"), "inf", id="infinity"),
        pytest.param(0.0, "0", id="zero"),
    ],
)
def test_values_for_eyes(value, expected):
    """Each kind of value has one way to be written."""
    assert render_table([{"v": value}]).splitlines()[2] == expected


def test_an_unknown_format_is_refused():
    """The message names the formats there are."""
    with pytest.raises(ValueError, match="table, json, csv, markdown"):
        render_table(ROWS, "xlsx")


HOSTILE = "red \x1b[31m \x9b2J bell\x07 \u202egpj.exe \u2066x\u2069 \x7f"


def test_nothing_steers_the_terminal():
    """Control sequences and changes of direction are shown as what they are: junk."""
    shown = printable(f"{HOSTILE}\nnext\tline\r\nover\rwritten")

    assert not set(shown) & set("\x1b\x9b\x07\u202e\u2066\u2069\x7f")
    assert shown.endswith("\nnext\tline\r\nover\ufffdwritten")
    for form in ("table", "markdown"):
        assert not set(render_table([{"a": HOSTILE}], form)) & set("\x1b\x9b\u202e\u2066")


def test_json_escapes_what_steers_a_terminal():
    """JSON on a terminal is harmless, and a script reads the same text from it."""
    text = render_table([{"a": HOSTILE}], "json")

    assert not set(text) & set("\x1b\x9b\x07\u202e\u2066\x7f")
    assert json.loads(text) == [{"a": HOSTILE}]
    assert escape_json('"中文"') == '"中文"'
