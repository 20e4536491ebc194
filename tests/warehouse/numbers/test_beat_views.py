"""What the views count: articles on the beat, and companies that are about something."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from brief_rows import asked_of

from transforms.models import Burst
from warehouse import queries
from warehouse.news.articles import update_articles
from warehouse.news.findings import sync_watchlist
from warehouse.numbers.trends import replace_bursts, trends

_LEAGUE = "sources_between(date '2026-08-01', date '2026-08-09')"


def rows(con, sql):
    return con.execute(sql).fetchall()


@pytest.fixture
def watched(warehouse, make_company):
    """A group of the beat with a brand, another, and a peer."""
    companies = [
        make_company("bytedance"),
        make_company("tiktok", kind="brand", parent_id="bytedance"),
        make_company("alibaba", country="CN"),
        make_company("nvidia", kind="foreign_company", country="US"),
    ]
    sync_watchlist(warehouse, companies, [], [])
    return warehouse


@pytest.fixture
def told(watched, load):
    """Two stories of a company and topic, one of them off the beat, and an older one."""
    load(
        watched,
        {"article_id": "on", "is_on_beat": True, "relevance": 0.9, **_ALIBABA},
        {"article_id": "off", "is_on_beat": False, "relevance": 0.1, **_ALIBABA},
        {"article_id": "old", **_ALIBABA},
    )
    return watched


_ALIBABA = {"companies": ["alibaba"], "topics": ["robotics"], "events": ["funding"]}


@pytest.mark.parametrize(
    ("sql", "count"),
    [
        ("select count(*) from dated_articles", 3),
        ("select count(*) from article_days", 2),
        ("select sum(articles) from company_days", 3),
        ("select count(*) from company_coverage where is_on_beat", 2),
        ("select sum(articles) from topic_days where kind = 'topic'", 2),
        ("select sum(articles) from topic_weeks where kind = 'event'", 2),
        ("select stories from share_of_voice", 2),
        ("select count(*) from coverage_gaps", 3),
        ("select count(*) from coverage_gaps where is_on_beat", 2),
        (f"select sum(articles) from {_LEAGUE}", 2),
    ],
)
def test_stories_in_general_are_those_on_the_beat(told, sql, count):
    """A company's own counts take all; what an earlier release tagged counts as on it."""
    assert rows(told, sql) == [(count,)]


@pytest.mark.parametrize(
    ("relevances", "is_told"), [((0.9, 0.2), True), ((0.9, 0.2, 0.1), False), ((), True)]
)
def test_a_gap_is_told_where_its_outlets_are_mostly_on_the_beat(
    watched, load, relevances, is_told
):
    """One outlet of three that brings a story near the beat is not enough for a lead."""
    load(
        watched,
        *(
            {
                "article_id": f"a{n}",
                "story_id": "s",
                "publisher": f"P{n}",
                "relevance": each,
            }
            for n, each in enumerate(relevances or (None,))
        ),
    )

    [(found,)] = rows(watched, "select is_mostly_on_beat from coverage_gaps")
    assert found is is_told


@pytest.mark.parametrize(
    ("role", "counts"),
    [
        ("subject", True),
        ("named", True),
        (None, True),
        ("aside", False),
        ("place", False),
        ("byline", False),
    ],
)
def test_a_company_counts_by_its_role(watched, load, role, counts):
    """Who is only owner, place or signature is not covered."""
    load(watched, {"companies": ["alibaba", "tiktok"], "roles": {"alibaba": role}})

    for relation in ("company_days", "company_group_days", "share_of_voice"):
        found = {key for (key,) in rows(watched, f"select company_id from {relation}")}
        assert ("alibaba" in found) is counts, relation


def test_a_story_is_on_the_beat_if_its_best_article_is(watched, load):
    """And has the relevance of that article; a new wording counts too."""
    made = load(
        watched,
        {"article_id": "a", "story_id": "s", "is_on_beat": False, "relevance": 0.2},
        {"article_id": "b", "story_id": "s", "is_on_beat": True, "relevance": 0.7},
        {"article_id": "c", "story_id": "t", "is_on_beat": False, "relevance": 0.3},
    )

    asked = "select story_id, relevance, is_on_beat from stories order by story_id"
    assert rows(watched, asked) == [("s", 0.7, True), ("t", 0.3, False)]
    update_articles(watched, made)
    assert rows(watched, "select is_on_beat from articles order by seq") == [
        (False,),
        (True,),
        (False,),
    ]


def test_peers_stand_beside_the_sum(watched, load):
    """They are measured against the companies of the beat, and are no movers."""
    load(
        watched,
        {"article_id": "a", "companies": ["alibaba", "nvidia"]},
        {"article_id": "b", "companies": ["nvidia"]},
        {"article_id": "c", "companies": ["nvidia"], "is_on_beat": False},
    )

    assert rows(
        watched, "select company_id, stories, share, is_peer from share_of_voice order by 1"
    ) == [("alibaba", 1, 1.0, False), ("nvidia", 2, 2.0, True)]
    movers = (
        "select company_id from movers_every(7, date '2026-08-03', date '2026-08-10', 4)"
    )
    assert rows(watched, movers) == [("alibaba",)]


