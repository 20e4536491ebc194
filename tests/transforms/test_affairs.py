"""Stories that build on one another: chains of acts on one object."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from builders import shipped_beat

from transforms.stories.affairs import Act, Turn, affairs_of
from transforms.stories.features import features

LEXICON = shipped_beat().concepts
NOON = datetime(2026, 8, 4, 12, tzinfo=UTC)


def turn(number, *headlines, days=0.0, subject="lumo", firms=(), acts=(), topic=None):
    return Turn(
        subject_id=subject,
        story_id=f"s{number}",
        headlines=headlines,
        began_at=NOON + timedelta(days=days),
        firms=frozenset({subject, *firms}),
        words=("Lumo", "陆墨"),
        acts=acts,
        topic_id=topic,
    )


def act(side, target, instrument="export-control", **fields):
    said = {
        "actor": side,
        "status": "decided",
        "direction": "tightens",
        "thing": "chips",
        "targets": (),
    }
    return Act(side=side, target_side=target, instrument=instrument, **said | fields)


def linked(*turns):
    return {(step.story_id, step.step) for step in affairs_of(turns, LEXICON)}


def joins(one, other, days=3.0, **more):
    """Tell whether the second of two headlines goes on with the first."""
    return bool(linked(turn(1, one, **more), turn(2, other, days=days, **more)))


def test_a_model_its_price_and_its_agent_are_one_affair():
    """In order of time, whatever order they come in; in both languages."""
    found = affairs_of(
        (
            turn(2, "陆墨宣布 Quay-4 永久降价", days=2),
            turn(1, "Lumo releases Quay 4", days=0),
            turn(3, "An agent built on Quay 4 is out", days=4),
            turn(9, "Lumo hires a lawyer", days=3),
        ),
        LEXICON,
    )

    assert [(s.story_id, s.affair_id, s.step, s.group_id, s.topic_id) for s in found] == [
        (f"s{n}", "s1-lumo", n, "lumo", None) for n in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            "Lumo passes hearing for Hong Kong IPO",
            "陆墨招股，发行价区间敲定",
            id="listing",
        ),
        pytest.param(
            "Lumo weighs sale of Keeto in Brazil", "陆墨否认出售Keeto巴西业务", id="rumour"
        ),
        pytest.param(
            "Lumo in talks to buy maker Orvane", "Lumo closes takeover of Orvane", id="deal"
        ),
        pytest.param(
            "Lumo slated to raise $7 billion in first round",
            "Lumo closes funding of $7 billion",
            id="funding",
        ),
        pytest.param("“老头乐”起诉陆墨", "“老头乐”企业向陆墨致歉", id="case"),
        pytest.param("Lumo workers vote for strike", "陆墨员工罢工首日", id="strike"),
        pytest.param(
            "Lumo to build plant in Szeged", "Lumo opens plant in Hungary", id="no place"
        ),
    ],
)
def test_acts_of_one_chain_on_one_object_are_one_affair(one, other, request):
    """Steps of a listing, a deal, a case, a rumour; a plant takes its place."""
    assert joins(one, other) == (request.node.callspec.id != "no place")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            "Lumo opens a lab", "Lumo cuts price of phones", id="a firm and a day"
        ),
        pytest.param(
            "Lumo shows cloud for cars", "陆墨云计算涨价", id="a firm and a field"
        ),
        pytest.param("Lumo quarterly revenue up 17%", "陆墨财报解读", id="results"),
        pytest.param("Lumo acquires Orvane", "Lumo buys Teldry", id="another object"),
        pytest.param("陆墨收购兰亭光学", "陆墨收购海澜芯片", id="another one in Chinese"),
        pytest.param("陆墨新款SUV上市", "陆墨新款轿车正式上市", id="a car on sale"),
        pytest.param("Lumo fined in Egypt", "Lumo sued over Quay in Kenya", id="places"),
        pytest.param("Doubao of Lumo is down", "陆墨豆包造车", id="a lasting product"),
    ],
)
def test_a_firm_and_a_field_are_no_object(one, other):
    assert not joins(one, other)


def test_other_firms_beside_are_of_other_affairs():
    """Two buyers are two deals, whatever else is alike."""
    one, other = "Lumo to sell stake in Orvane", "Lumo sells stake in Orvane"

    assert joins(one, other, firms=["tarn"])
    assert not linked(turn(1, one, firms=["tarn"]), turn(2, other, days=1, firms=["dial"]))


def test_a_version_is_an_object_from_its_release_on_for_three_weeks():
    """A car that is sold for years has news of all kinds; so has another version."""
    first = "Lumo launches Quay 4"

    assert joins(first, "Quay 4 is cheaper", days=20)
    assert not joins(first, "Quay 4 is cheaper", days=22)
    assert not joins(first, "Quay 5 is cheaper")
    assert not joins("Quay 4 sells well in Chile", "Quay 4 is cheaper")


def test_an_affair_goes_on_within_a_month_and_for_two():
    often = [turn(n, "Lumo workers on strike", days=n) for n in range(1, 100, 20)]

    assert not joins("Lumo workers vote for strike", "Lumo strike ends", days=31)
    assert linked(*often) == {("s1", 1), ("s21", 2), ("s41", 3), ("s61", 4)}


def test_what_two_languages_plan_apart_the_next_act_joins():
    """A story in both languages has the words of each."""
    english = turn(1, "US weighs licence rule for etching tools", acts=(act("us", "cn"),))
    chinese = turn(2, "美国考虑限制刻蚀设备", days=0.1, acts=(act("us", "cn"),))
    both = turn(
        *(3, "US curbs etching tools", "美国管制刻蚀设备"),
        days=9,
        acts=(act("us", "cn"),),
        topic="us-export-controls",
    )

    found = affairs_of((english, chinese, both), LEXICON)

    assert {(s.affair_id, s.step, s.group_id, s.topic_id) for s in found} == {
        ("s1-lumo", step, None, "us-export-controls") for step in (1, 2, 3)
    }


def test_a_state_goes_on_with_one_thing_or_one_target():
    """Another good, another firm and another body's rule at home are other affairs."""
    tools, software = "US curbs etching tools", "US eases curbs on design software"
    us = (act("us", "cn"),)
    dial, tarn = (act("us", "cn", targets=(firm,)) for firm in ("dial", "tarn"))

    assert joins(tools, "US delays curbs on etching tools", acts=us)
    assert not joins(tools, software, acts=us)
    assert not linked(turn(1, tools, acts=(dial,)), turn(2, tools, days=1, acts=(tarn,)))
    talks, end = act("us", "cn", "plan-or-support", direction="supports"), us
    assert not linked(turn(1, tools, acts=(talks,)), turn(2, tools, days=1, acts=end))
    rule = "CAC drafts rules on drones"
    assert not joins(rule, rule, acts=(act("cn", "cn", "rule-or-standard"),))
    assert joins(
        *("工信部就低慢飞行征求意见", "工信部发布低慢飞行规定"),
        acts=(act("cn", "cn", "rule-or-standard", actor="miit"),),
    )
    assert not linked(
        turn(1, "工信部就低慢飞行征求意见", acts=(act("cn", "cn", actor="miit"),)),
        turn(2, "网信办发布低慢飞行规定", days=1, acts=(act("cn", "cn", actor="cac"),)),
    )


