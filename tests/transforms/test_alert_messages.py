"""Which channels hear of an alert: those of its rule, and some of a story only once."""

from __future__ import annotations

import pytest
from builders import alert

from transforms.alerts import AlertRules, messages_for
from transforms.models import Channel, Rule

RULES = AlertRules(
    rules=(
        Rule(rule_id="chips", channels=("desk", "phone")),
        Rule(rule_id="giants", channels=("phone",)),
    ),
    channels={
        "desk": Channel(channel_id="desk", type="file"),
        "phone": Channel(channel_id="phone", type="webhook", once=True),
    },
)


def going(alerts, told=(), severity="normal"):
    heard = dict.fromkeys(told, severity)
    return [(m.alert_id, m.channel_id) for m in messages_for(alerts, RULES, heard)]


def test_a_story_is_told_once_where_a_channel_wants_that():
    """The first of two rules speaks; elsewhere both do."""
    alerts = [
        alert("x1", "chips"),
        alert("x2", "giants"),
        alert("x3", "giants", story_id="s2"),
    ]

    assert going(alerts) == [("x1", "desk"), ("x1", "phone"), ("x3", "phone")]


def test_what_was_told_before_is_not_told_again():
    """Neither by the rule that told it nor by another."""
    told = {("phone", "sa1"), ("phone", "x0")}

    assert going([alert("x1", "chips")], told) == [("x1", "desk")]
    assert going([alert("x2", "giants")], told) == []


def test_what_is_more_severe_than_all_that_was_told_is_told():
    """An ordinary word of a story, perhaps still held, keeps back nothing urgent."""
    told = {("phone", "sa1"), ("phone", "x0")}
    urgent = alert("x2", "giants", severity="urgent")

    assert going([urgent], told) == [("x2", "phone")]
    assert going([urgent], told, severity="urgent") == []


def test_the_most_severe_of_several_rules_speaks():
    """Whoever waits for a digest keeps no urgent one from the same channel."""
    alerts = [alert("x1", "chips"), alert("x2", "giants", severity="urgent")]

    assert going(alerts) == [("x1", "desk"), ("x2", "phone")]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param(
            {("phone", "sa1"), ("phone", "x1")},
            [("x9", "desk"), ("x9", "phone")],
            id="the channel was told of the first",
        ),
        pytest.param(
            {("phone", "sa1"), ("phone", "x2")}, [("x9", "desk")], id="of another"
        ),
        pytest.param(frozenset(), [("x9", "desk")], id="of none"),
    ],
)
def test_an_update_goes_where_its_first_alert_went(told, expected):
    """An update of what a channel was not told would be a riddle there."""
    assert (
        going([alert("x9", "chips", updates_alert_id="x1", phase=None)], told) == expected
    )


def test_an_update_may_come_with_its_first_alert():
    """In one batch, in whatever order."""
    update = alert("x9", "chips", updates_alert_id="x1", phase=None)

    assert ("x9", "phone") in going([update, alert("x1", "chips")])


def test_an_alert_without_a_story_is_always_news():
    """Two bursts, or two silent feeds, are no one story."""
    alerts = [alert(f"b{n}", kind="burst", story_id=None) for n in (1, 2)]

    assert [key for key, channel in going(alerts) if channel == "phone"] == ["b1", "b2"]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (set(), [("x9", "desk"), ("x9", "phone")]),
        ({("phone", "sa1")}, [("x9", "desk")]),
    ],
)
def test_further_turn_goes_where_its_story_was_not_told(told, expected):
    """It is a story of its own: whoever did not hear of the first hears of this."""
    turn = alert("x9", "chips", updates_alert_id="x1", step="turn", phase=None)

    assert going([turn], told) == expected


def test_a_turn_speaks_before_a_first_alert_of_another_rule():
    """A channel that hears of a story once hears how it goes on."""
    alerts = [
        alert("x2", "giants"),
        alert("x9", "chips", updates_alert_id="x1", step="turn", phase=None),
    ]

    assert going(alerts) == [("x9", "desk"), ("x9", "phone")]
