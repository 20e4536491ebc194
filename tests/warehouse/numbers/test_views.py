from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta

import pytest

from transforms.models import Mention
from transforms.models.findings import Findings
from warehouse.news.articles import places
from warehouse.news.coverage import refresh_all_coverage
from warehouse.news.findings import read, replace_findings, sync_watchlist
from warehouse.runs import set_reporting_zone

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def watched(warehouse, make_company):
    """ByteDance with its brand TikTok, Alibaba, a foreign company and a regulator."""
    sync_watchlist(
        warehouse,
        [
            make_company("bytedance"),
            make_company("tiktok", kind="brand", parent_id="bytedance"),
            make_company("alibaba"),
            make_company("nvidia", kind="foreign_company"),
            make_company("cac", kind="regulator"),
        ],
        [],
        [],
    )
    return warehouse


def rows(con, sql):
    return con.execute(sql).fetchall()


@pytest.mark.parametrize("session", ["UTC", "America/New_York", "Pacific/Auckland"])
def test_days_are_those_of_the_reporting_zone(watched, load, session):
    """23:30 UTC on Sunday is Monday in Shanghai, whatever zone a session is set to."""
    sunday_night = datetime(2026, 8, 2, 23, 30, tzinfo=UTC)
    load(
        watched,
        {
            "article_id": "a1",
            "published_at": sunday_night,
            "companies": ["alibaba"],
            "topics": ["chips"],
        },
    )
    watched.execute(f"set TimeZone = '{session}'")

    assert rows(watched, "select day, week from company_coverage") == [
        (date(2026, 8, 3), date(2026, 8, 3))
    ]
    assert rows(watched, "select day from company_days") == [(date(2026, 8, 3),)]
    assert rows(watched, "select day from topic_days") == [(date(2026, 8, 3),)]
    assert rows(watched, "select day from company_group_days") == [(date(2026, 8, 3),)]
    assert rows(watched, "select week from share_of_voice") == [(date(2026, 8, 3),)]

    set_reporting_zone(watched, "UTC")
    assert rows(watched, "select day, week from company_coverage") == [
        (date(2026, 8, 2), date(2026, 7, 27))
    ]


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("America/New_York", "2026-03-08 04:59:59+00", date(2026, 3, 7)),
        ("America/New_York", "2026-03-08 05:00:00+00", date(2026, 3, 8)),
        ("America/New_York", "2026-03-09 03:59:59+00", date(2026, 3, 8)),
        ("America/New_York", "2026-03-09 04:00:00+00", date(2026, 3, 9)),
        ("Asia/Beirut", "2026-03-28 21:59:59+00", date(2026, 3, 28)),
        ("Asia/Beirut", "2026-03-28 22:00:00+00", date(2026, 3, 29)),
        ("Asia/Kathmandu", "2026-08-03 18:14:59+00", date(2026, 8, 3)),
        ("Asia/Kathmandu", "2026-08-03 18:15:00+00", date(2026, 8, 4)),
        ("Asia/Shanghai", "2026-08-03 15:59:59.999+00", date(2026, 8, 3)),
        ("Asia/Shanghai", "1969-12-31 15:59:59.999+00", date(1969, 12, 31)),
    ],
)
def test_days_where_clocks_change(watched, load, zone, moment, day):
    """A day is that of the zone's own clock, to the last moment of it."""
    set_reporting_zone(watched, zone)
    load(watched, {"article_id": "a1", "published_at": datetime.fromisoformat(moment)})

    assert rows(watched, "select day from article_days") == [(day,)]


def test_company_days_count_articles_stories_and_outlets(watched, load, noon):
    """Copies of a story are articles but not stories; languages are apart."""
    load(
        watched,
        {"article_id": "a1", "story_id": "s1", "companies": ["tiktok", "alibaba"]},
        {
            "article_id": "a2",
            "story_id": "s1",
            "companies": ["tiktok"],
            "language": "zh",
            "publisher": "Other",
        },
        {"article_id": "a3", "story_id": "s2", "companies": ["tiktok"], "language": "fr"},
        {"article_id": "a4", "companies": ["tiktok"], "is_digest": True},
        {"article_id": "a5", "companies": ["tiktok"], "published_at": noon + DAY},
    )

    assert rows(watched, "from company_days order by all") == [
        (date(2026, 8, 4), "alibaba", 1, 1, 1, 1, 0),
        (date(2026, 8, 4), "tiktok", 3, 2, 2, 1, 1),
        (date(2026, 8, 5), "tiktok", 1, 1, 1, 1, 0),
    ]


