"""How well a headline tells by itself what happened."""

from __future__ import annotations

import pytest
from builders import shipped_beat

from transforms.headlines.reports import read_telling

RULES = shipped_beat().telling


def weight(title, source="", *, actor=True, act=True):
    told = RULES.weigh(title.lower(), (source,), names_actor=actor, tells_act=act)
    return told.weight


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (("星河科技一季度营收增长七成", "cls"), ("如何看待星河科技营收增长？", "zhihu")),
        (("Luma opens a plant", "Reuters"), ("Why is Luma opening a plant?", "Reuters")),
        (("星河科技发布第二代芯片", "36kr"), ("星河科技发布第二代芯片", "zhihu-hotlist")),
        (("星河科技发布第二代芯片", "weibo"), ("星河科技 芯片", "weibo")),
        (("Luma cuts prices again", "cnbc"), ("luma-ai/agent: an agent", "github.com")),
        (("Luma raises $2bn", "cnbc"), ("Should you buy Luma stock now?", "yahoo")),
        (("星河手机正式发布", "36kr"), ("星河手机上手体验", "36kr")),
        (("星河科技夺得订单", "36kr"), ("星河科技回应订单争议", "36kr")),
    ],
)
def test_a_report_comes_before(better, worse):
    """Questions, talk, guides and labels; forums and repositories; tips on shares."""
    assert weight(*better) > weight(*worse)


def test_who_acts_and_the_act_count():
    """Each of them, and what took part says so."""
    made = RULES.weigh("luma opens a plant in hefei", (), names_actor=True, tells_act=True)
    assert made.weight == weight("luma opens a plant in hefei", act=False) + 1
    assert [part.what for part in made.parts] == ["names who acts", "tells an act"]


@pytest.mark.parametrize("title", ["", "？", "🚀" * 40, "字" * 500, "1 2 3 4", "삼성 공장"])
def test_any_headline_has_a_weight(title):
    """Between 0 and 9."""
    assert 0 <= weight(title, "github", actor=False, act=False) <= 9


def test_no_part_of_a_longer_name_is_a_forum():
    """The hn of a forum is no part of another outlet's name."""
    assert weight("Luma opens a plant", "hnnews.example") == weight("Luma opens a plant")


def test_what_a_report_weighs_is_no_matter_of_the_beat():
    """Alerts and queries ask for that weight."""
    text, learned = map(shipped_beat().texts.__getitem__, ("telling.toml", "reports.toml"))

    with pytest.raises(ValueError, match="begin is 6; a report weighs 5"):
        read_telling(text.replace("begin = 5", "begin = 6"), learned)
