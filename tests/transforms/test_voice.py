"""The picture of trends: lines of firms over weeks, told apart and named."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from builders import CREATED

from transforms.brief.render.charts import WIDTHS, draw_alone, draw_charts
from transforms.brief.render.shapes import SIZE, width_of
from transforms.pages.render import DayBar, draw_bars, draw_line
from transforms.pages.tables import shares
from transforms.pages.voice import MOST, WeekVoice, chart, points, table, week_starts
from transforms.pages.words import PageWords
from transforms.words import NBSP

LAST = date(2026, 11, 29)
WEEKS = week_starts(LAST, 4)
LONG = "A Very Long Name of a Semiconductor Maker"
NAMES = {"a": ("Huawei <script>", "华为"), "b": (LONG, "")}
LABELS = re.compile(r'<text x="([\d.]+)" y="([\d.]+)" text-anchor="start"[^>]*>([^<]*)')
BARS = re.compile(r'<rect(?: class="(\w+)")? x="(\d+)" y="[\d.]+" width="3" height="(\d+)"')
SVG = "{http://www.w3.org/2000/svg}"


def words(language="en"):
    return PageWords(language=language, zone=ZoneInfo("UTC"), names=NAMES, until=CREATED)


def row(firm, week, stories, share, **more):
    ends = {"low": share / 2, "high": share * 2} | more
    return WeekVoice(
        week=week, company_id=firm, stories=stories, share=share, is_peer=False, **ends
    )


# Of the second week nothing is known; in the third others alone were told of.
ROWS = (
    *(row("a", week, 3, 0.3) for week in (WEEKS[0], WEEKS[3])),
    *(row("b", week, 7, 0.7) for week in (WEEKS[0], WEEKS[2], WEEKS[3])),
)


def drawn(firms, rows=ROWS, language="en"):
    made = points(words(language), rows, firms, WEEKS)
    return chart(words(language), made, WEEKS), made


def test_nothing_known_is_another_thing_than_none():
    """None is a share of 0 with what it may be at most; what is not known has no number."""
    picture, made = drawn(["a"])
    assert [point.share for point in made] == [0.3, None, 0.0, 0.3]
    assert [point.high for point in made][1:3] == [None, pytest.approx(0.354, abs=0.001)]
    cells = [row[1][0].text for row in table(words(), made, WEEKS).rows]
    assert [cell.replace(NBSP, " ") for cell in cells] == [
        "30.0 % (15.0–60.0)",
        "0.0 % (0.0–35.4)",
        "no data",
        "30.0 % (15.0–60.0)",
    ]
    for svg in draw_charts(picture, "x"):
        way = re.search(r'<path d="(M[^"]*)"', svg)[1]
        assert way.count("M") == 2, "a gap where nothing is known"
    small = shares(words(), ROWS, WEEKS)
    assert {each.link.text: each.values for each in small} == {
        "Huawei <script>": (429, None, 0, 429),
        LONG: (1000, None, 1000, 1000),
    }


def test_every_line_is_named_at_its_end_and_no_name_lies_over_another():
    """Whatever the language and width, also of lines that end at one point."""
    firms = [f"f{n}" for n in range(MOST)]
    rows = [row(firm, week, 5, 0.1) for firm in firms for week in WEEKS]
    for language in ("en", "zh"):
        picture, _ = drawn([*firms[:-1], "b"], [*rows, *ROWS], language)
        for svg, width in zip(draw_charts(picture, "x"), WIDTHS.values(), strict=True):
            texts = re.findall(
                r'<text x="([\d.]+)" y="([\d.]+)" text-anchor="start"[^>]*>([^<]*)', svg
            )
            places = sorted(float(y) for _, y, _ in texts)
            assert all(b - a >= SIZE for a, b in pairwise(places))
            assert all(float(x) + width_of(text) <= width + 4 for x, _, text in texts)
            said = " ".join(text for *_, text in texts)
            assert all(name.split()[-1] in said for name in picture.series)
            assert "…" not in said
    assert len(set(re.findall(r'stroke-dasharray="([^"]*)"', svg))) == MOST - 1


def test_alone_it_is_a_document_in_colours_of_its_own():
    """For a slide: no variable of a page, no style, and names stay text."""
    picture, _ = drawn(["a", "b"])
    root = ET.fromstring(draw_alone(picture))
    assert root.tag == f"{SVG}svg"
    assert "var(" not in draw_alone(picture)
    assert "style" not in draw_alone(picture)
    assert "<script>" in "".join(text.text or "" for text in root.iter(f"{SVG}text"))
    assert "Huawei <script> 30.0" in root.find(f"{SVG}desc").text


def test_weeks_end_with_the_last_day():
    """Seven days each, whichever day of the week that is."""
    assert WEEKS[-1] + timedelta(days=6) == LAST
    assert [b - a for a, b in pairwise(WEEKS)] == [timedelta(weeks=1)] * 3


def test_what_is_not_known_what_is_none_and_what_is_little_look_different():
    """Nothing, the ground line, and a little more than that; on the scale asked for."""
    drawn = draw_line([None, 0, 1, 50, 100], "days", high=100)
    bars = BARS.findall(drawn)
    assert bars == [
        ("none", "4", "1"),
        ("", "8", "2"),
        ("", "12", "10"),
        ("last", "16", "20"),
    ]
    days = [DayBar(value=value, label="", href="/x") for value in (None, 0, 2)]
    assert draw_bars(days).count('<rect class="bar') == 2