def test_company_counts_once_however_often_an_article_names_it(watched, load):
    """Title and summary are one naming; content does not count at all."""
    load(watched, {"article_id": "a1", "companies": ["alibaba"]})
    at = places(watched, ["a1"])
    [named] = read(watched, Mention, at.values())
    replace_findings(
        watched,
        Findings(
            [
                named,
                named._replace(field="summary"),
                named._replace(field="content", company_id="tiktok"),
            ]
        ),
        at,
    )

    assert rows(watched, "select company_id, articles from company_days") == [
        ("alibaba", 1)
    ]
    assert rows(watched, "select company_id, articles from company_group_days") == [
        ("alibaba", 1)
    ]


def test_mention_that_nobody_marked_counts(watched, load):
    """Rows of somebody's own SQL, which knows nothing of repeats, are not lost."""
    load(watched, {"article_id": "a1"})
    watched.execute("""
        insert into mentions
            (article_id, company_id, field, alias, start, length, rules_version)
        values ('a1', 'alibaba', 'summary', 'Alibaba', 0, 7, 'mine');
        insert into mentions
        values
            ('a1', 'tiktok', 'title', 'TikTok', 0, 6, 'mine', null, null, null, null, null);
    """)
    refresh_all_coverage(watched)

    for view in ("company_days", "company_weeks", "company_group_days"):
        assert rows(watched, f"select sum(articles) from {view}") == [(2,)]


def test_groups_count_an_article_on_two_brands_once(watched, load):
    """Brands roll up to the top parent without counting twice."""
    load(
        watched,
        {"article_id": "a1", "companies": ["tiktok", "bytedance"]},
        {"article_id": "a2", "companies": ["bytedance"], "story_id": "sa1"},
        {"article_id": "a3", "companies": ["left-the-watchlist"]},
    )

    assert rows(
        watched,
        "select company_id, articles, stories from company_group_days order by all",
    ) == [("bytedance", 2, 1), ("left-the-watchlist", 1, 1)]


def test_topic_days_keep_topics_and_events_apart(watched, load):
    """A topic and an event type of one name are two subjects."""
    load(
        watched,
        {"article_id": "a1", "topics": ["ipo-listing"], "events": ["ipo-listing"]},
        {"article_id": "a2", "topics": ["ipo-listing"]},
        {"article_id": "a3", "topics": ["ipo-listing"], "is_digest": True},
    )

    assert rows(watched, "select topic_id, kind, articles from topic_days order by 2") == [
        ("ipo-listing", "event", 1),
        ("ipo-listing", "topic", 2),
    ]


def test_share_of_voice_is_of_company_stories(watched, load, noon):
    """Shares are of the week's company-stories among groups of companies and brands."""
    load(
        watched,
        {"article_id": "a1", "story_id": "s1", "companies": ["tiktok", "bytedance"]},
        {"article_id": "a2", "story_id": "s1", "companies": ["tiktok"]},
        {"article_id": "a3", "story_id": "s2", "companies": ["alibaba", "bytedance"]},
        {"article_id": "a4", "story_id": "s3", "companies": ["bytedance", "cac"]},
        {"article_id": "a5", "story_id": "s4", "companies": ["nvidia"]},
        {"article_id": "a6", "story_id": "s5", "companies": ["alibaba"], "is_digest": True},
        {
            "article_id": "b1",
            "story_id": "s2",
            "companies": ["alibaba"],
            "published_at": noon + 7 * DAY,
        },
    )

    assert rows(
        watched,
        "select week, company_id, stories, share, is_peer from share_of_voice order by all",
    ) == [
        (date(2026, 8, 3), "alibaba", 1, 0.25, False),
        (date(2026, 8, 3), "bytedance", 3, 0.75, False),
        (date(2026, 8, 3), "nvidia", 1, 0.25, True),
        (date(2026, 8, 10), "alibaba", 1, 1.0, False),
    ]


