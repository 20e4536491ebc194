"""Alerts on what is no article: what begins is told once, and what ends is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from transforms.alerts import (
    AlertRules,
    OwnTitle,
    Signal,
    Watched,
    decide_watched,
    own_title,
)
from transforms.models import Condition, Rule

NOON = datetime(2026, 8, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def rule(kind, **fields):
    return Rule(rule_id="r", kind=kind, **fields)


def burst(company="roborock", **fields):
    title = OwnTitle(f"{company} bursts", "突增")
    return Signal(kind="burst", key=company, company_id=company, title=title, **fields)


def silence(feed="yicai", **fields):
    title = OwnTitle("silent", "静默")
    return Signal(kind="silence", key=feed, feed_id=feed or None, title=title, **fields)


def decide(the_rule, signals, watched=(), now=NOON, back=(("yicai", "Yicai"),)):
    return decide_watched(
        {"r": signals},
        AlertRules(rules=(the_rule,)),
        {("r", key): last for key, last in dict(watched).items()},
        now=now,
        rules_version="w1",
        back=dict(back),
    )


def last(phase="fired", ago=HOUR):
    return Watched(alert_id="al1", phase=phase, created_at=NOON - ago)


def test_what_begins_is_told():
    """The alert is about the company, of the rule's severity, and of no story."""
    [alert], over = decide(rule("burst", severity="urgent"), [burst()])

    assert (alert.company_id, alert.companies) == ("roborock", ("roborock",))
    assert (alert.kind, alert.severity, alert.phase) == ("burst", "urgent", "fired")
    assert (alert.title, alert.title_zh, alert.story_id) == (
        "roborock bursts",
        "突增",
        None,
    )
    assert over == []


def test_a_second_burst_of_one_story_is_none():
    """The first that a rule watches tells it; a burst without a story is one by itself."""
    found = [burst("baidu", story_id="s1"), burst(story_id="s1"), burst("byd"), burst("jd")]
    alerts, _ = decide(rule("burst"), found)
    assert [alert.company_id for alert in alerts] == ["baidu", "byd", "jd"]
    watching = rule("burst", wanted=Condition(companies=frozenset({"roborock"})))
    assert [alert.company_id for alert in decide(watching, found)[0]] == ["roborock"]


def test_a_burst_of_a_story_that_was_told_is_held_back():
    """It is on record, so that the next run does not decide on it again."""
    [alert], _ = decide(rule("burst"), [burst(story_id="s1", is_repeat=True)])
    assert (alert.state, alert.phase) == ("suppressed", "fired")


@pytest.mark.parametrize("phase", ["fired", "cooled"])
def test_what_goes_on_is_not_told_again(phase):
    """However many runs see it."""
    assert decide(rule("burst"), [burst()], {"roborock": last(phase)}) == ([], [])


def test_what_is_over_is_resolved_and_may_begin_again():
    """The next burst is news, unless the rule's cooldown says otherwise."""
    assert decide(rule("burst"), [], {"roborock": last()}) == ([], ["al1"])
    before = {"roborock": last("resolved", 2 * DAY)}

    [again], _ = decide(rule("burst"), [burst()], before)
    resting = decide(rule("burst", cooldown=3 * DAY), [burst()], before)

    assert again.alert_id != "al1"
    assert resting == ([], [])


@pytest.mark.parametrize(("ago", "fires"), [(12 * HOUR, False), (2 * DAY, True)])
def test_burst_that_one_run_does_not_find_is_told_once(ago, fires):
    """With the next run it is back, of the same day, and is no news."""
    alerts, _ = decide(rule("burst"), [burst()], {"roborock": last("resolved", ago)})

    assert bool(alerts) is fires


@pytest.mark.parametrize(("ago", "fires"), [(27 * DAY, False), (28 * DAY, True)])
def test_shift_is_told_once_although_its_day_moves(ago, fires):
    """What is found again and again within four weeks is the same shift."""
    title = OwnTitle("since May", "自五月起")
    shift = Signal(kind="shift", key="dji", company_id="dji", title=title)

    alerts, _ = decide(rule("shift"), [shift], {"dji": last("resolved", ago)})

    assert bool(alerts) is fires


def test_feed_that_comes_back_is_told_as_an_update():
    """Who heard of the silence hears of its end."""
    [back], over = decide(rule("silence"), [], {"yicai": last(ago=5 * HOUR)})

    assert back.title == "Yicai is back"
    assert (back.updates_alert_id, back.step, back.phase) == ("al1", "back", None)
    assert back.feed_id == "yicai"
    assert over == ["al1"]


