"""A brief as Markdown: whole, traceable, and not to be broken by a headline."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from brief_rows import answers
from builders import shipped_writing

from transforms.brief import compose_brief, render_markdown
from transforms.brief.render.text import escape, escape_url

DATA = Path(__file__).parents[2] / "data/brief"
NOW = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)


def markdown_of(data, period="day", language="en", **options):
    days = {"day": (24, 25), "week": (16, 23)}[period]
    since, until = (date(2026, 11, day) for day in days)
    return render_markdown(
        compose_brief(
            answers(data),
            shipped_writing(),
            period=period,
            since=since,
            until=until,
            as_of=None,
            now=NOW,
            language=language,
        ),
        **options,
    )


def sample(period="day", **changed):
    return json.loads((DATA / f"{period}.json").read_text(encoding="utf-8")) | changed


def test_the_front_page_comes_first():
    """Title, leading stories, what changed and policy; then the numbers, then queries."""
    text = markdown_of(sample(), show_queries=True)
    headings = [line for line in text.splitlines() if line.startswith(("# ", "## "))]

    assert headings[1:5] == [
        "## Leading stories",
        "## What changed",
        "## US–China and policy",
        "# The numbers",
    ]
    assert headings[-2:] == ["## Data note", "## Queries"]


def test_queries_are_for_those_who_ask():
    """A reader's Markdown has no SQL and no link to any."""
    text = markdown_of(sample())

    assert "select" not in text
    assert "query" not in text


def test_thin_coverage_stands_above_everything():
    """The notice is the first thing under the title."""
    text = markdown_of(sample(window=[{"stories": 100, "usual_stories": 400}]))

    assert text.splitlines()[2].startswith("> **Coverage is thin: 100 stories")


@pytest.mark.parametrize("period", ["day", "week"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_tables_are_whole(period, language):
    """Every row of a table has as many cells as its head."""
    lines = markdown_of(sample(period), period, language).splitlines()

    tables = [line for line in lines if line.startswith("|")]
    assert len(tables) > 10
    for above, below in pairwise(lines):
        if above.startswith("|") and below.startswith("|"):
            assert above.count(" | ") == below.count(" | ")


def test_each_section_ends_with_its_query():
    """A section links its query, and the appendix holds it in full."""
    text = markdown_of(sample(), show_queries=True)

    assert "[bursts](#query-bursts), [entrants](#query-entrants)</sub>" in text
    assert (
        '<a id="query-bursts"></a>\n\n### bursts\n\n```sql\nselect *\nfrom bursts' in text
    )
    assert text.count('<a id="query-bursts">') == 1


def test_a_query_cannot_end_its_own_fence():
    """SQL with backticks is fenced with more of them."""
    told = {"stories": sample()["stories"], "queries": {"stories": "select '````'"}}
    text = markdown_of(told, show_queries=True)

    assert "`````sql\nselect '````'\n`````" in text


def test_an_empty_section_is_left_out():
    """Nothing is padded: a section without rows has no heading."""
    headings = [line for line in markdown_of({}).splitlines() if line.startswith("#")]

    assert headings[1:] == ["## What changed"]


def test_folded_rows_are_counted():
    """Markdown cannot fold, so rows as usual are a number."""
    assert "*8 more close to their usual level*" in markdown_of(sample())


def test_a_chart_is_described():
    """In place of a picture stands the sentence that a screen reader would hear."""
    assert (
        "*Share of company-stories by week, groups with their brands. Stacked bars of 11"
        in (markdown_of(sample("week"), "week"))
    )


def test_sparklines_are_block_characters():
    """A month of counts is 28 characters, the highest day full, a day without low."""
    row = {"company_id": "byd", "name": "BYD", "stories": 8, "days": [0, 2, 4, 8]}

    assert "| ▁▃▅█ |" in markdown_of({"companies": [row]})


def test_a_headline_cannot_break_out():
    """Markdown, HTML and line breaks in a headline are shown, not obeyed."""
    story = {
        "headline": "# [x](http://a) | <script>`*_\n> quoted",
        "url": "https://news.example/a_(b)|c d>",
        "publishers": 2,
    }

    alert = {"title": story["headline"], "url": story["url"]}
    text = markdown_of({"stories": [story], "alerts": [alert]})

    assert (
        r"[**\# \[x\](http://a) \| \<script\>\`\*\_ \> quoted**]"
        "(https://news.example/a_%28b%29%7Cc%20d%3E)"
    ) in text
    assert "<script>" not in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("- a", r"\- a", id="a list mark at the start"),
        pytest.param("1. a", r"\1. a", id="a number at the start"),
        pytest.param("5-6% up - or so", "5-6% up - or so", id="harmless inside"),
        pytest.param(" · ", " · ", id="spaces around are kept"),
        pytest.param(" ", " ", id="a space alone is kept"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_escape(text, expected):
    """Only what Markdown would act on is escaped."""
    assert escape(text) == expected


def test_chinese_sentences_end_in_chinese():
    """The stops between what a chart is and what it says, and before queries, too."""
    text = markdown_of(sample("week"), "week", "zh", show_queries=True)

    assert "每周公司事件份额（集团含旗下品牌）。" in text
    assert "<sub>背后的查询：[stories]" in text


def test_an_empty_side_of_a_board_says_so():
    """One side without rows is said, not left blank."""
    text = markdown_of(sample(policy=sample()["policy"][:1]))

    assert "### United States and Europe\n\nNothing notable." in text


def test_an_address_holds_no_break():
    """White space cannot end an address early."""
    assert escape_url("https://a.example/x\ny(z)") == "https://a.example/xy%28z%29"