def test_co_mentions_need_three_stories(watched, load):
    """Two stories in common are chance; copies of a story and digests do not help."""
    load(
        watched,
        *({"article_id": f"a{n}", "companies": ["alibaba", "tiktok"]} for n in range(2)),
        {"article_id": "a0b", "story_id": "sa0", "companies": ["alibaba", "tiktok"]},
        {"article_id": "d", "companies": ["alibaba", "tiktok"], "is_digest": True},
    )
    assert rows(watched, "from co_mentions") == []

    load(watched, {"article_id": "a3", "companies": ["tiktok", "alibaba"]})
    assert rows(watched, "from co_mentions") == [("alibaba", "tiktok", 3, 1.0, False)]


def test_co_mentions_are_normalised(watched, load):
    """NPMI: what chance would give is 0, always together is 1."""
    load(
        watched,
        *({"article_id": f"a{n}", "companies": ["alibaba", "tiktok"]} for n in range(4)),
        *({"article_id": f"b{n}", "companies": ["alibaba", "cac"]} for n in range(4)),
        *({"article_id": f"c{n}", "companies": ["cac", "tiktok"]} for n in range(4)),
        *({"article_id": f"d{n}", "companies": ["nvidia", "bytedance"]} for n in range(4)),
    )

    found = {(a, b): npmi for a, b, _, npmi, _ in rows(watched, "from co_mentions")}

    together, half = math.log(4 * 16 / (4 * 4)), math.log(4 * 16 / (8 * 8))
    assert found[("bytedance", "nvidia")] == pytest.approx(together / -math.log(4 / 16))
    assert found[("bytedance", "nvidia")] == pytest.approx(1)
    assert found[("alibaba", "tiktok")] == pytest.approx(half)
    assert found[("alibaba", "tiktok")] == pytest.approx(0)


def test_coverage_gap_is_english_after_chinese(watched, load, noon):
    """The gap is negative where English came first, and null where one is missing."""
    load(
        watched,
        {"article_id": "a1", "story_id": "s1", "language": "zh", "publisher": "甲"},
        {
            "article_id": "a2",
            "story_id": "s1",
            "language": "zh",
            "publisher": "乙",
            "published_at": noon + HOUR,
        },
        {"article_id": "a3", "story_id": "s1", "published_at": noon + 90 * HOUR / 60},
        {"article_id": "b1", "story_id": "s2", "language": "zh"},
        {"article_id": "b2", "story_id": "s2", "published_at": noon - 2 * HOUR},
        {"article_id": "c1", "story_id": "s3"},
        {"article_id": "d1", "story_id": "s4", "language": "fr"},
    )

    assert rows(
        watched,
        "select story_id, gap_hours, publishers_zh, publishers_en from coverage_gaps"
        " order by story_id",
    ) == [("s1", 1.5, 2, 1), ("s2", -2.0, 1, 1), ("s3", None, 0, 1)]


def test_empty_warehouse_is_warming_up(warehouse):
    """Without history nothing is ready, and the days that are needed are named."""
    found = {row[0]: row[1:] for row in rows(warehouse, "from readiness")}

    assert found["bursts"] == ("warming_up", 0, 29, None)
    assert {state for state, *_ in found.values()} == {"warming_up"}


def test_readiness_counts_days_with_articles(warehouse, load, noon):
    """Four of five of the last days are enough; articles of years ago are not."""
    load(
        warehouse,
        *(
            {"article_id": f"a{n}", "published_at": noon - n * DAY}
            for n in range(24)
            if n != 3
        ),
        *({"article_id": f"b{n}", "published_at": noon - 999 * DAY} for n in range(50)),
    )

    found = {row[0]: row[1:] for row in rows(warehouse, "from readiness")}

    assert found["feed_health"] == ("ready", 13, 14, None)
    assert found["share_of_voice"] == ("ready", 6, 7, None)
    assert found["bursts"] == ("warming_up", 23, 29, None)