def test_peers_alone_have_no_share(watched, load):
    """There is nothing that they could be measured against."""
    load(watched, {"companies": ["nvidia"]})

    assert rows(watched, "select stories, share, low from share_of_voice") == [
        (1, None, None)
    ]


@pytest.mark.parametrize(
    ("kind", "country", "peer"),
    [
        ("company", "CN", False),
        ("brand", "HK", False),
        ("company", "", False),
        ("company", "AE", False),
        ("foreign_company", "", True),
        ("foreign_company", "CN", True),
        ("regulator", "US", True),
    ],
)
def test_who_is_a_peer(warehouse, kind, country, peer):
    """A company is one that the watchlist stores as foreign, a body one abroad."""
    assert rows(warehouse, f"select is_peer('{kind}', '{country}')") == [(peer,)]


def test_bursts_of_peers_are_on_record_and_told_only_where_asked_for(told):
    """Nvidia's burst is no news of the beat: who asks for the company sees it."""
    days = {"since": _DAY, "until": _DAY}
    found = [_burst(subject) for subject in ("alibaba", "nvidia")]
    replace_bursts(told, found, **days)

    marked = rows(told, f"select subject_id, is_on_beat from bursts_between({_SPAN})")
    brief = asked_of(told, since=_NOON - 12 * _HOUR, until=_NOON + 11 * _HOUR)

    assert sorted(marked) == [("alibaba", True), ("nvidia", False)]
    assert [row["subject_id"] for row in brief["bursts"]] == ["alibaba"]
    assert [row["subject_id"] for row in trends(told, **days)["bursts"]] == ["alibaba"]
    asked = trends(told, **days, company="nvidia")["bursts"]
    assert [row["subject_id"] for row in asked] == ["nvidia"]


@pytest.mark.parametrize(("off", "is_told"), [(1, True), (2, False)])
def test_a_burst_of_news_off_the_beat_is_not_told(watched, load, off, is_told):
    """Half of the company's stories of that day must be on the beat."""
    told = [{"article_id": "on", **_ALIBABA}]
    told += [{"article_id": f"o{n}", "is_on_beat": False, **_ALIBABA} for n in range(off)]
    load(watched, *told)
    replace_bursts(watched, [_burst("alibaba")], since=_DAY, until=_DAY)

    brief = asked_of(watched, since=_NOON - 12 * _HOUR, until=_NOON + 11 * _HOUR)

    assert bool(brief["bursts"]) is is_told
    assert rows(watched, f"select count(*) from bursts_between({_SPAN})") == [(1,)]


def test_what_changed_is_of_companies_of_the_beat(watched, load):
    """A peer's change is in the view, and neither on the page of the day nor in trends."""
    load(
        watched,
        {"article_id": "before", "companies": ["alibaba"], "published_at": _NOON - _WEEK},
        *(
            {"article_id": f"{name}{n}", "companies": [name], "published_at": _NOON}
            for name in ("alibaba", "nvidia")
            for n in range(3)
        ),
    )
    since = _NOON - _WEEK / 2

    changed = queries.rows(
        watched, "pages.changed", since=since, until=since + _WEEK, limit=9
    )
    table = trends(watched, since=since.date(), until=_DAY)["changes"]
    counted = (
        f"select subject_id from changes_between(date '{since:%F}', date '{_DAY}' + 1, 1)"
    )

    assert [row["subject_id"] for row in changed] == ["alibaba"]
    assert [row["company_id"] for row in table] == ["alibaba"]
    assert ("nvidia",) in rows(watched, f"{counted} where kind = 'company'")


@pytest.mark.parametrize(("outlets", "is_new"), [(["A", "A"], False), (["A", "B"], True)])
def test_a_newcomer_has_two_outlets(watched, load, outlets, is_new):
    """A name that one outlet alone uses is no newcomer to the coverage."""
    archive = (
        {"article_id": f"o{n}", "published_at": _NOON - n * _DAYS} for n in range(40)
    )
    told = [
        {"article_id": f"n{n}", "companies": ["bytedance"], "publisher": outlet}
        for n, outlet in enumerate(outlets)
    ]
    load(watched, *archive, *told)

    found = rows(watched, f"select company_id from entrants_between({_SPAN})")

    assert found == ([("bytedance",)] if is_new else [])


_DAY = date(2026, 8, 4)
_NOON = datetime(2026, 8, 4, 12, tzinfo=UTC)
_HOUR, _DAYS, _WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
_SPAN = "date '2026-08-04', date '2026-08-05'"


def _burst(subject):
    known = {"subject_id": subject, "kind": "company", "day": _DAY}
    return Burst(**known, observed=8, expected=2.0, p=1e-6, q=1e-4)
