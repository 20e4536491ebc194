"""Official acts: what a body published, whom it names, and who told of it afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from transforms.models import Feed
from warehouse.feeds import sync_feeds

HOUR = timedelta(hours=1)


@pytest.fixture
def told(warehouse, load, noon):
    """An act of a register and one of a ministry, with press before and after."""
    feeds = {"fedreg": "official", "miit": "regulator", "press": "news", "wire": "news"}
    sync_feeds(
        warehouse,
        [
            Feed(feed_id=key, url=f"https://{key}.example/f", kind=kind, region="US")
            for key, kind in feeds.items()
        ],
    )
    load(
        warehouse,
        article("act", "fedreg", noon, "s1", "Rule on chips", ("Commerce",), ["huawei"]),
        article("before", "wire", noon - HOUR, "s1", "Rule expected"),
        article("soon", "press", noon + 2 * HOUR, "s1", "Rule published"),
        article("late", "wire", noon + 5 * HOUR, "s1", "Rule is out"),
        article("turn", "press", noon + 30 * HOUR, "s2", "Huawei answers"),
        article("past", "press", noon - 30 * HOUR, "s0", "Rule drafted"),
        article("quiet", "miit", noon, "s3", "关于印发通知"),
        {**article("digest", "miit", noon, "s4", "Notices"), "is_digest": True},
        article("told", "miit", noon, "s5", "专家解读：《样例办法》"),
        {**article("old", "miit", noon, "s6", "关于印发"), "published_from": "backlog"},
    )
    warehouse.execute(
        "insert into story_affairs by name select 'a1' as affair_id,"
        " unnest(['s0', 's1', 's2']) as story_id, unnest([1, 2, 3]) as step"
    )
    return warehouse


def article(key, feed, at, story, title, authors=(), companies=()):
    return {
        "article_id": key,
        "feed_id": feed,
        "publisher": feed.title(),
        "published_at": at,
        "story_id": story,
        "title": title,
        "authors": authors,
        "companies": list(companies),
    }


def test_acts_and_the_press_that_followed(told):
    """Who told before is no answer; a later step of the affair is one."""
    rows = told.execute(
        "select article_id, body, kind, companies, press_stories, first_press,"
        " round(hours_to_press, 2) from official_acts order by article_id"
    ).fetchall()
    assert rows == [
        ("act", "Commerce", "official", ["huawei"], 2, "Press", 2.0),
        ("quiet", "Miit", "regulator", [], 0, None, None),
    ]
    assert told.execute(
        "select article_id, story_id, link, publisher, publishers, round(hours_after, 2)"
        " from official_act_stories order by followed_at"
    ).fetchall() == [
        ("act", "s1", "story", "Press", 2, 2.0),
        ("act", "s2", "affair", "Press", 1, 30.0),
    ]
