from __future__ import annotations

from datetime import timedelta

import pytest

from warehouse.alerting.alerts import append_alerts
from warehouse.alerting.outbox import append_messages
from warehouse.feeds import record_polls, sync_feeds
from warehouse.news.findings import sync_watchlist
from warehouse.runs import begin_run
from warehouse.upkeep import checks
from warehouse.upkeep.checks import run_checks

pytestmark = pytest.mark.slow


@pytest.fixture
def filled(
    warehouse,
    load,
    make_alert,
    make_company,
    make_feed,
    make_message,
    make_poll,
    make_run,
):
    """A small warehouse in which everything is as it should be."""
    begin_run(warehouse, make_run())
    sync_feeds(warehouse, [make_feed()])
    sync_watchlist(warehouse, [make_company("alibaba")], [], [])
    record_polls(warehouse, [make_poll()], {})
    load(
        warehouse,
        {
            "article_id": "a1",
            "companies": ["alibaba"],
            "topics": ["chips"],
            "events": ["earnings"],
            "title": "Alibaba raises $3bn",
        },
        {"article_id": "a2", "story_id": "sa1", "language": "zh"},
    )
    append_alerts(warehouse, [make_alert("x1"), make_alert("x2", state="suppressed")])
    append_messages(warehouse, [make_message("m1")])
    return warehouse


def failed(con):
    return {check.name: check for check in run_checks(con) if not check.ok}


def test_sound_warehouse_passes(filled, data):
    """Nothing is found where nothing is wrong, and every check has a remedy."""
    checks = run_checks(filled)

    assert [check for check in checks if not check.ok] == []
    assert all(check.remedy and check.count == 0 and not check.sample for check in checks)
    assert data.exists()


