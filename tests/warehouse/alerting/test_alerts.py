from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from transforms.models import Delivery
from warehouse.alerting.alerts import (
    append_alerts,
    coverage,
    explain,
    last_alert_at,
    list_alerts,
    news,
    told,
)
from warehouse.alerting.outbox import append_messages, record_deliveries
from warehouse.news.stories import merge_stories


def test_alert_is_decided_once(warehouse, make_alert):
    """The same decision twice, in one batch or two, is one alert."""
    assert append_alerts(warehouse, [make_alert("x1"), make_alert("x1")]) == {"x1"}
    assert append_alerts(warehouse, [make_alert("x1"), make_alert("x2")]) == {"x2"}


@pytest.mark.parametrize(
    ("second", "appended"),
    [
        pytest.param({}, set(), id="same rule and story"),
        pytest.param({"rule_id": "other"}, {"x2"}, id="another rule"),
        pytest.param({"company_id": "tencent"}, set(), id="another company"),
        pytest.param({"story_id": "s2"}, {"x2"}, id="another story"),
        pytest.param({"updates_alert_id": "x1"}, {"x2"}, id="an update says so"),
        pytest.param({"company_id": None}, set(), id="about no company"),
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_no_second_alert_for_rule_and_story(
    warehouse, make_alert, second, appended, together
):
    """Ids may differ; rule and story are what makes an alert the same."""
    first = make_alert("x1", story_id="s1")
    other = make_alert("x2", **{"story_id": "s1"} | second)

    if together:
        assert append_alerts(warehouse, [first, other]) == {"x1"} | appended
    else:
        append_alerts(warehouse, [first])
        assert append_alerts(warehouse, [other]) == appended


def test_outcome_of_a_claim_is_told_once(warehouse, make_alert):
    """Whatever the story and the id, alone or with a turn; another outcome is told, too."""

    def update(alert_id, step, rule_id="giants"):
        update = make_alert(alert_id, rule_id=rule_id, story_id=f"s{alert_id}")
        return replace(update, updates_alert_id="x1", step=step, phase=None)

    append_alerts(warehouse, [make_alert("x1", story_id="s1")])
    append_alerts(warehouse, [update("x2", "turn denied:c1")])
    later = [
        update("x3", "denied:c1"),
        update("x4", "confirmed:c1"),
        update("x5", "denied:c11"),
        update("x6", "denied:c1", rule_id="other"),
    ]

    assert append_alerts(warehouse, later) == {"x4", "x5", "x6"}


def test_bursts_have_no_story_to_share(warehouse, make_alert):
    """Alerts without a story are told apart by their ids alone."""
    bursts = [make_alert(f"b{n}", kind="burst", story_id=None) for n in range(3)]

    assert append_alerts(warehouse, bursts) == {"b0", "b1", "b2"}


def test_what_was_alerted_is_known(warehouse, make_alert, noon):
    """Keys of stories asked for, and when each rule last spoke of a company."""
    later = noon + timedelta(hours=1)
    append_alerts(
        warehouse,
        [
            make_alert("x1", story_id="s1"),
            make_alert("x2", story_id="s2", created_at=later),
            make_alert(
                "x3",
                story_id="s3",
                created_at=later + timedelta(hours=1),
                state="suppressed",
            ),
            make_alert("x4", story_id="s4", company_id=None),
        ],
    )

    asked = told(warehouse, ["s1", "s4", "s9"])
    assert {(row["rule_id"], row["story_id"], row["alert_id"]) for row in asked} == {
        ("giants", "s1", "x1"),
        ("giants", "s4", "x4"),
    }
    assert len(told(warehouse)) == 4
    assert last_alert_at(warehouse) == {
        ("giants", "alibaba"): later,
        ("giants", None): noon,
    }


def test_news_is_the_last_first_alert_on_a_company_and_topic(warehouse, make_alert, noon):
    """Neither an update, what was held back, what has no topic, nor what is old."""
    hour = timedelta(hours=1)
    told = {"companies": ("alibaba", "baidu"), "topic_id": "earnings"}
    append_alerts(
        warehouse,
        [
            make_alert("x1", story_id="s1", created_at=noon - hour, **told),
            make_alert("x2", story_id="s2", created_at=noon, **told),
            make_alert("x3", story_id="s3", created_at=noon + hour, **told),
            make_alert("x4", created_at=noon + 2 * hour, updates_alert_id="x3", **told),
            make_alert("x5", story_id="s5", created_at=noon + 2 * hour, topic_id=None),
            make_alert(
                "x6", story_id="s6", created_at=noon + 2 * hour, state="suppressed", **told
            ),
        ],
    )

    assert news(warehouse, noon - 2 * hour) == {
        ("giants", company, "earnings"): ("x3", noon + hour)
        for company in told["companies"]
    }
    assert news(warehouse, noon + hour) == {}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param({}, ["x2", "x1"], id="newest first"),
        pytest.param({"limit": 1}, ["x2"], id="limit"),
        pytest.param({"state": "suppressed"}, ["x1"], id="state"),
        pytest.param({"rule_id": "giants"}, ["x1"], id="rule"),
        pytest.param({"company_id": "tencent"}, ["x2"], id="company"),
    ],
)
def test_alerts_are_listed(warehouse, make_alert, noon, wanted, expected):
    """The newest alerts come first, narrowed as asked."""
    append_alerts(
        warehouse,
        [
            make_alert("x1", state="suppressed"),
            make_alert(
                "x2",
                rule_id="other",
                company_id="tencent",
                created_at=noon + timedelta(hours=1),
            ),
        ],
    )

    assert [row["alert_id"] for row in list_alerts(warehouse, **wanted)] == expected
    assert len(list_alerts(warehouse, since=noon + timedelta(minutes=1))) == 1


