"""The long views of a weekly brief: what they show, and when they say nothing."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from brief_rows import answers
from builders import shipped_writing

from transforms.brief import compose_brief, render_html, render_markdown
from transforms.brief.model import Chart, Mark, Section, Table, plain

DATA = Path(__file__).parents[2] / "data/brief"
NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
WEEK = {"since": date(2026, 11, 16), "until": date(2026, 11, 23)}
LAST = date(2026, 11, 16)


def rows(**changed):
    return json.loads((DATA / "week.json").read_text(encoding="utf-8")) | changed


def brief_of(data, **options):
    return compose_brief(
        answers(data),
        shipped_writing(),
        period="week",
        as_of=None,
        now=NOW,
        **WEEK | options,
    )


def section(data, key, **options):
    """Return a section, empty where it was left out."""
    brief = brief_of(data, **options)
    every = (*brief.front, *brief.sections)
    return next((part for part in every if part.key == key), Section(key, ""))


def heads(table):
    return [column.label for column in table.columns]


def cells(table):
    return [
        [(c.text if isinstance(c, Mark) else plain(c)).replace("\xa0", " ") for c in row]
        for row in table.rows
    ]


def notes(part):
    return [plain(note) for note in part.notes]


def theme_weeks(counts, *, of=100, theme="crackdown"):
    """Return rows of a theme, the last week last."""
    return [
        {"theme": theme, "week": LAST - timedelta(weeks=n), "stories": stories,
         "all_stories": of}
        for n, stories in zip(reversed(range(len(counts))), counts, strict=True)
    ]  # fmt: skip


LONG_VIEWS = (
    "matrix", "themes", "overseas", "languages", "crackdown", "firsts", "ahead",
)  # fmt: skip


def test_a_week_has_the_long_views_in_order():
    """Each is in the brief of a week, none in that of a day."""
    brief = brief_of(rows())
    keys = [s.key for s in (*brief.sections, *brief.front)]
    day = compose_brief(answers(rows()), shipped_writing(), as_of=None, now=NOW, **WEEK)

    assert [key for key in keys if key in LONG_VIEWS] == list(LONG_VIEWS)
    assert not {s.key for s in day.sections} & set(LONG_VIEWS)
    assert all(section(rows(), key).queries for key in LONG_VIEWS)


@pytest.mark.parametrize("key", LONG_VIEWS)
def test_without_rows_there_is_nothing_notable(key):
    """No rows, no table, no chart, no remark."""
    assert section({}, key).blocks == section({}, key).notes == ()


def test_the_matrix_is_a_share_within_a_company():
    """Topics down, groups across, the busiest first; fewer than three stories are blank."""
    part = section(rows(), "matrix")
    [table] = part.blocks

    assert heads(table) == ["Topic", "Alibaba", "Tencent", "BYD", "Huawei"]
    found = {row[0]: row[1:] for row in cells(table)}
    assert next(iter(found)) == "AI models"
    assert found["AI models"] == ["30 %", "39 %", "", "26 %"]
    assert found["cloud"] == ["12 %", "", "", ""]
    assert found["Electric vehicles"] == ["", "", "88 %", "9.7 %"]
    levels = [cell.level for cell in table.rows[0][1:]]
    assert levels == pytest.approx([22 / 74, 20 / 51, 0, 8 / 31])
    assert notes(part)[0].startswith("Groups with at least 10 stories")


def test_no_share_is_taken_of_a_few_stories():
    """Should a company of nine stories come, its cells stay blank."""
    row = {"company_id": "byd", "topic_id": "ev", "stories": 5, "company_stories": 9}

    [table] = section({"matrix": [row]}, "matrix").blocks

    assert table.rows[0][1] == Mark("", 0.0, "heat")


def test_themes_are_parts_of_all_stories():
    """Weeks go on a common axis, one without rows is a gap; the table has the last."""
    chart, table = section(rows(), "themes").blocks

    assert chart.kind == "themes"
    assert len(chart.series) == 8
    assert (len(chart.positions), chart.positions[-1]) == (26, "16 Nov")
    assert len({bar.bar for bar in chart.bars}) == 25
    assert chart.alt.startswith("Small lines of 26 weeks. Highest: ")
    assert cells(table)[0] == ["Start-up boom", "3", "1.2 %", "7.0"]


def test_a_week_of_few_stories_has_no_part():
    """Of nine stories no share is taken, and the mean needs four weeks."""
    data = {
        "themes": theme_weeks([1, 2, 3]) + theme_weeks([9, 9, 9], of=9, theme="support")
    }

    chart, table = section(data, "themes").blocks

    assert {bar.series for bar in chart.bars} == {"Crackdown"}
    assert cells(table)[1] == ["Crackdown", "3", "3.0 %", ""]
    assert cells(table)[2][:2] == ["Supportive policy", "hardly covered by these feeds"]


def test_a_theme_that_feeds_hardly_cover_is_no_zero():
    """Neither in the table of the week told nor in the line, which ends before it."""
    [*before, last] = theme_weeks([9, 8, 0])
    chart, table = section(
        {"themes": [*before, last | {"is_hardly_covered": True}]}, "themes"
    ).blocks

    assert cells(table)[1] == ["Crackdown", "hardly covered by these feeds", "", ""]
    assert [bar.stories for bar in chart.bars] == [9, 8]


def test_one_week_makes_no_line():
    """A table is enough for one week, and nothing for a week without a story."""
    assert [type(b) for b in section({"themes": theme_weeks([4])}, "themes").blocks] == [
        Table
    ]
    assert section({"themes": theme_weeks([0, 0])}, "themes").blocks == ()


def test_themes_end_with_the_week_told():
    """The week that has just begun, and a theme without a name, are left out."""
    more = [
        {
            "theme": "crackdown",
            "week": LAST + timedelta(7),
            "stories": 50,
            "all_stories": 60,
        },
        {"theme": "unknown", "week": LAST, "stories": 50, "all_stories": 60},
    ]

    chart, _ = section({"themes": theme_weeks([1, 2]) + more}, "themes").blocks

    assert [bar.value for bar in chart.bars] == [1.0, 2.0]


def test_dots_are_brands_by_regions():
    """Regions in a fixed order, those that nobody names left out; areas as the counts."""
    [table] = section(rows(), "overseas").blocks

    assert heads(table) == [
        "Company", "Europe", "North America", "Latin America", "Middle East",
    ]  # fmt: skip
    assert cells(table) == [
        ["BYD", "9", "", "4", ""],
        ["Roborock", "3", "2", "", ""],
        ["Alibaba", "", "", "", "1"],
    ]
    levels = [table.rows[0][n].level for n in (1, 2, 3)]
    assert levels == pytest.approx([1.0, 0.0, 2 / 3])


def test_small_dots_stay_small():
    """Where nobody has five stories no dot has the full size."""
    row = {"company_id": "byd", "region": "europe", "stories": 1}

    [table] = section({"overseas": [row]}, "overseas").blocks

    assert table.rows[0][1].level == pytest.approx(0.2**0.5)


def test_languages_diverge_from_an_equal_share():
    """Half as much again in English in all: so much is no news of one company."""
    chart, table = section(rows(), "languages").blocks

    assert [bar.bar for bar in chart.bars] == ["BYD", "Alibaba", "Huawei"]
    assert [round(bar.value, 2) for bar in chart.bars] == [0.98, 0.41, -1.74]
    assert [bar.stories for bar in chart.bars] == [120, 240, 130]
    assert cells(table)[0] == ["BYD", "90", "30", "1.98 ×"]
    assert "lowest: Huawei 0.30 ×" in chart.alt


@pytest.mark.parametrize(("en", "zh", "shown"), [(95, 5, 1), (96, 4, 0), (4, 96, 0)])
def test_a_ratio_needs_five_stories_on_its_smaller_side(en, zh, shown):
    row = {"company_id": "byd", "en": en, "zh": zh, "all_en": 800, "all_zh": 800}

    assert len(section({"languages": [row]}, "languages").blocks) == 2 * shown


def test_both_ends_of_many_companies_are_drawn():
    """Eight that are told more in English, eight that are told more in Chinese."""
    told = [
        {"company_id": f"c{n:02}", "en": n + 5, "zh": 40 - n, "all_en": 800, "all_zh": 800}
        for n in range(17)
    ]

    chart, _ = section({"languages": told}, "languages").blocks

    assert [bar.bar for bar in chart.bars[::15]] == ["c16", "c00"]
    assert len(chart.bars) == 16


def test_one_language_alone_cannot_be_compared():
    """Without ten stories in Chinese the ratio says nothing of a company."""
    told = [{"company_id": "byd", "en": 50, "zh": 0, "all_en": 90, "all_zh": 9}]

    assert section({"languages": told}, "languages").blocks == ()


def test_the_crackdown_has_ticks_over_days():
    """Every day is on the axis; the newest event is on top of the table."""
    chart, table = section(rows(), "crackdown").blocks

    assert (len(chart.positions), chart.positions[0]) == (56, "28 Sep")
    assert [(bar.bar, bar.value) for bar in chart.bars] == [
        ("1 Oct", 1), ("16 Oct", 1), ("31 Oct", 1), ("31 Oct", -2), ("15 Nov", 1),
    ]  # fmt: skip
    assert chart.alt == "Bars of 56 days: 4 acts of rules and penalties, 2 acts of support."
    assert cells(table)[0] == ["15 Nov", "1", "0", "网信办约谈平台"]


def test_one_day_of_acts_is_not_drawn():
    """It is a table; none with an act is no table, whatever is told of it."""
    quiet = {"day": "2026-11-15", "stories": 2, "events": 0}
    ruled = quiet | {"events": 1, "headline": "Fined"}
    helped = quiet | {"day": "2026-11-14", "supports": 1}

    shown = [
        [type(block) for block in section({"crackdown": days}, "crackdown").blocks]
        for days in ([quiet], [ruled], [ruled, helped])
    ]

    assert shown == [[], [Table], [Chart, Table]]


def test_the_league_needs_ten_shared_stories():
    """By the share of firsts that is sure; nine of nine is no share."""
    league, spread = section(rows(), "firsts").blocks

    assert cells(league) == [
        ["Capital Wire", "140", "57 %", "60", "31", "52 %", "39–64 %", "3 h", "2.0 %"],
        ["Ledger", "12", "0 %", "12", "7", "58 %", "32–81 %", "", "0 %"],
        ["南城日报", "90", "50 %", "45", "12", "27 %", "16–41 %", "30 min", "31 %"],
    ]
    assert cells(spread)[0] == ["Watchdog asks about cameras in malls", "8", "14", "3 h"]
    assert cells(spread)[1][3] == "24 min"


def test_what_is_due_is_told_by_its_day():
    """The day, or the week where only that is named; nobody says that it was checked."""
    part = section(rows(), "ahead")
    [table] = part.blocks

    assert cells(table) == [
        ["week of 23 Nov", "hearing", "Senate hearing on chips next week", "Capital Wire"],
        ["24 Nov", "in force", "新规11月24日起施行", "南城日报"],
        ["26 Nov", "listing", "Lumen Robotics IPO set for Nov 26", "Ledger"],
    ]
    assert "not checked" in notes(part)[0]


def test_the_long_views_in_chinese():
    """Themes and regions have Chinese names."""
    brief = brief_of(rows(), language="zh")
    found = {s.key: s.blocks for s in (*brief.sections, *brief.front)}

    assert found["themes"][0].series[1] == "监管整治"
    assert heads(found["overseas"][0])[1:3] == ["欧洲", "北美"]
    assert cells(found["ahead"][0])[0][:2] == ["11月23日当周", "听证与庭审"]


def test_every_chart_is_drawn_with_its_gaps():
    """A week without rows breaks the line."""
    html = render_html(brief_of(rows()))

    assert html.count('class="chart wide"') == html.count('class="chart narrow"') == 5
    themes = html[html.index('id="themes"') : html.index('id="companies"')]
    assert themes.count(">Crackdown</text>") == 2


def test_cells_are_seen_and_read():
    """A cell's strength is a style, its number stays text; Markdown has the number."""
    html = render_html(brief_of(rows()))
    text = render_markdown(brief_of(rows()))

    assert (
        'data-label="Alibaba" class="mark heat" style="--level: 0.30">30\xa0%</td>' in html
    )
    assert '<span class="dot" style="--level: 1.00"></span>9</span></td>' in html
    assert 'data-label="Middle East" class="mark"></td>' in html
    assert "| **BYD** | 9 |  | 4 |  |" in text
    assert "| **AI models** | 30\xa0% | 39\xa0% |  | 26\xa0% |" in text
