"""Lines in our own words: only of tags that are sure, in the reader's language."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from transforms.pages.own_words import HeadlineTags, own_words
from transforms.pages.words import PageWords

NAMES = {
    "roborock": ("Roborock", "石头科技"),
    "tencent": ("Tencent", "腾讯"),
    "samr": ("State Administration for Market Regulation", "国家市场监督管理总局"),
}
PLANT = HeadlineTags(
    story_id="a1",
    title="石头科技将在波兰建厂，新增1200个岗位",
    names=(("roborock", "石头科技"),),
    events=(("market-entry", "re:(波兰|德国)[^，。]{0,10}建厂"),),
    places=(("europe", "波兰"),),
    are_plain=True,
    called=("roborock",),
    claim=("roborock", "planned", "company", "将在"),
    act=("", "", "", "", ""),
    targets=(),
)
FUNDING = replace(
    PLANT,
    title="石头科技完成超3亿美元融资",
    events=(("funding", "re:完成.{0,22}融资"),),
    places=(),
    claim=("roborock", "happened", "company", ""),
)
ACT = replace(
    FUNDING,
    title="市场监管总局对腾讯立案调查",
    names=(
        ("samr", "市场监管总局"),
        ("tencent", "腾讯"),
    ),
    events=(),
    called=("samr", "tencent"),
    claim=("", "", "", ""),
    act=("cn", "decided", "investigation", "samr", "platforms"),
    targets=("tencent",),
)


def line(tags, language="en"):
    """Return the line on a headline for readers of *language*."""
    zone = ZoneInfo("Asia/Shanghai")
    until = datetime(2026, 12, 1, tzinfo=UTC)
    words = PageWords(language=language, zone=zone, names=NAMES, until=until)
    return own_words(words, tags)


@pytest.mark.parametrize(
    ("tags", "language", "said"),
    [
        (PLANT, "en", "Roborock · new market or site · Poland · planned"),
        (PLANT, "zh", "石头科技 · 进入新市场或设点 · 波兰 · 计划中"),
        (FUNDING, "en", "Roborock · funding · about $300 million"),
        (FUNDING, "zh", "石头科技 · 融资 · 约3亿美元"),
        (
            ACT,
            "en",
            f"{NAMES['samr'][0]} · inquiry, summons or crackdown · Tencent",
        ),
        (
            replace(
                ACT, targets=(), title="中国调查无人机", act=(*ACT.act[:3], "", "drones")
            ),
            "en",
            "China · inquiry, summons or crackdown · drones",
        ),
        # A body that the headline does not name may be another one.
        (
            replace(ACT, names=ACT.names[1:], called=("tencent",)),
            "en",
            "China · inquiry, summons or crackdown · Tencent",
        ),
        (
            replace(FUNDING, claim=("roborock", "happened", "unnamed", "")),
            "zh",
            "石头科技 · 融资 · 约3亿美元 · 未经证实",
        ),
    ],
)
def test_what_is_sure_is_told(tags, language, said):
    """Who, what, how much and where, and whether it is done."""
    assert line(tags, language) == said


@pytest.mark.parametrize(
    "tags",
    [
        replace(FUNDING, title="石头科技未完成3亿美元融资"),
        replace(FUNDING, title="石头科技供应商完成3亿美元融资"),
        replace(FUNDING, title="某公司完成3亿美元融资，石头科技领投"),
        replace(FUNDING, title="石头科技上市，某公司完成3亿美元融资"),
        replace(FUNDING, are_plain=False),
        replace(FUNDING, called=()),
        replace(FUNDING, claim=("tencent", "happened", "company", "")),
        replace(FUNDING, claim=("roborock", "denied", "company", "")),
        replace(FUNDING, claim=("roborock", "planned", "company", "将")),
        replace(FUNDING, events=(("no-event-of-ours", "融资"),)),
        replace(FUNDING, names=FUNDING.names + ACT.names),
        replace(PLANT, title="石头科技提议允许其将在波兰建厂"),
        replace(ACT, title="腾讯网约车乘客被罚", act=("cn", "decided", "penalty", "", "")),
        replace(ACT, act=("cn", "answered", *ACT.act[2:])),
        replace(ACT, act=("other", *ACT.act[1:])),
        replace(ACT, act=("cn", "decided", "other", "", "")),
        replace(ACT, targets=("roborock",)),
        replace(ACT, called=("samr",)),
        replace(ACT, title="腾讯被市场监管总局立案调查"),
        replace(ACT, title="市场监管总局或将对腾讯立案调查"),
        # By whom is not said.
        replace(ACT, title="腾讯被调查", act=(*ACT.act[:3], "", "")),
        # A city's act is not its country's.
        replace(ACT, targets=(), title="上海调查无人机", act=(*ACT.act[:3], "", "drones")),
    ],
)
def test_what_is_not_sure_is_not_told(tags):
    """Negated, another firm's, another clause's, a rumour: there is no line."""
    assert line(tags) == ""


@pytest.mark.parametrize("title", ["石头科技全年净亏损3亿元", "石头科技全年开支净3亿元"])
def test_what_is_lost_or_spent_is_not_told_as_earned(title):
    """The line has no word for it."""
    result = replace(FUNDING, title=title, events=(("earnings", "净"),))
    assert line(result) == "Roborock · results"


def test_an_amount_without_a_currency_is_left_out():
    """3亿 of what is not told."""
    assert line(replace(FUNDING, title="石头科技完成3亿融资")) == "Roborock · funding"
