"""Views of trends: shares with their sources, movers, leads, the league."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse.feeds import refresh_poll_days, sync_feeds
from warehouse.news.findings import sync_watchlist
from warehouse.numbers.trends import (
    day_counts,
    hours,
    panel_counts,
    titles_for_terms,
)

pytestmark = pytest.mark.slow

MONDAY = date(2026, 8, 3)
DAY, HOUR, WEEK = timedelta(days=1), timedelta(hours=1), timedelta(days=7)


@pytest.fixture
def watched(warehouse, make_company, make_topic):
    sync_watchlist(
        warehouse,
        [
            make_company("alibaba"),
            make_company("taobao", kind="brand", parent_id="alibaba"),
            make_company("tencent"),
            make_company("tesla", kind="foreign_company"),
        ],
        [],
        [make_topic("chips")],
    )
    return warehouse


def rounded(found):
    """Return rows without what the order of a sum leaves in the last digits."""
    return [
        tuple(round(value, 9) if isinstance(value, float) else value for value in row)
        for row in found
    ]


def rows(con, sql):
    return con.execute(sql).fetchall()


@pytest.fixture
def poll(watched, make_feed, make_run):
    """Record polls of feeds: (feed, moment, outcome)."""
    sync_feeds(watched, [make_feed("wide"), make_feed("alone")])

    def record(*polls):
        [(last,)] = rows(watched, "select coalesce(max(seq), 0) from feed_polls")
        watched.executemany(
            "insert into feed_polls by name select $1 as feed_id, $2::bigint as seq,"
            " 'r1' as run_id, $3::timestamptz as polled_at, $4 as outcome,"
            " 0 as duration_ms, 0 as bytes, 0 as entries, 0 as new_articles",
            [
                (feed, last + n, at, outcome)
                for n, (feed, at, outcome) in enumerate(polls, 1)
            ],
        )
        refresh_poll_days(watched)

    return record


def week_of(noon, *, days=7, per_day=4, back=0, **fields):
    """Return so many stories a day from Monday on; noon is on a Tuesday."""
    return [
        {
            "article_id": f"{fields['feed_id']}{back}{n}.{i}",
            "published_at": noon - DAY - back * WEEK + n * DAY + i * HOUR,
            "first_seen_at": noon + 6 * DAY,
            **fields,
        }
        for n in range(days)
        for i in range(per_day)
    ]


def test_share_makes_up_for_a_feed_that_was_down(watched, load, poll, noon):
    """A feed of one company only was down for half of the week: its part falls only raw."""
    load(
        watched,
        *week_of(noon, per_day=6, feed_id="wide", companies=["tencent"]),
        *week_of(noon, days=3, feed_id="alone", companies=["taobao"], publisher="Alone"),
    )
    whole = 4 / 10
    poll(
        *(("wide", noon - DAY + n * DAY, "new") for n in range(7)),
        *(
            ("alone", noon - DAY + n * DAY, "new" if n < 3 else "transient_error")
            for n in range(7)
        ),
    )

    [outage] = rows(watched, "select * exclude week from feed_outages")
    assert outage == ("alone", "Alone", 4, pytest.approx(3 / 7))
    [(raw, corrected, low, high)] = rows(
        watched,
        "select share, corrected, low, high from share_of_voice"
        " where company_id = 'alibaba'",
    )
    assert raw == pytest.approx(12 / 54)
    assert not low <= raw <= high
    assert corrected == pytest.approx(whole)
    assert low < whole < high


def test_an_outage_that_was_caught_up_with_is_none(watched, load, poll, noon):
    """What a feed still held when it answered again came in, days late."""
    load(watched, *week_of(noon, feed_id="alone", companies=["taobao"]))
    poll(*(("alone", noon - DAY + n * DAY, "new" if n > 4 else "gone") for n in range(7)))

    assert rows(watched, "from feed_outages") == []
    assert rows(watched, "select corrected from share_of_voice") == [(1.0,)]


def test_one_answer_saves_the_day_and_silence_is_no_outage(watched, load, poll, noon):
    """A day with a failed and a good poll is whole, and so is one without any poll."""
    load(watched, {"article_id": "a1", "feed_id": "alone", "companies": ["tencent"]})
    poll(
        ("alone", noon + DAY, "transient_error"),
        ("alone", noon + DAY + HOUR, "unchanged"),
        ("alone", noon + 4 * DAY, "transient_error"),
    )

    assert rows(watched, "select week, days_lost from feed_outages") == [(MONDAY, 1)]
    # In a week that is not over, the part is of the days that have begun: Saturday's.
    assert rows(watched, "select coverage from feed_outages") == [(pytest.approx(5 / 6),)]


def test_a_day_of_an_outage_is_one_of_the_calendar_when_clocks_change(watched, poll):
    """A poll about midnight is of the local day before and after the clock is put back."""
    watched.execute("update reporting set zone = 'America/New_York'")
    first = datetime(2026, 10, 31, 3, 30, tzinfo=UTC)
    # 00:30 on 1 November, 4 hours behind UTC, and 23:30 on the 2nd, 5 hours behind.
    good = {first + DAY + HOUR, first + 3 * DAY + HOUR}
    asked = [first + n * HOUR for n in range(74)]
    poll(*(("alone", at, "new" if at in good else "gone") for at in asked))

    days = "outages_every(1, date '2026-10-29', date '2026-11-05')"
    lost = rows(watched, f"select start from {days} order by start")
    assert lost == [(date(2026, 10, 30),), (date(2026, 10, 31),)]


def test_a_story_of_another_feed_too_weighs_one(watched, load, poll, noon):
    """It would have been counted had the one that was down never come back."""
    load(
        watched,
        {
            "article_id": "a1",
            "story_id": "s1",
            "feed_id": "alone",
            "companies": ["tencent"],
        },
        {"article_id": "a2", "story_id": "s1", "feed_id": "wide", "companies": ["tencent"]},
        {"article_id": "a3", "feed_id": "wide", "companies": ["taobao"]},
    )
    poll(("alone", noon + DAY, "gone"), ("alone", noon + 5 * DAY, "new"))

    assert rows(watched, "select corrected from share_of_voice") == [(0.5,), (0.5,)]


def test_intervals_are_wilsons(warehouse):
    """As published: 0 of 10 is up to 28 %, 5 of 10 from 24 to 76 %; of nothing, none."""
    asked = "select wilson_low({0}, {1}), wilson_high({0}, {1})"
    known = {(0, 10): (0, 0.2775), (5, 10): (0.2366, 0.7634), (10, 10): (0.7225, 1)}
    for (part, whole), expected in known.items():
        [found] = rows(warehouse, asked.format(part, whole))
        assert found == pytest.approx(expected, abs=1e-3)
    assert rows(warehouse, asked.format(0, 0)) == [(None, None)]


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    told=st.lists(
        st.tuples(
            st.sets(st.sampled_from(["alibaba", "taobao", "tencent", "tesla"]), min_size=1),
            st.integers(0, 4),  # weeks ago
            st.sampled_from(["wide", "alone"]),
            st.integers(0, 11),  # the story
            st.sampled_from(["en", "zh"]),
        ),
        min_size=1,
        max_size=30,
    ),
    copied=st.integers(0, 29),
    down=st.sets(st.integers(0, 34)),
)
def test_shares_sum_to_one_and_copies_change_nothing(
    watched, load, noon, told, copied, down
):
    """Whatever is told and whatever is down; a copy of any article is no story."""
    for table in (
        "articles",
        "mentions",
        "coverage",
        "article_versions",
        "sightings",
        "stories",
        "feed_polls",
    ):
        watched.execute(f"delete from {table}")
    articles = [
        {
            "article_id": f"a{n}",
            "story_id": f"s{ago}.{story}",
            "published_at": noon - ago * WEEK + n * HOUR / 4,
            "feed_id": feed,
            "publisher": feed.title(),
            "companies": sorted(companies),
            "topics": ["chips"],
            "language": language,
        }
        for n, (companies, ago, feed, story, language) in enumerate(told)
    ]
    load(watched, *articles)
    for n in down:
        watched.execute(
            "insert into feed_polls by name select 'alone' as feed_id, $1::bigint as seq,"
            " 'r' as run_id, $2::timestamptz as polled_at, 'gone' as outcome,"
            " 0 as duration_ms, 0 as bytes, 0 as entries, 0 as new_articles",
            [n, noon - n * DAY],
        )
    refresh_poll_days(watched)
    same = "* exclude (articles, articles_en, articles_zh)"
    firsts = "shared_stories, first_reports, median_lag_hours"
    asked = [
        "from share_of_voice order by all",
        "select week, company_id, stories, publishers from company_weeks order by all",
        "select week, topic_id, stories, publishers from topic_weeks order by all",
        "from movers order by all",
        *(
            f"select {same} from {days} order by all"
            for days in ("company_days", "company_group_days", "topic_days")
        ),
        "from co_mentions order by all",
        "from coverage_gaps order by all",
        "from lead_lag order by all",
        f"select publisher, stories, {firsts} from source_league order by all",
    ]
    period = {"since": MONDAY - 4 * WEEK, "until": MONDAY + 6 * DAY}

    def counted():
        return [
            *(rounded(rows(watched, sql)) for sql in asked),
            day_counts(watched, **period),
            panel_counts(watched, **period),
            hours(watched, **period),
            titles_for_terms(watched, week=MONDAY, weeks=4),
        ]

    before = counted()
    sums = rows(
        watched,
        "select sum(share), sum(corrected) from share_of_voice"
        " where not is_peer group by week",
    )
    for share, corrected in sums:
        assert share == pytest.approx(1)
        assert corrected == pytest.approx(1)
    assert all(
        low <= corrected <= high
        for corrected, low, high in rows(
            watched,
            "select corrected, low, high from share_of_voice where not is_peer",
        )
    )

    original = articles[copied % len(articles)]
    load(watched, original | {"article_id": "copy", "title": "The same, copied"})

    assert counted() == before


def test_weeks_count_a_story_of_three_days_once(watched, load, noon):
    """Days of a week do not add up to it."""
    load(
        watched,
        *(
            {"article_id": f"a{n}", "story_id": "s1", "companies": ["tencent"],
             "topics": ["chips"], "published_at": noon + n * DAY}
            for n in range(3)
        ),
    )  # fmt: skip

    week = (MONDAY, 3, 1, 1, 3, 0)
    assert rows(watched, "select * exclude company_id from company_weeks") == [week]
    assert rows(watched, "select * exclude (topic_id, kind) from topic_weeks") == [week]


def movers(con):
    states = f"select company_id, state from movers where week = '{MONDAY}'"
    return dict(rows(con, states))


def test_movers_are_measured_by_shares(watched, load, noon):
    """Four even weeks, then one company doubles; a week cut short moves nobody."""
    past = [
        article
        for back in range(1, 5)
        for feed, company in (("wide", "tencent"), ("alone", "taobao"))
        for article in week_of(noon, back=back, feed_id=feed, companies=[company])
    ]
    load(watched, *past, *week_of(noon, days=2, feed_id="wide", companies=["tencent"]))
    load(watched, *week_of(noon, days=2, feed_id="alone", companies=["taobao"]))
    assert movers(watched) == {"tencent": "steady", "alibaba": "steady"}

    load(
        watched,
        *week_of(noon, days=7, per_day=9, feed_id="more", companies=["tencent"]),
    )

    assert movers(watched) == {"tencent": "up", "alibaba": "down"}
    [(stories, last, usual)] = rows(
        watched,
        "select stories, last_week, usual from movers"
        f" where company_id = 'tencent' and week = '{MONDAY}'",
    )
    assert (stories, last, usual) == (71, 28, 28.0)


def test_movers_say_where_they_know_too_little(watched, load, noon):
    """Three weeks are no history, and four stories no trend."""
    load(watched, *week_of(noon, back=3, feed_id="wide", companies=["tencent"]))
    load(watched, *week_of(noon, feed_id="wide", companies=["tencent"]))
    assert set(movers(watched).values()) == {"warming_up"}

    for back in (1, 2, 4):
        load(watched, *week_of(noon, back=back, feed_id="wide", companies=["tencent"]))
    load(watched, {"article_id": "one", "companies": ["taobao"]})
    assert movers(watched) == {"tencent": "steady", "alibaba": "few"}


def test_an_outage_moves_nobody(watched, load, poll, noon):
    """Three days of a feed were lost: who is only told of there has not fallen."""
    for back in range(1, 5):
        for feed, company in (("wide", "tencent"), ("alone", "taobao")):
            load(
                watched,
                *week_of(noon, back=back, per_day=12, feed_id=feed, companies=[company]),
            )
    load(watched, *week_of(noon, per_day=12, feed_id="wide", companies=["tencent"]))
    load(watched, *week_of(noon, days=3, per_day=12, feed_id="alone", companies=["taobao"]))
    assert movers(watched) == {"tencent": "up", "alibaba": "down"}

    poll(
        ("alone", noon - DAY, "new"),
        *(("alone", noon + n * DAY, "gone") for n in range(2, 6)),
    )

    assert movers(watched) == {"tencent": "steady", "alibaba": "steady"}


@pytest.mark.parametrize(("swing", "state"), [(0, "up"), (7, "steady")])
def test_movers_move_more_than_all_do(warehouse, make_company, load, noon, swing, state):
    """Where all groups swing from week to week, twice as usual is nothing of one."""
    names = [f"c{n}" for n in range(22)]
    sync_watchlist(warehouse, [make_company(name) for name in names], [], [])
    load(
        warehouse,
        *(
            {
                "article_id": f"{name}.{back}.{n}",
                "companies": [name],
                "published_at": noon - back * WEEK,
            }
            for i, name in enumerate(names)
            for back in range(9)
            for n in range(24 if i == back == 0 else 10 + swing * (-1) ** (i + back))
        ),
    )

    assert movers(warehouse)["c0"] == state


def test_gaps_name_who_was_first_on_either_side(watched, load, noon):
    """First outlets, who led, and how long the other side has had."""
    load(
        watched,
        {"article_id": "a1", "story_id": "s1", "language": "zh", "publisher": "甲"},
        {"article_id": "a2", "story_id": "s1", "publisher": "Wire",
         "published_at": noon + HOUR},
        {"article_id": "b1", "story_id": "s2", "language": "zh", "publisher": "乙"},
        {"article_id": "c1", "story_id": "s3", "publisher": "Wire",
         "first_seen_at": noon + 5 * HOUR},
        {"article_id": "d1", "story_id": "s4", "is_digest": True},
    )  # fmt: skip

    assert rows(
        watched,
        "select story_id, led_by, first_zh_publisher, first_en_publisher, age_hours"
        " from coverage_gaps order by 1",
    ) == [
        ("s1", "zh", "甲", "Wire", 5.0),
        ("s2", "zh only", "乙", None, 5.0),
        ("s3", "en only", None, "Wire", 5.0),
    ]


@pytest.fixture
def raced(watched, load, noon):
    """Twelve stories: Quick first, Slow two hours after; Slow alone with four more."""
    load(
        watched,
        *(
            {
                "article_id": f"{p}{n}", "story_id": f"s{n}", "publisher": p,
                "language": "zh" if p == "Quick" else "en",
                "title": "As told" if n < 3 else f"{p} {n}",
                "published_at": noon - n * DAY + late * HOUR,
            }
            for n in range(12)
            for p, late in (("Quick", 0), ("Slow", 2))
        ),
        *({"article_id": f"x{n}", "publisher": "Slow"} for n in range(3)),
        {"article_id": "x3", "publisher": "Slow", "published_from": "first_seen"},
        # Long ago, with a late echo: no story of these weeks.
        {"article_id": "o1", "story_id": "so", "publisher": "Slow",
         "published_at": noon - 40 * DAY},
        {"article_id": "o2", "story_id": "so", "publisher": "Quick"},
    )  # fmt: skip
    return watched


def test_who_leads_whom(raced):
    """Twelve times first of twelve is no chance; one story of long ago does not count."""
    assert rows(raced, "select * exclude (low, high) from lead_lag") == [
        ("Quick", "Slow", "zh", "en", 12, 12, 0, 2.0, 1.0, "Quick")
    ]
    [(low, high)] = rows(raced, "select low, high from lead_lag")
    assert 0.7 < low < high == 1


def test_the_league_of_sources(raced, poll, make_feed, noon):
    """First, alone, copied, guessed and down: each a part of what it has.

    A story that began before is nobody's to be first with, and no lag of forty days.
    """
    sync_feeds(raced, [make_feed("slow", publisher="Slow")])
    poll(
        ("slow", noon - 9 * HOUR, "new"),
        ("slow", noon - 8 * HOUR, "transient_error"),
        ("slow", noon - 6 * HOUR, "permanent_error"),
        ("slow", noon - 3 * HOUR, "unchanged"),
    )
    columns = (
        "publisher, articles, stories, shared_stories, first_reports, first_share,"
        " median_lag_hours, unique_share, copied_share, estimated_dates_share, hours_down"
    )

    assert rows(raced, f"select {columns} from source_league order by 1") == [
        (
            "Quick",
            13,
            13,
            12,
            12,
            1.0,
            None,
            0.0,
            0.0,
            0.0,
            None,
        ),
        (
            "Slow",
            16,
            16,
            12,
            0,
            0.0,
            2.0,
            0.25,
            pytest.approx(3 / 16),
            pytest.approx(1 / 16),
            5.0,
        ),
    ]
