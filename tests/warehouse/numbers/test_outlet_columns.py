"""Columns of outlets: headlines that repeat one form, whatever they are called."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from brief_rows import asked_of

from warehouse.news.stories import heads_of, of_columns
from warehouse.numbers.trends import refresh_columns

NOON = datetime(2026, 8, 4, 12, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("【芯事】甲公司扩产", "芯事"),
        ("甲公司扩产，乙公司跟进 | 园区夜话", "园区夜话"),
        ("园区夜话｜甲公司扩产", "园区夜话"),
        ("值得一试「工具箱巡礼」", "工具箱巡礼"),
        ("南向资金追踪：甲公司获净买入", "南向资金追踪"),
        ("视野第72期 | 三种写法", "视野第#期"),
        ("Harbour Report: three launches and a scrub", "Harbour Report"),
        # Who speaks stands before a colon too, and what is news has a label of its own.
        ("外交部：已提出交涉", ""),
        ("甲公司：上半年净利增长", ""),
        ("Jane Roe: we will build it", ""),
        ("甲公司获数千万元融资，专注光学 | 36氪首发", ""),
        ("Exclusive: Lumo to buy Vent", ""),
        ("Show HN: a tool", ""),
        ("甲公司发布新品", ""),
    ],
)
def test_the_form_of_a_headline(warehouse, title, label):
    """A name in brackets, at a bar, or one that is called as columns are."""
    [(found,)] = warehouse.execute("select column_labels($1)", [title]).fetchall()

    assert label in found if label else not found


WORDS = "甲乙丙丁戊己"


def told(label, days, a_day=1, publisher="甲报"):
    return [
        {
            "article_id": f"{publisher}{label}{day}-{n}",
            "story_id": f"s{publisher}{label}{day}-{n}",
            "title": f"{WORDS[day]}公司扩产，{WORDS[n]}公司跟进 | {label}",
            "publisher": publisher,
            "language": "zh",
            "published_at": NOON - day * DAY,
        }
        for day in range(days)
        for n in range(a_day)
    ]


@pytest.fixture
def columns(warehouse, load):
    """A daily column, a weekly one that is young, a label of news, and another outlet's."""
    load(
        warehouse,
        *told("夜话", 6),
        *told("周话", 4),
        *told("前线", 6, 3),
        {
            "article_id": "other",
            "title": "丁 | 夜话",
            "publisher": "乙报",
            "published_at": NOON,
        },
    )
    refresh_columns(warehouse, until=NOON.date())
    return warehouse


def test_a_form_on_five_days_is_a_column_of_its_outlet(columns):
    """Four days are too few, and what comes thrice a day is a label."""
    found = columns.execute("from outlet_columns").fetchall()

    assert found == [("甲报", "夜话", 6, 6)]


def test_a_column_leads_nothing_and_nothing_joins_it(columns, make_article):
    """It is no candidate of the front page, nor one that others are compared with."""
    new = [
        make_article(article_id=key, title="戊公司扩产 | 夜话", publisher=publisher)
        for key, publisher in (("x", "甲报"), ("y", "乙报"))
    ]
    period = {"since": NOON - HOUR, "until": NOON + HOUR}
    stories = {row["story_id"] for row in asked_of(columns, **period)["stories"]}
    seqs = [n for (n,) in columns.execute("select seq from articles").fetchall()]
    heads = heads_of(columns, seqs, NOON - 9 * DAY, NOON + DAY, heads=3).values()

    assert of_columns(columns, new) == {"x"}
    assert "s甲报夜话0-0" not in stories
    assert "s甲报周话0-0" in stories
    assert not [
        head for head in heads if head.title.endswith("夜话") and head.publisher == "甲报"
    ]