@pytest.mark.parametrize(
    ("spoil", "names"),
    [
        (
            "insert into articles from articles where article_id = 'a2'",
            {
                "article_ids_are_unique",
                "article_order_is_unique",
                "stories_follow_from_articles",
                "coverage_follows_from_articles",
            },
        ),
        ("insert into article_versions from article_versions", {"versions_are_unique"}),
        ("insert into sightings from sightings", {"sightings_are_unique"}),
        (
            "insert into mentions from mentions",
            {"mentions_are_unique", "repeats_are_marked", "coverage_follows_from_articles"},
        ),
        (
            "update mentions set is_repeat = true",
            {"repeats_are_marked", "coverage_follows_from_articles"},
        ),
        (
            "insert into tags from tags",
            {"tags_are_unique", "coverage_follows_from_articles"},
        ),
        ("insert into headline_facts from headline_facts", {"facts_are_unique"}),
        (
            """insert into topics by name
            select 'ipo' as topic_id, 'event' as kind, 'Listing' as name, '' as name_zh
            from range(2)""",
            {"topics_are_unique"},
        ),
        (
            "insert into feeds from feeds",
            {"feeds_are_unique", "stories_follow_from_articles"},
        ),
        (
            "insert into feed_polls from feed_polls",
            {"polls_are_in_order", "feed_marks_follow_from_polls"},
        ),
        ("update feed_marks set failures = 9", {"feed_marks_follow_from_polls"}),
        ("delete from feed_marks", {"feed_marks_follow_from_polls"}),
        ("insert into poll_days from poll_days", {"poll_days_follow_from_polls"}),
        ("delete from poll_days", {"poll_days_follow_from_polls"}),
        (
            "update poll_days set has_answered = not has_answered",
            {"poll_days_follow_from_polls"},
        ),
        (
            "update mentions set seq = 0",
            {"places_are_those_of_articles", "coverage_follows_from_articles"},
        ),
        (
            "update sightings set seq = null",
            {
                *("places_are_those_of_articles", "feed_arrivals_were_seen"),
                # It lies with the first article, and is of both.
                *("articles_were_seen", "findings_have_articles"),
            },
        ),
        ("insert into alerts from alerts", {"alerts_are_unique"}),
        (
            "insert into messages from messages",
            {"messages_are_unique", "messages_are_in_order"},
        ),
        ("delete from article_versions", {"versions_hold_the_newest_wording"}),
        (
            "delete from sightings",
            {"articles_were_seen", "feed_arrivals_were_seen"},
        ),
        ("delete from feed_arrivals", {"feed_arrivals_follow_from_sightings"}),
        (
            "insert into feed_arrivals from feed_arrivals",
            {"feed_arrivals_were_seen"},
        ),
        (
            "update feed_arrivals set last_article_at = last_article_at - interval 1 hour",
            {"feed_arrivals_follow_from_sightings", "feed_arrivals_were_seen"},
        ),
        (
            "update mentions set article_id = 'a9'",
            {"findings_have_articles", "coverage_follows_from_articles"},
        ),
        (
            "update tags set article_id = 'a9'",
            {"findings_have_articles", "coverage_follows_from_articles"},
        ),
        ("update headline_facts set article_id = 'a9'", {"findings_have_articles"}),
        ("update headline_facts set kind = 'mood'", {"codes_are_known"}),
        ("update mentions set start = 500", {"mentions_lie_in_their_field"}),
        (
            """insert into mentions by name select * replace (
            'summary' as field, true as is_about, 0 as start, 0 as length) from mentions""",
            {"salience_is_one", "repeats_are_marked", "coverage_follows_from_articles"},
        ),
        ("update runs set outcome = 'odd'", {"codes_are_known"}),
        (
            """insert into runs by name
            select runs.* replace (
                name as run_id, name as host, list as feeds_version
            )
            from runs, (values ('alpha', 'p1'), ('beta', 'p2')) as hosts (name, list)""",
            {"hosts_have_one_feed_list"},
        ),
        (
            "update articles set published_at = '2026-08-09' where article_id = 'a1'",
            {
                "dates_are_past",
                "stories_follow_from_articles",
                "coverage_follows_from_articles",
                "feed_arrivals_follow_from_sightings",
            },
        ),
        (
            "delete from coverage where kind = 'topic'",
            {"coverage_follows_from_articles", "story_days_follow_from_coverage"},
        ),
        ("update coverage set publisher = ''", {"coverage_follows_from_articles"}),
        ("delete from story_days", {"story_days_follow_from_coverage"}),
        ("update story_days set articles = 9", {"story_days_follow_from_coverage"}),
        (
            "update story_days set previous_day = day - 1",
            {"story_days_know_the_day_before"},
        ),
        (
            "update reporting set zone = 'Pacific/Midway'",
            {"coverage_follows_from_articles", "poll_days_follow_from_polls"},
        ),
        ("update stories set articles = 9", {"stories_follow_from_articles"}),
        ("delete from stories", {"stories_follow_from_articles"}),
        (
            "insert into stories from stories",
            {"stories_are_unique"},
        ),
        ("update messages set held = 'odd'", {"codes_are_known"}),
        (
            """insert into messages by name
            select * replace ('m9' as message_id) from messages""",
            {"messages_are_in_order"},
        ),
        ("delete from messages", {"alerts_have_messages"}),
        ("delete from alerts", {"messages_have_alerts"}),
        ("update messages set state = 'parked'", {"alert_states_follow_from_messages"}),
        ("insert into reporting (zone) values ('UTC')", {"there_is_one_reporting_zone"}),
    ],
)
def test_each_check_finds_its_fault(filled, monkeypatch, spoil, names):
    """A fault is found by the check that is for it, in whichever part it lies."""
    monkeypatch.setattr(checks, "PLACES", 1)
    monkeypatch.setattr(checks, "_digits", lambda _: ["a2"])
    filled.execute(spoil)

    found = failed(filled)

    assert set(found) == names
    assert all(check.sample and check.count >= 1 for check in found.values())


@pytest.mark.parametrize(
    ("spoil", "name"),
    [
        ("update mentions set start = 500", "mentions_lie_in_their_field"),
        ("update stories set articles = 9", "stories_follow_from_articles"),
        ("update coverage set publisher = ''", "coverage_follows_from_articles"),
        ("update story_days set articles = 9", "story_days_follow_from_coverage"),
        ("update story_days set previous_day = day - 1", "story_days_know_the_day_before"),
    ],
)
def test_an_incremental_pass_finds_what_changed_at_once_and_the_rest_in_a_week(
    filled, noon, spoil, name
):
    """By night each part of what did not change has its turn once."""
    filled.execute(spoil)

    def found(since):
        nights = [checks.Pass(since, night) for night in range(7)]
        passes = [run_checks(filled, only=night) for night in nights]
        return [name in {c.name for c in made if not c.ok} for made in passes]

    assert found(noon - timedelta(hours=1)) == [True] * 7
    assert found(noon + timedelta(days=1)).count(True) == 1
