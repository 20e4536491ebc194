"""What a brief may compare with, in whose words it tells, and on which days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from brief_rows import asked_of

from transforms.models import Burst
from warehouse.news.findings import sync_watchlist
from warehouse.numbers.brief import Hindsight
from warehouse.numbers.trends import replace_bursts

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# A Friday evening in Shanghai: seven days to now are of two weeks of the calendar.
UNTIL = datetime(2026, 8, 7, 12, tzinfo=UTC)
SINCE = UNTIL - 7 * DAY
FRIDAY = date(2026, 7, 31)
SATURDAY = datetime(2026, 7, 31, 16, tzinfo=UTC)  # its first moment in Shanghai


@pytest.fixture
def ask(warehouse, load, make_company):
    """Load articles, each with an id of its own, and ask for one key of a brief."""
    companies = [make_company("byd", name_zh="比亚迪"), make_company("nio")]
    sync_watchlist(warehouse, companies, [], [])

    def answer(key, *specs, **terms):
        specs = [{"article_id": f"a{n}"} | spec for n, spec in enumerate(specs)]
        load(warehouse, *specs)
        return asked_of(warehouse, key, **{"since": SINCE, "until": UNTIL} | terms)[key]

    return answer


def days(count, **fields):
    """Return an article a day, of so many days up to the end."""
    return [{"published_at": UNTIL - n * DAY - HOUR} | fields for n in range(count)]


def archive(read_from, count, **fields):
    """Return what a feed has of so many days, the older part when it was read first."""
    found = days(count, **fields)
    return [a | {"first_seen_at": max(a["published_at"], read_from)} for a in found]


def record(ask, *specs):
    [window] = ask("window", *specs)
    return window["days_on_record"], window["is_comparable"]


def test_days_on_record_are_those_on_which_the_feeds_were_read(ask):
    """Nine days of reading are nine days, whatever archive the feed came with."""
    assert record(ask, *archive(UNTIL - 16 * DAY, 60)) == (9, True)


def test_an_archive_is_nothing_to_compare_with(ask):
    """Read for the first time in the period, a feed says nothing of the week before."""
    assert record(ask, *archive(SINCE + DAY, 60)) == (0, False)


def test_a_feed_that_brings_most_of_the_news_makes_the_past_another(ask):
    """With one of three outlets there all along, two thirds of the news are new."""
    late = [
        a | {"publisher": name, "feed_id": name}
        for name in ("B", "C")
        for a in archive(SINCE - DAY, 10)
    ]

    assert record(ask, *days(60), *late) == (1, False)


def test_an_outage_is_no_record(ask):
    """A day on which hardly anything came counts for nothing, but the others do."""
    busy = [spec for n in range(12) for spec in days(60, publisher=f"P{n}")]
    down = [a for a in busy if not 8 <= (UNTIL - a["published_at"]).days < 12]
    some = [{"published_at": UNTIL - n * DAY - HOUR} for n in range(8, 12)]

    assert record(ask, *down, *some) == (24, False)


def test_a_surge_is_compared_with_quiet_days(ask):
    """Many stories today do not make days with one a gap in the record."""
    surge = [{"published_at": UNTIL - HOUR} for _ in range(40)]

    assert record(ask, *days(60), *surge) == (28, True)


def test_newcomers_come_with_the_days_that_they_were_in_none_of(ask):
    """Thirty-five days of reading are no 180, and an archive adds none."""
    new = {"published_at": UNTIL - HOUR, "companies": ["byd"]}
    both = (new, new | {"publisher": "Another"})

    [row] = ask("entrants", *archive(UNTIL - 42 * DAY, 60), *both)

    assert (row["company_id"], row["days_on_record"]) == ("byd", 35)


def test_there_are_no_newcomers_before_four_weeks(ask):
    """Whoever is named in the third week of reading was never named before."""
    new = {"published_at": UNTIL - HOUR, "companies": ["byd"]}
    both = (new, new | {"publisher": "Another"})

    assert ask("entrants", *archive(UNTIL - 30 * DAY, 60), *both) == []


def test_shares_are_of_the_period_and_of_weeks_before_it(ask):
    """Of seven days up to Friday, and of seven before them, not of a week between."""
    byd, nio = {"companies": ["byd"]}, {"companies": ["nio"]}

    rows = ask(
        "share",
        {"published_at": UNTIL - HOUR} | byd,
        {"published_at": SATURDAY} | byd,
        {"published_at": UNTIL} | nio,
        {"published_at": SATURDAY - HOUR} | nio,
        {"published_at": SATURDAY + 7 * DAY} | nio,
    )

    assert [(r["week"], r["company_id"], r["stories"]) for r in rows] == [
        (FRIDAY - 6 * DAY, "nio", 1),
        (FRIDAY + DAY, "byd", 2),
        (FRIDAY + DAY, "nio", 1),
    ]


TWO = (
    {"title": "BYD opens a plant", "publisher": "Wire", "story_id": "s1"},
    {"title": "比亚迪新厂投产", "publisher": "甲报", "story_id": "s1", "language": "zh"},
)


def told_twice():
    return [
        spec | {"published_at": UNTIL - (4 - n) * HOUR, "companies": ["byd"]}
        for n, spec in enumerate(TWO)
    ]


BURST = Burst(
    subject_id="byd", kind="company", day=date(2026, 8, 7), observed=9, expected=1.0,
    p=1e-6, q=1e-4,
)  # fmt: skip


def test_the_story_of_a_burst_has_its_headlines_in_both_languages(ask, warehouse):
    """Each with its own address."""
    replace_bursts(warehouse, [BURST], since=BURST.day, until=BURST.day)

    [row] = ask("bursts", *told_twice())

    assert (row["headline_en"], row["url_en"]) == (TWO[0]["title"], "https://x.example/a0")
    assert (row["headline_zh"], row["url_zh"]) == (TWO[1]["title"], "https://x.example/a1")


def test_the_top_story_of_a_company_has_its_headlines_in_both_languages(ask):
    """The one that is told first is the headline without a language."""
    [row] = ask("companies", *told_twice())

    assert row["top_headline"] == row["top_headline_en"] == TWO[0]["title"]
    assert row["top_headline_zh"] == TWO[1]["title"]
    assert row["top_url_zh"] == "https://x.example/a1"


def test_looking_back_a_printed_query_holds_the_headline_of_a_burst(ask, warehouse):
    """The counts that bursts are computed from have none; these rows have it."""
    found = Hindsight(
        bursts=[BURST],
        terms=[],
        counted=(date(2026, 6, 1), BURST.day),
        titled=(date(2026, 6, 1), BURST.day),
    )
    late = {"first_seen_at": UNTIL + DAY, "title": "Told later", "story_id": "s0"}
    terms = {"as_of": UNTIL, "found": found}

    queries = ask("queries", *told_twice(), told_twice()[0] | late, **terms)
    [burst] = ask("bursts", **terms)
    result = warehouse.execute(queries["burst_stories"])
    names = [column[0] for column in result.description]
    rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    [row] = [r for r in rows if (r["subject_id"], r["day"]) == ("byd", BURST.day)]
    assert row["headline"] == TWO[0]["title"]
    assert {k: burst[k] for k in row} == row
