"""No burst out of a source that was down, as the counts come from a real file."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transforms.bursts.find import find_bursts
from warehouse.news.coverage import refresh_all_coverage
from warehouse.news.findings import sync_watchlist
from warehouse.numbers.trends import day_counts, first_day, today

pytestmark = pytest.mark.slow

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
DAYS = 42
FEEDS = ("wire", "daily", "blog")
COMPANIES = ("alibaba", "tencent", "baidu", "xiaomi", "nio", "byd", "meituan", "jd")


@pytest.fixture
def press(warehouse, load, make_company, make_topic, noon):
    """Six weeks up to *noon*: each feed tells of each company two or three times a day."""
    companies = [make_company(company_id) for company_id in COMPANIES]
    sync_watchlist(warehouse, companies, [], [make_topic("chips")])
    load(
        warehouse,
        *(
            {
                "article_id": f"{feed}.{company}.{ago}.{n}",
                "feed_id": feed,
                "publisher": feed.title(),
                "companies": [company],
                "topics": ["chips"] if n == 0 else [],
                "published_at": noon - ago * DAY + n * HOUR,
            }
            for ago in range(DAYS)
            for f, feed in enumerate(FEEDS)
            for c, company in enumerate(COMPANIES)
            for n in range(2 + (ago + f + c) % 2)
        ),
    )
    return warehouse


def bursts(con, noon):
    since, until = first_day(con), today(con, noon)
    found = find_bursts(
        day_counts(con, since=since, until=until), first_day=since, until=until + DAY
    )
    return [(burst.subject_id, burst.day) for burst in found]


outages = given(
    down=st.sets(st.sampled_from(FEEDS), min_size=1, max_size=2),
    ago=st.integers(1, 27),
    days=st.integers(1, 14),
)
slow = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@slow
@outages
def test_an_outage_of_a_source_raises_no_burst(press, noon, down, ago, days):
    """Neither while one or two of three are down, nor when they are back."""
    lost = [noon - ago * DAY, noon - (ago - days) * DAY]
    press.execute("begin")
    press.execute(
        "delete from articles where list_contains($1, feed_id)"
        " and published_at >= $2 and published_at < $3 - interval 4 hour",
        [list(down), *lost],
    )
    refresh_all_coverage(press)

    found = bursts(press, noon)

    press.execute("rollback")
    assert found == []


@slow
@outages
def test_news_that_came_late_count_on_their_own_day(press, noon, down, ago, days):
    """A feed that was down still holds its last entries: they are no burst of today."""
    press.execute("begin")
    press.execute(
        "update articles set first_seen_at = $3"
        " where list_contains($1, feed_id) and published_at between $2 and $3",
        [list(down), noon - ago * DAY, min(noon, noon - (ago - days) * DAY)],
    )
    refresh_all_coverage(press)

    found = bursts(press, noon)

    press.execute("rollback")
    assert found == []


@pytest.mark.parametrize("back", [4, 72])
def test_what_comes_undated_after_an_outage_is_of_no_day(press, load, noon, back):
    """Days of news at once; where the feed was read the day before, it is today's."""
    press.execute(
        "insert into feed_polls by name select $1 as feed_id, 1 as seq, 'r1' as run_id,"
        " $2::timestamptz as polled_at, 'new' as outcome, 0 as duration_ms, 0 as bytes,"
        " 0 as entries, 0 as new_articles",
        ["blog", noon - back * HOUR],
    )
    load(
        press,
        *(
            {
                "article_id": f"held{n}",
                "feed_id": "blog",
                "companies": ["nio"],
                "published_from": "first_seen",
                "first_seen_at": noon,
            }
            for n in range(16)
        ),
    )

    assert bursts(press, noon) == ([("nio", today(press, noon))] if back == 4 else [])


def test_such_a_press_does_burst(press, load, noon):
    """Thrice as many stories are told of: it is not that nothing ever would be."""
    load(
        press,
        *({"article_id": f"more{n}", "companies": ["nio"]} for n in range(16)),
    )

    assert bursts(press, noon) == [("nio", today(press, noon))]
