"""Stories are the same in whatever order a batch comes in, down to the file."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from builders import shipped_beat
from either_kind import writer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transforms.stories.features import actor_keys

pytestmark = pytest.mark.slow

LEXICON = shipped_beat().concepts
# Two outlets and more on each event, in both languages, within hours of each other.
TOLD = [
    ("Baidu to spin off its Kunlun chip unit in Hong Kong listing", "en", 1),
    ("Baidu's chip unit Kunlun files for Hong Kong listing", "en", 3),
    ("百度昆仑芯拟在香港分拆上市", "zh", 0),
    ("百度宣布分拆昆仑芯赴港上市", "zh", 2),
    ("Roborock reports 42.5% jump in first-half revenue to 7.9 billion yuan", "en", 5),
    ("Roborock first-half revenue rises 42.5% to 7.9 billion yuan", "en", 6),
    ("石头科技上半年营收79亿元，同比增长42.5%", "zh", 4),
    ("石头科技：上半年营收同比增长42.5%至79亿元", "zh", 7),
    ("Regulator fines three delivery platforms over rider contracts", "en", 2),
    ("Three delivery platforms fined by regulator over rider contracts", "en", 2),
    ("早报：百度分拆昆仑芯；石头科技营收增长", "zh", 8),
    ("Shares close higher in quiet trading", "en", 9),
]
# A firm's long name is all that these share.
NAMED = [
    ("石头科技股价盘中涨逾9%，机构上调海外销量预期", "zh", 1),
    ("北京发布机器人出海行动方案，石头科技等20家企业参与", "zh", 2),
]


def line(number):
    title, language, hour = (TOLD + NAMED)[number]
    return json.dumps(
        {
            "url": f"https://x.example/{number}",
            "title": title,
            "language": language,
            "publisher": f"Outlet {number}",
            "published": f"2026-08-04T{hour:02}:30Z",
        }
    )


@pytest.fixture
def stories_of(home, sinowire):
    """Import batches into a warehouse of their own; return the stories as sets of links."""

    def stories(*batches):
        for old in (home / "data").glob("*"):
            if old.is_file():
                old.unlink()
        for batch in batches:
            (home / "batch.jsonl").write_text("\n".join(map(line, batch)), encoding="utf-8")
            assert sinowire("import", home / "batch.jsonl")[0] == 0
        with duckdb.connect(str(home / "data" / "sinowire.duckdb"), read_only=True) as con:
            found = con.execute(
                "select story_id, list(url order by url) from articles group by 1"
            )
            return dict(found.fetchall())

    return stories


@given(order=st.permutations(range(len(TOLD))))
@settings(
    max_examples=2,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_order_of_a_batch_does_not_matter(stories_of, order):
    """Neither to an empty warehouse nor beside what is known; ids are the same too."""
    known = [number for number in range(len(TOLD)) if number % 3 == 0]
    new = [number for number in order if number % 3]

    assert stories_of(order) == stories_of(range(len(TOLD)))
    assert stories_of(known, new) == stories_of(known, sorted(new))


def test_the_events_are_told_apart(stories_of):
    """It is not that all were one story, or none."""
    sizes = sorted(map(len, stories_of(range(len(TOLD))).values()))

    assert sizes[:2] == [1, 1]
    assert sizes[-1] >= 3
    assert len(sizes) <= 6


def test_a_name_alone_joins_nothing(stories_of):
    """Neither within a batch nor beside what is known."""
    share, plan = range(len(TOLD), len(TOLD) + len(NAMED))

    assert len(stories_of([share, plan])) == len(NAMED)
    assert len(stories_of([share], [plan])) == len(NAMED)


def test_a_stored_headline_is_met_by_its_firm(home, sinowire):
    """In another language, a run later, with no other key in common."""

    def imported(number):
        (home / "batch.jsonl").write_text(line(number), encoding="utf-8")
        assert sinowire("import", home / "batch.jsonl")[0] == 0

    imported(0)
    with writer(home) as con:
        keys = list(actor_keys("", ["baidu"], LEXICON, is_chinese=False))
        con.execute("update articles set story_keys = ?", [keys])
    imported(3)

    with writer(home) as con:
        assert con.execute("select articles, languages from stories").fetchall() == [
            (2, ["en", "zh"])
        ]


def test_one_of_a_column_joins_no_story(home, sinowire):
    """What an outlet has under one name every day is no telling of another's event."""
    now = datetime.now(UTC)
    told = "百度昆仑芯拟在香港分拆上市"

    def imported(*rows):
        lines = [
            json.dumps(
                {
                    "url": f"https://x.example/{outlet}/{title}",
                    "title": title,
                    "publisher": outlet,
                    "published": (now - timedelta(days=ago)).isoformat(),
                }
            )
            for title, outlet, ago in rows
        ]
        (home / "batch.jsonl").write_text("\n".join(lines), encoding="utf-8")
        assert sinowire("import", home / "batch.jsonl")[0] == 0

    imported(
        *((f"{word}地开出新店 | 夜话", "甲报", n) for n, word in enumerate("东南西北中", 1))
    )
    imported(
        (told, "乙报", 0.2),
        (f"{told} | 夜话", "甲报", 0.1),
        (f"{told} | 夜话", "丙报", 0.1),
    )

    asked = (
        "select list(publisher order by publisher) from articles"
        " where title like ? group by story_id"
    )
    with writer(home) as con:
        found = con.execute(f"{asked} order by all", [f"{told}%"]).fetchall()
    assert found == [(["丙报", "乙报"],), (["甲报"],)]
