from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import mention, tag

from transforms.models.findings import Findings
from warehouse.file.connect import writer
from warehouse.news.articles import hand_over
from warehouse.news.coverage import refresh_coverage, refresh_story_days
from warehouse.news.findings import replace_findings
from warehouse.news.stories import merge_stories, refresh_stories
from warehouse.runs import set_reporting_zone
from warehouse.upkeep.checks import run_checks


def follows(con):
    """Say whether coverage is what the articles give, by the checks that prove it."""
    names = ("coverage_follows_from_articles", "story_days_follow_from_coverage")
    found = [check for check in run_checks(con) if check.name in names]
    assert len(found) == 2
    return all(check.ok for check in found)


def rows(con, sql="select kind, subject_id, article_id, story_id from coverage"):
    return sorted(con.execute(sql).fetchall())


@pytest.fixture
def told(warehouse, load):
    """Two stories of one article each; the second names a company twice, in two fields."""
    return load(
        warehouse,
        {"article_id": "a1", "companies": ["byd"], "topics": ["chips"]},
        {"article_id": "a2", "companies": ["nio", "byd"], "roles": {"nio": "owner"}},
        {"article_id": "a3", "companies": ["byd"], "is_digest": True},
    )


def test_an_article_counts_for_itself_and_for_what_it_names(warehouse, told):
    """Not for an owner, and a digest for nothing."""
    assert rows(warehouse) == [
        ("article", "", "a1", "sa1"),
        ("article", "", "a2", "sa2"),
        ("company", "byd", "a1", "sa1"),
        ("company", "byd", "a2", "sa2"),
        ("topic", "chips", "a1", "sa1"),
    ]
    assert follows(warehouse)


def test_a_name_in_headline_and_summary_counts_once(warehouse, load, make_article):
    """Whichever comes first in the batch; the full text counts for nothing."""
    [article] = load(warehouse, {"article_id": "a1"})
    named = [
        mention("a1", "byd", field=field) for field in ("content", "summary", "title")
    ] + [mention("a1", "nio", field="summary"), mention("a1", "catl", field="content")]
    replace_findings(warehouse, Findings(named), {"a1": 1})

    refresh_coverage(warehouse, [article], [article], named, [])
    refresh_story_days(warehouse, [article.story_id], since=article.published_at)

    companies = "select subject_id from coverage where kind = 'company'"
    assert rows(warehouse, companies) == [("byd",), ("nio",)]
    assert follows(warehouse)


def test_what_changes_counts_as_it_is_by_now(warehouse, told, noon):
    """Taken over by another feed with an earlier date, and about something else."""
    before = told[0]
    now = replace(
        before, publisher="Other", feed_id="other", published_at=noon - timedelta(days=3)
    )
    found = [mention("a1", "nio")], [tag("a1", "robots")]
    hand_over(warehouse, [now], at={"a1": 1})
    replace_findings(warehouse, Findings(*found), {"a1": 1})

    refresh_coverage(warehouse, [now], [before], *found)
    refresh_story_days(warehouse, [now.story_id], since=now.published_at)

    mine = "select distinct day::varchar, publisher from coverage where article_id = 'a1'"
    assert rows(warehouse, mine) == [("2026-08-01", "Other")]
    assert follows(warehouse)


def test_stories_that_become_one_count_as_one(warehouse, told, noon):
    """In the transaction that moves their articles."""
    merge_stories(warehouse, {"sa2": "sa1"}, noon)
    refresh_stories(warehouse, ["sa1", "sa2"], "w0")
    refresh_story_days(warehouse, ["sa1", "sa2"], since=noon - timedelta(days=9))

    assert {story for *_, story in rows(warehouse)} == {"sa1"}
    assert follows(warehouse)


def test_another_zone_has_other_days(warehouse, told):
    """Noon in Shanghai is the evening before on Midway."""
    set_reporting_zone(warehouse, "Pacific/Midway")

    assert rows(warehouse, "select distinct day::varchar from coverage") == [
        ("2026-08-03",)
    ]
    assert follows(warehouse)


def test_a_home_of_before_is_counted_when_it_is_opened(data, template, load):
    """As after a kill before the views are made: what is missing is made."""
    with writer(data, command="test") as con:
        load(con, {"article_id": "a1", "companies": ["byd"]})
        made = rows(con)
        con.execute("delete from coverage")
        con.execute("delete from schema_migrations where name = 'views'")

    with writer(data, command="test") as con:
        assert rows(con) == made
        assert follows(con)