def test_alert_is_explained(warehouse, load, make_alert, make_message, noon):
    """An alert with where its article names the company, its messages, every attempt."""
    append_alerts(warehouse, [make_alert("x1")])
    append_messages(
        warehouse, [make_message("m1", "x1", "desk"), make_message("m2", "x1", "hook")]
    )
    load(warehouse, {"article_id": "a1", "companies": ["alibaba"]})
    tried = Delivery(
        message_id="m1",
        alert_id="x1",
        channel_id="desk",
        attempt=1,
        attempted_at=noon,
        outcome="retry",
        error="HTTP 503",
    )
    record_deliveries(warehouse, [tried])

    parts = explain(warehouse, "x1")

    assert parts["alert"][0]["title"] == "Alibaba opens"
    assert [(r["alias"], r["is_about"]) for r in parts["mentions"]] == [("alib", None)]
    assert [row["channel_id"] for row in parts["messages"]] == ["desk", "hook"]
    assert [row["error"] for row in parts["attempts"]] == ["HTTP 503"]
    assert explain(warehouse, "x9")["alert"] == []


def test_stories_have_their_number_of_outlets(warehouse, load):
    """Outlets are counted once each; a story without articles is left out."""
    load(
        warehouse,
        {"article_id": "a1", "story_id": "s1", "publisher": "First"},
        {"article_id": "a2", "story_id": "s1", "publisher": "Second"},
    )

    [row] = coverage(warehouse, ["s1", "s2"])
    assert (row["story_id"], row["publishers"]) == ("s1", 2)


def test_merged_story_goes_on_from_the_alert_that_was_sent(warehouse, make_alert, noon):
    """One that a cooldown held back told nobody, though it was decided first."""
    later = noon + timedelta(hours=3)
    append_alerts(
        warehouse,
        [
            make_alert("x1", story_id="s1", state="suppressed"),
            make_alert("x2", story_id="s2", created_at=later),
        ],
    )

    merge_stories(warehouse, {"s2": "s1"}, later)

    [row] = told(warehouse, ["s1"])
    assert (row["alert_id"], row["is_open"]) == ("x2", True)
    assert warehouse.execute(
        "select alert_id, updates_alert_id, step from alerts order by alert_id"
    ).fetchall() == [("x1", "x2", "merged"), ("x2", None, "")]