@pytest.mark.parametrize(
    ("one", "other", "days", "is_step"),
    [
        # A firm has dealings with a state all year.
        ("ban decided dial", "ban decided dial", 3, False),
        ("ban decided dial", "ban decided dial", 0.5, True),
        ("ban proposed dial", "ban decided dial", 13, True),
        ("ban proposed dial", "ban decided dial", 15, False),
        ("investigation decided dial", "penalty decided dial", 9, True),
        # One of a list goes on; the next list has others.
        ("ban decided dial tarn", "ban answered dial", 9, True),
        ("ban decided dial tarn", "ban answered dial lux", 9, False),
    ],
)
def test_a_state_goes_on_with_a_firm(one, other, days, is_step):
    turns = []
    for at, title, said in ((0, "Acts", one), (days, "Rules", other)):
        means, status, *firms = said.split()
        acts = (act("us", "cn", means, status=status, targets=tuple(firms)),)
        turns.append(turn(len(turns), title, days=at, acts=acts))

    assert bool(linked(*turns)) == is_step


@pytest.mark.parametrize(
    ("instruments", "days", "status", "is_answer"),
    [
        (("entity-list", "entity-list"), 3, "decided", True),
        (("tariff", "investigation"), 3, "decided", True),
        (("entity-list", "tariff"), 3, "decided", False),
        (("entity-list", "entity-list"), 8, "decided", False),
        (("entity-list", "entity-list"), 3, "rumoured", False),
    ],
)
def test_an_answer_in_kind_within_a_week_is_a_step(instruments, days, status, is_answer):
    one, other = instruments
    first = turn(1, "US lists Dial", acts=(act("us", "cn", one, status=status),))
    answer = turn(2, "China lists Tarn", days=days, acts=(act("cn", "us", other),))

    assert bool(linked(first, answer)) == is_answer


def test_what_affairs_are_about_takes_no_room_of_headlines_to_compare():
    """A batch links thousands of headlines: they would push out those that come again."""
    before = features.cache_info().misses

    linked(turn(1, "Lumo opens a kiln in Quayside"), turn(2, "Lumo shuts a kiln", days=1))

    assert features.cache_info().misses == before
