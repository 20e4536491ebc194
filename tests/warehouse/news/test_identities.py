"""Articles that become one: what stays of each, and where the ids of others lead."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import alert

from warehouse import queries
from warehouse.alerting.alerts import append_alerts
from warehouse.news.identities import (
    Move,
    begun,
    current_article,
    identify,
    rename_publishers,
)

HOUR = timedelta(hours=1)


@pytest.fixture
def join(warehouse, noon):
    """Give articles other ids by a mapping; all have to be looked at anew."""

    def make(form=2, **ids):
        def move(article_id, url):
            into_id = ids.get(article_id)
            return Move(article_id, into_id, url) if into_id else None

        options = {"now": noon, "finish": id, "progress": str}
        joined = identify(warehouse, form, move, **options)
        assert queries.run(warehouse, "checks.seen_is_what_is_here") == []
        return joined

    return make


def rows(con, sql):
    return con.execute(sql).fetchall()


def test_first_stays_with_what_all_have(warehouse, load, noon, join):
    """First sight, first date, every link and wording; findings are those of its words."""
    load(
        warehouse,
        {"article_id": "a1", "published_at": noon, "companies": ["baidu"]},
        {"article_id": "a2", "published_at": noon - HOUR, "companies": ["tencent"]},
    )

    assert join(a1="n1", a2="n1") == 1

    assert rows(warehouse, "select article_id, title, published_at from articles") == [
        ("n1", "Headline a1", noon - HOUR)
    ]
    assert rows(warehouse, "select first_seen_at from articles") == [
        (noon - HOUR + timedelta(minutes=10),)
    ]
    assert rows(warehouse, "select article_id, company_id from mentions") == [
        ("n1", "baidu")
    ]
    for table in ("article_versions", "sightings"):
        assert rows(warehouse, f"select article_id from {table}") == [("n1",), ("n1",)]
    assert rows(warehouse, "select story_id, articles from stories") == [("sa1", 1)]
    assert rows(warehouse, "select story_id, merged_into from story_merges") == [
        ("sa2", "sa1")
    ]


def test_whoever_has_the_id_already_joins(warehouse, load, join):
    """Also if it arrived later: there is never one id for two rows."""
    load(warehouse, {"article_id": "a1"}, {"article_id": "n1", "companies": ["baidu"]})

    assert join(a1="n1") == 1

    assert rows(warehouse, "select article_id, title from articles") == [
        ("n1", "Headline a1")
    ]
    assert rows(warehouse, "select * from mentions") == []
    assert rows(warehouse, "select article_id, into_id from article_merges") == [
        ("a1", "n1")
    ]


def test_full_text_is_not_lost(warehouse, load, join):
    """Of several the first that has one gives its words, with what was found in them."""
    load(
        warehouse,
        {"article_id": "a1", "companies": ["baidu"]},
        {"article_id": "a2", "content": "All of it.", "companies": ["tencent"]},
    )

    join(a1="n1", a2="n1")

    assert rows(warehouse, "select title, content from articles") == [
        ("Headline a2", "All of it.")
    ]
    assert rows(warehouse, "select article_id, company_id from mentions") == [
        ("n1", "tencent")
    ]


def test_stories_with_other_articles_stay_apart(warehouse, load, join):
    """Only a story that is left without any article goes into the other."""
    load(
        warehouse,
        {"article_id": "a1", "story_id": "s1"},
        {"article_id": "a2", "story_id": "s2"},
        {"article_id": "a3", "story_id": "s2"},
    )

    join(a1="n1", a2="n1")

    found = rows(warehouse, "select story_id, articles from stories order by all")
    assert found == [("s1", 1), ("s2", 1)]
    assert rows(warehouse, "select * from story_merges") == []


def test_alerts_stay_as_they_were_told(warehouse, load, join):
    """They lead to the article that there is; of two on a story the later is an update."""
    load(warehouse, {"article_id": "a1"}, {"article_id": "a2"})
    told = [
        alert(
            "x1", story_id="sa1", article_id="a1", title="One", url="https://x.example/1/"
        ),
        alert(
            "x2", story_id="sa2", article_id="a2", title="Two", url="https://x.example/1"
        ),
    ]
    append_alerts(warehouse, told)

    join(a1="n1", a2="n1")

    assert rows(
        warehouse,
        "select alert_id, article_id, story_id, title, url, updates_alert_id from alerts"
        " order by alert_id",
    ) == [
        ("x1", "n1", "sa1", "One", "https://x.example/1/", None),
        ("x2", "n1", "sa1", "Two", "https://x.example/1", "x1"),
    ]


def test_ids_lead_through_all_forms(warehouse, load, join):
    """An id given up twice is followed to the end; one that never was leads nowhere."""
    load(warehouse, {"article_id": "a1"})
    join(form=2, a1="n1")
    join(form=3, n1="o1")

    assert [current_article(warehouse, key) for key in ("a1", "n1", "o1", "x")] == [
        *("o1", "o1", "o1"),
        None,
    ]
    assert (begun(warehouse, 3), begun(warehouse, 4)) == (None, 0)


def test_outlets_are_counted_by_their_names_of_today(warehouse, load):
    """Two names of one outlet were two outlets of a story."""
    load(
        warehouse,
        {"article_id": "a1", "story_id": "s1", "publisher": "Wire"},
        {"article_id": "a2", "story_id": "s1", "publisher": "wire.example"},
    )

    rename_publishers(warehouse, lambda _name: "Wire")

    assert rows(warehouse, "select publishers from stories") == [(1,)]