def test_silence_that_ended_before_anybody_could_tell_is_one_alert():
    """A machine that slept wakes up: nobody needs two messages."""
    slept = silence("", began=NOON - 5 * HOUR)

    [alert], over = decide(rule("silence", pipeline=HOUR), [slept])

    assert (alert.title, alert.phase, alert.feed_id) == (
        "silent",
        "resolved",
        None,
    )
    assert over == []


def test_pipeline_that_was_told_silent_comes_back():
    """The signal of the gap is the end of the alert that told of it."""
    slept = silence("", began=NOON - 5 * HOUR)

    [back], over = decide(rule("silence", pipeline=HOUR), [slept], {"": last()})

    assert back.title == "The pipeline is back"
    assert over == ["al1"]


@pytest.mark.parametrize(("ago", "fires"), [(HOUR, False), (6 * HOUR, True)])
def test_gap_is_told_once_however_often_one_looks(ago, fires):
    """The same two runs are the last ones for a while; an older gap is another."""
    slept = silence("", began=NOON - 5 * HOUR)

    alerts, _ = decide(rule("silence", pipeline=HOUR), [slept], {"": last("resolved", ago)})

    assert bool(alerts) is fires


def test_gap_has_one_id():
    """Two who look at the same time tell of it once."""
    slept = silence("", began=NOON - 5 * HOUR)
    watching = rule("silence", pipeline=HOUR)

    [one], [two] = (decide(watching, [slept], now=NOON + n * HOUR)[0] for n in (0, 1))

    assert one.alert_id == two.alert_id


def test_feed_that_is_not_polled_any_more_has_not_come_back():
    """It was switched off, or the rule was: over, and nothing to tell."""
    watching = rule("silence")

    assert decide(watching, [], {"yicai": last()}, back=()) == ([], ["al1"])
    other = rule("silence", wanted=Condition(feeds=frozenset({"pandaily"})))
    assert decide(other, [], {"yicai": last()}) == ([], ["al1"])


def test_what_a_rule_watched_that_is_no_more_is_over():
    """A rule that was deleted leaves nothing open behind."""
    alerts, over = decide_watched(
        {},
        AlertRules(),
        {("gone", "yicai"): last(), ("gone", "x"): last("resolved")},
        now=NOON,
        rules_version="w1",
        back={"yicai": "Yicai"},
    )

    assert (alerts, over) == ([], ["al1"])


@pytest.mark.parametrize(
    ("kind", "wanted", "signal", "fires"),
    [
        ("burst", {"companies": frozenset({"roborock"})}, burst(), True),
        ("burst", {"companies": frozenset({"dji"})}, burst(), False),
        ("burst", {"topics": frozenset({"ai"})}, burst(), False),
        ("burst", {}, burst(), True),
        ("burst", {}, replace(burst("dji"), is_on_beat=False), False),
        ("burst", {"companies": {"dji"}}, replace(burst("dji"), is_on_beat=False), True),
        ("silence", {"feeds": frozenset({"yicai"})}, silence(), True),
        ("silence", {"feeds": frozenset({"pandaily"})}, silence(), False),
        ("silence", {}, silence(), True),
    ],
)
def test_rule_watches_what_it_names(kind, wanted, signal, fires):
    """One that names nothing watches everything on the beat."""
    alerts, _ = decide(rule(kind, wanted=Condition(**wanted)), [signal])

    assert bool(alerts) is fires


def test_titles_of_our_own_are_in_both_languages():
    """A name has its own form in each; what an outlet wrote stays as it is."""
    title = own_title(
        "title.burst",
        OwnTitle("Baidu", "百度"),
        observed=9,
        expected=2.25,
        day="2026-08-04",
    )
    whole = own_title("title.example", title=title, example="Chip unit listed")
    silent = own_title(
        "title.silence", "Yicai", state=own_title("health.quiet"), reason="Nothing new."
    )

    assert whole == OwnTitle(
        "Baidu: 9 stories on 2026-08-04, where 2.2 were to be expected — Chip unit listed",
        "百度：2026-08-04有9起报道，预期为2.2起——Chip unit listed",
    )
    assert silent.zh == "Yicai已静默（久无更新）：Nothing new."


def test_the_end_of_a_silence_is_told_in_both_languages():
    """Of the pipeline itself as well, which is called by no name."""
    [feed], _ = decide(rule("silence"), [], {"yicai": last()})
    [pipeline], _ = decide(rule("silence"), [], {"": last()})

    assert (feed.title, feed.title_zh) == ("Yicai is back", "Yicai已恢复")
    assert (pipeline.title, pipeline.title_zh) == ("The pipeline is back", "采集流程已恢复")
