"""Alerts on what is no article: what begins is told once, and what ends is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from transforms.alerts import AlertRules, Signal, Watched, decide_watched
from transforms.models import Condition, Rule

NOON = datetime(2026, 8, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def rule(kind, **fields):
    return Rule(rule_id="r", kind=kind, **fields)


def burst(company="roborock"):
    return Signal(kind="burst", key=company, company_id=company, title=f"{company} bursts")


def silence(feed="yicai", **fields):
    return Signal(kind="silence", key=feed, feed_id=feed or None, title="silent", **fields)


def decide(the_rule, signals, watched=(), now=NOON):
    return decide_watched(
        {"r": signals},
        AlertRules(rules=(the_rule,)),
        {("r", key): last for key, last in dict(watched).items()},
        now=now,
        rules_version="w1",
        names={"yicai": "Yicai"},
    )


def last(phase="fired", ago=HOUR):
    return Watched(alert_id="al1", phase=phase, created_at=NOON - ago)


def test_what_begins_is_told():
    """The alert is about the company, of the rule's severity, and of no story."""
    [alert], over = decide(rule("burst", severity="urgent"), [burst()])

    assert (alert.company_id, alert.companies) == ("roborock", ("roborock",))
    assert (alert.kind, alert.severity, alert.phase) == ("burst", "urgent", "fired")
    assert (alert.title, alert.story_id) == ("roborock bursts", None)
    assert over == []


@pytest.mark.parametrize("phase", ["fired", "cooled"])
def test_what_goes_on_is_not_told_again(phase):
    """However many runs see it."""
    assert decide(rule("burst"), [burst()], {"roborock": last(phase)}) == ([], [])


def test_what_is_over_is_resolved_and_may_begin_again():
    """The next burst is news, unless the rule's cooldown says otherwise."""
    assert decide(rule("burst"), [], {"roborock": last()}) == ([], ["al1"])
    before = {"roborock": last("resolved", 2 * HOUR)}

    [again], _ = decide(rule("burst"), [burst()], before)
    resting = decide(rule("burst", cooldown=3 * HOUR), [burst()], before)

    assert again.alert_id != "al1"
    assert resting == ([], [])


@pytest.mark.parametrize(("ago", "fires"), [(27 * DAY, False), (28 * DAY, True)])
def test_shift_is_told_once_although_its_day_moves(ago, fires):
    """What is found again and again within four weeks is the same shift."""
    shift = Signal(kind="shift", key="dji", company_id="dji", title="since May")

    alerts, _ = decide(rule("shift"), [shift], {"dji": last("resolved", ago)})

    assert bool(alerts) is fires


def test_feed_that_comes_back_is_told_as_an_update():
    """Who heard of the silence hears of its end, and how long it was."""
    [back], over = decide(rule("silence"), [], {"yicai": last(ago=5 * HOUR)})

    assert back.title == "Yicai is back after 5 hours"
    assert (back.updates_alert_id, back.step, back.phase) == ("al1", "back", None)
    assert back.feed_id == "yicai"
    assert over == ["al1"]


def test_silence_that_ended_before_anybody_could_tell_is_one_alert():
    """A machine that slept wakes up: nobody needs two messages."""
    slept = silence("", over=True, over_title="no run from 1 to 5")

    [alert], over = decide(rule("silence", pipeline=HOUR), [slept])

    assert (alert.title, alert.phase, alert.feed_id) == (
        "no run from 1 to 5",
        "resolved",
        None,
    )
    assert over == []


def test_pipeline_that_was_told_silent_comes_back():
    """The signal of the gap is the end of the alert that told of it."""
    slept = silence("", over=True, over_title="no run from 1 to 5")

    [back], over = decide(rule("silence", pipeline=HOUR), [slept], {"": last()})

    assert back.title == "The pipeline is back after 1 hours"
    assert over == ["al1"]


@pytest.mark.parametrize(
    ("kind", "wanted", "signal", "fires"),
    [
        ("burst", {"companies": frozenset({"roborock"})}, burst(), True),
        ("burst", {"companies": frozenset({"dji"})}, burst(), False),
        ("burst", {"topics": frozenset({"ai"})}, burst(), False),
        ("burst", {}, burst(), True),
        ("silence", {"feeds": frozenset({"yicai"})}, silence(), True),
        ("silence", {"feeds": frozenset({"pandaily"})}, silence(), False),
        ("silence", {}, silence(), True),
    ],
)
def test_rule_watches_what_it_names(kind, wanted, signal, fires):
    """One that names nothing watches everything."""
    alerts, _ = decide(rule(kind, wanted=Condition(**wanted)), [signal])

    assert bool(alerts) is fires
