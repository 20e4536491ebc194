"""The rows of a weekly brief, from coverage made up for each question."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from brief_rows import asked_of

from transforms.brief import queries_of
from transforms.models import EmergingTerm, LevelShift
from warehouse.news.findings import sync_watchlist
from warehouse.numbers.trends import (
    replace_emerging_terms,
    replace_level_shifts,
)

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# Monday to Monday, nine in Shanghai: as a weekly brief is written.
UNTIL = datetime(2026, 8, 10, 1, tzinfo=UTC)
SINCE = UNTIL - 7 * DAY
MONDAY = date(2026, 8, 3)
WEEKLY_KEYS = [q.key for q in queries_of("week") if q.name.startswith("brief_week.")]


@pytest.fixture
def desk(warehouse, make_company, shipped_topics):
    sync_watchlist(
        warehouse,
        [
            make_company("alibaba", name_zh="阿里巴巴"),
            make_company("taobao", kind="brand", parent_id="alibaba"),
            make_company("byd"),
            make_company("tesla", kind="foreign_company"),
            make_company("cac", kind="regulator", sector="regulator-cn"),
        ],
        [],
        shipped_topics,
    )
    return warehouse


@pytest.fixture
def ask(desk, load):
    """Load articles, each with an id of its own, and ask one of the queries."""

    def answer(key, *specs, **terms):
        load(desk, *({"article_id": f"a{n}"} | spec for n, spec in enumerate(specs)))
        data = asked_of(desk, key, **{"since": SINCE, "until": UNTIL} | terms)
        return [tuple(row.values()) for row in data[key]]

    return answer


def at(hours_before_end, **fields):
    """Return an article of so many hours before the brief."""
    return {"published_at": UNTIL - hours_before_end * HOUR} | fields


def test_a_day_has_none_of_the_long_views(desk):
    """What looks back half a year is not asked for one page a day."""
    week, day = ({q.key for q in queries_of(period)} for period in ("week", "day"))

    assert week - day == {*WEEKLY_KEYS, "share", "topics", "co_mentions", "emerging"}
    assert day < week
    asked = asked_of(desk, since=SINCE, until=UNTIL)
    assert set(asked["queries"]) == week - {"names", "story_articles", "movers"}


def test_every_query_of_a_week_can_be_pasted(desk, load):
    """The SQL that comes with a brief gives its rows, whatever zone the session is in."""
    load(
        desk,
        at(30, article_id="a1", title="BYD overtakes Tesla in Europe", companies=["byd"],
           topics=["overseas-expansion", "cn-platform-regulation"]),
        at(29, article_id="a2", title="IPO on Aug 12", companies=["taobao"]),
    )  # fmt: skip
    data = asked_of(desk, since=SINCE, until=UNTIL)

    desk.execute("set timezone = 'America/Los_Angeles'")
    for key in WEEKLY_KEYS:
        result = desk.execute(data["queries"][key])
        names = [column[0] for column in result.description]
        rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
        assert rows == data[key]
        assert "timestamptz '" in data["queries"][key] or "date '" in data["queries"][key]
    desk.execute("reset timezone")


def test_an_empty_warehouse_has_no_rows(desk):
    """Nothing is made up where there is nothing."""
    data = asked_of(desk, since=SINCE, until=UNTIL)

    assert [key for key in WEEKLY_KEYS if data[key]] == []


def test_what_had_not_been_seen_is_not_told(desk, load):
    """As of a moment before it arrived, an article is not there; nor is a digest, ever."""
    known = {
        "companies": ["byd"],
        "topics": ["overseas-expansion", "cn-platform-regulation", "ecommerce"],
        "title": "BYD leads in Europe: IPO set for next week",
        "first_seen_at": UNTIL,
    }
    late = [
        at(30, publisher=f"P{n % 2}", story_id=f"s{n // 4}", **known) for n in range(48)
    ]
    load(
        desk, *({"article_id": f"d{n}", "is_digest": True} | a for n, a in enumerate(late))
    )
    digests = asked_of(desk, since=SINCE, until=UNTIL)
    load(desk, *({"article_id": f"a{n}"} | a for n, a in enumerate(late)))
    before = asked_of(desk, since=SINCE, until=UNTIL, as_of=UNTIL - HOUR)
    after = asked_of(desk, since=SINCE, until=UNTIL)

    for key in WEEKLY_KEYS:
        assert (digests[key], before[key]) == ([], []), key
        # Shifts are found in Python, and nothing was looked for here.
        assert after[key] or key == "shifts", key


def test_matrix_rolls_brands_up_and_counts_stories(ask):
    """Taobao's stories are Alibaba's; copies count once; nine stories are too few."""
    shop = [
        at(n, story_id=f"s{n // 2}", companies=["taobao"], topics=["ecommerce"])
        for n in range(2, 14)
    ]
    other = [at(n, companies=["alibaba"], topics=["ev-auto"]) for n in range(20, 25)]
    few = [at(n, companies=["byd"], topics=["ev-auto"]) for n in range(20, 29)]
    abroad = [at(n, companies=["tesla"], topics=["ev-auto"]) for n in range(20, 40)]

    assert ask("matrix", *shop, *other, *few, *abroad) == [
        ("alibaba", "Alibaba", "阿里巴巴", "ecommerce", 6, 11),
        ("alibaba", "Alibaba", "阿里巴巴", "ev-auto", 5, 11),
    ]


def test_themes_are_beside_all_stories_of_the_week(ask):
    """A theme of three topics counts a story once; weeks are of whole days.

    That feeds hardly cover it is told with it.
    """
    rows = ask(
        "themes",
        at(30, story_id="s1", topics=["us-export-controls", "tiktok-divestiture"]),
        at(31, story_id="s1", topics=["us-investment-limits"]),
        at(32),
        at(0.5, topics=["us-export-controls"]),  # half past eight on the Monday after: none
        at(24 * 8, topics=["supercomputing-quantum"]),  # on the Sunday before
        at(24 * 10, topics=["startup-ecosystem"]),
        at(24 * 200, topics=["startup-ecosystem"]),  # more than 26 weeks ago
    )

    assert len(rows) == 8 * 2
    told = [row for row in rows if row[2]]
    assert told == [
        ("startups", MONDAY - 7 * DAY, 1, 2, True),
        ("supercomputing", MONDAY - 7 * DAY, 1, 2, True),
        ("us_pressure", MONDAY, 1, 2, True),
    ]


def test_regions_are_read_from_headlines(ask):
    """A headline with two regions counts in both, one without in none."""
    go = {"companies": ["byd", "cac", "tesla"], "topics": ["overseas-expansion"]}

    found = ask(
        "overseas",
        at(30, title="BYD builds in Hungary and Brazil", **go),
        at(31, title="比亚迪在匈牙利建厂", language="zh", **go),
        at(32, title="BYD goes abroad", **go),
        at(33, title="Latin America is next for BYD", **go),
        at(34, title="比亚迪进军印度尼西亚", language="zh", **go),
        at(35, title="BYD in Europe", companies=["byd"]),
    )

    assert [row[0::3] for row in found] == [("byd", "europe"), ("byd", "latin_america")]
    assert [row[4] for row in found] == [2, 2]


def test_languages_are_measured_against_all(ask):
    """English and Chinese stories of a group, with the sums over all groups."""
    found = ask(
        "languages",
        at(30, companies=["taobao"], story_id="s1"),
        at(31, companies=["alibaba"], story_id="s1", language="zh"),
        at(32, companies=["alibaba"], story_id="s2", language="zh"),
        at(33, companies=["byd"]),
        at(24 * 29, companies=["byd"]),
    )

    assert found == [
        ("alibaba", "Alibaba", "阿里巴巴", 1, 2, 2, 2),
        ("byd", "Byd", "", 1, 0, 2, 2),
    ]


def test_first_is_who_told_it_first(ask):
    """Ties are first together; a date of our own making and a lone story do not count."""
    assert ask(
        "firsts",
        at(30, story_id="s1", publisher="A"),
        at(29, story_id="s1", publisher="B"),
        at(28, story_id="s1", publisher="A"),
        at(20, story_id="s2", publisher="A", title="One headline"),
        at(20, story_id="s2", publisher="B", title="One Headline"),
        at(40, story_id="s2", publisher="C", published_from="first_seen"),
        at(20, story_id="s3", publisher="A"),
        at(24 * 30, story_id="s4", publisher="C"),
        at(24, story_id="s4", publisher="B"),
    ) == [
        ("A", 3, 1, 2, 2, pytest.approx(0.342, abs=0.001), 1.0, None, 4, 0),
        ("B", 3, 0, 2, 1, pytest.approx(0.095, abs=0.001), pytest.approx(0.905, abs=0.001),
         1.0, 3, 1),
    ]  # fmt: skip


def test_shifts_are_the_latest_up_to_the_brief(desk):
    """A subject of any kind by its name; what changed after the brief is left out."""
    shift = {"until": MONDAY, "before": 2.0, "after": 6.0, "ratio": 2.9, "low": 2.0,
             "high": 4.1, "gain": 40.0}  # fmt: skip
    replace_level_shifts(
        desk,
        [
            LevelShift(subject_id="byd", kind="company", since=date(2026, 5, 1), **shift),
            LevelShift(subject_id="ev-auto", kind="topic", since=date(2026, 6, 1), **shift),
            LevelShift(subject_id="tesla", kind="company", since=date(2026, 9, 1), **shift),
        ],
    )

    rows = asked_of(desk, "shifts", since=SINCE, until=UNTIL)["shifts"]

    assert [(row["subject_id"], row["since"].month, row["ratio"]) for row in rows] == [
        ("ev-auto", 6, 2.9),
        ("byd", 5, 2.9),
    ]
    assert all(row["name"] for row in rows)


def test_arcs_count_every_subject_by_day(ask):
    """Twelve weeks of companies and topics, copies once; events are no subjects."""
    rows = ask(
        "arcs",
        at(30, story_id="s1", companies=["byd"], topics=["ev-auto"]),
        at(30, story_id="s1", companies=["byd"]),
        at(24 * 90, companies=["byd"]),
    )

    assert rows == [
        ("byd", "company", date(2026, 8, 9), 1),
        ("ev-auto", "topic", date(2026, 8, 9), 1),
    ]


def test_spread_is_the_time_of_half_the_articles(ask):
    """Two of four articles were out after three hours; three articles have no half."""
    told = [
        at(40 - hours, story_id="s1", publisher=f"P{hours}", title=f"After {hours}")
        for hours in (0, 3, 9, 30)
    ]
    small = [at(n, story_id="s2", publisher=f"P{n}") for n in (30, 31, 32)]

    [row] = ask("spread", *told, *small)

    assert row[:2] == ("After 0", "After 0")
    assert (*row[6:9], row[10]) == ("s1", 4, 4, 3.0)


def test_terms_are_those_of_the_week_told(desk, load):
    """On Monday the terms are of the week before, not of the one that has just begun."""
    for week, term in ((MONDAY, "old week"), (MONDAY + 7 * DAY, "new week")):
        terms = [EmergingTerm(week=week, term=term, language="en", count=4, z=3.0)]
        replace_emerging_terms(desk, terms, week=week)

    data = asked_of(desk, since=SINCE, until=UNTIL)

    assert [row["term"] for row in data["emerging"]] == ["old week"]


def test_the_table_of_companies_is_of_companies_of_china(desk, load):
    """A foreign company has bursts and newcomers, but no row of its own."""
    load(desk, at(30, article_id="a1", companies=["byd", "tesla", "cac", "taobao"]))

    data = asked_of(desk, since=SINCE, until=UNTIL)

    assert [row["company_id"] for row in data["companies"]] == ["byd", "taobao"]
