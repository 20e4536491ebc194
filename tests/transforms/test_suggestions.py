"""Names that recent coverage uses and the watchlist does not know."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from builders import tagger_of

from transforms.names.rules.file import parse_watchlist
from transforms.names.suggestions import StoredHeadline, suggest

WATCHLIST = parse_watchlist("""
[company.tencent]
name = "Tencent"
zh = "腾讯"

[company.roborock]
name = "Roborock"
zh = "石头科技"

[person.ma]
name = "Pony Ma"
zh = "马化腾"
""")
TAGGER = tagger_of(WATCHLIST)
NOW = datetime(2026, 8, 4, tzinfo=UTC)


def headlines(*titles, **fields):
    """Return headlines a minute apart, each of its own story."""
    return [
        StoredHeadline(
            title=title,
            publisher=fields.get("publisher", "Outlet"),
            story_id=fields.get("story_id", f"s{n}{title}"),
            seen_at=NOW + timedelta(minutes=n),
            is_recent=fields.get("is_recent", True),
        )
        for n, title in enumerate(titles)
    ]


def names(*titles):
    """Return what is proposed for these headlines."""
    return [s.name for s in suggest(TAGGER, headlines(*titles))]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("聚时科技：不做替代", "聚时科技"),
        ("36氪首发｜专注智能眼镜，「光粒科技」完成近亿元Pre-B轮融资", "光粒科技"),
        ("求购强脑科技老股", "强脑科技"),
        ("专访加华资本创始人", "加华资本"),
        ("星际光年完成Pre-A轮融资，构建智能落地", "星际光年"),
        ("亮道智能发布激光雷达", "亮道智能"),
        ("自动驾驶独角兽“蘑菇车联”：聚焦AI", "蘑菇车联"),
        ("“娃小智”创始人：不跟风", "娃小智"),
        ("瀾碼科技獲億元融資", "澜码科技"),
        ("机器人公司Sharpa成立", "Sharpa"),
        ("Manus发布新品", "Manus"),
        ("宁梦股份(300750.SZ)涨停", "宁梦股份"),
        ("Shenzhen-based startup Glimmerix raises cash", "Glimmerix"),
        ("Chinese humanoid maker Unicree files for an IPO", "Unicree"),
        ("Why Borealum Robotics opens a plant", "Borealum Robotics"),
        ("What lifted Sofo Money (SOFO) in Q1", "Sofo Money"),
        ("Quanto raises $300 million", "Quanto"),
        ("Deal: Novo Nerdisk files for a listing", "Novo Nerdisk"),
        ("Is $QBTX a buy?", "$QBTX"),
    ],
)
def test_where_a_name_stands(title, name):
    """In both scripts, cut where the name begins and ends."""
    assert names(title) == [name]


@pytest.mark.parametrize(
    "title",
    [
        "中国科技行业",
        "没找到刚需：人形机器人是个好生意吗",
        "商业航天风口已至",
        "深圳半导体新王诞生",
        "不做聊天机器人的苹果",
        "国家统计局发布数据",
        "马化腾宣布退休",
        "石头科技净利下滑",
        "新华社发布消息",
        "一家机器人公司完成融资",
        "王健林宣布",
        "Artificial Intelligence Group",
        "How to Refresh Json Web Tokens (JWT)",
        "Everything you know is Wrong (2018)",
        "Trump unveils a plan",
        "Elon Muskrat launches a firm",
        "Beijing unveils rules",
        "Reuters launches a tool",
        "Roborock Technology",
        "nothing here",
    ],
)
def test_what_is_no_name(title):
    """Nouns, places, people, outlets, abbreviations, and what the watchlist knows."""
    assert names(title) == []


def test_words_of_the_language_are_no_names():
    """A stem met elsewhere, a word without a capital, a quote that is none."""
    assert not names("现代汽车召回", *[f"现代生活 {n}" for n in range(9)])
    assert not names("Quantic unveils it", "a quantic leap", "more quantic things")
    assert not names("「兜底」公司", *[f"谁来兜底 {n}" for n in range(9)])
    assert names("西窗宣布涨价") == []
    assert names("西窗宣布涨价", "西窗回应质疑") == ["西窗"]


def test_publishers_and_stories_count_more_than_articles():
    """One story told often is less than two stories by two publishers."""
    told = [
        *headlines(*[f"聚时科技 {n}" for n in range(9)], story_id="one"),
        *headlines("光粒科技上市"),
        *headlines("光粒科技裁员", publisher="Another"),
    ]

    first, second = suggest(TAGGER, told)

    assert (first.name, first.articles, first.stories, first.publishers) == (
        "光粒科技", 2, 2, 2,
    )  # fmt: skip
    assert (second.name, second.articles, second.stories) == ("聚时科技", 9, 1)
    assert (first.kind, first.why) == ("company", "ends like a firm")
    assert second.last_seen - second.first_seen == timedelta(minutes=8)
    assert second.example == "聚时科技 8"


def test_growth_against_the_weeks_before():
    """What was always there comes after what is new; the count is scaled to the days."""
    told = [
        *headlines("聚时科技上市", "光粒科技上市"),
        *headlines("聚时科技裁员", "聚时科技涨价", "旧闻科技上市", is_recent=False),
    ]

    found = suggest(TAGGER, told, scale=0.5)

    assert [(s.name, s.before) for s in found] == [("光粒科技", 0), ("聚时科技", 1)]


def test_an_alias_of_a_company_that_we_follow():
    """What follows 旗下 belongs to whom stands before it; a code comes along."""
    found = suggest(TAGGER, headlines("腾讯旗下「元泡」上线", "Sofo Money (SOFO) up"))

    assert {s.name: s.kind for s in found} == {
        "元泡": "alias of tencent",
        "Sofo Money": "company (SOFO)",
    }


def test_whom_a_headline_is_of_comes_first():
    """Of two equal names the one that stands beside nobody whom we follow is nearer."""
    assert names("乙醚科技与腾讯签约", "甲烷科技上市") == ["甲烷科技", "乙醚科技"]


def test_names_are_of_headlines_on_the_beat():
    """Off it nothing is looked for, and what stands there more often is a word."""
    [on] = headlines("甲烷科技完成A轮融资")
    off = [replace(h, is_on_beat=False) for h in headlines(*["甲烷科技馆开放"] * 3)]
    [alone] = headlines("「乙醚储能」获数千万元天使轮融资")

    assert [s.name for s in suggest(TAGGER, [on, alone])] == ["乙醚储能", "甲烷科技"]
    assert [s.name for s in suggest(TAGGER, [on, alone, *off])] == ["乙醚储能"]
    assert suggest(TAGGER, [replace(on, is_on_beat=False)]) == []


@pytest.mark.parametrize(
    ("titles", "name"),
    [
        (["Orvane delivered 81 planes in May", "Orvane orders rise again"], "Orvane"),
        (["Orvane stock jumps", "Why Orvane's sales fell"], "Orvane"),
        (
            ["Tencent, Orvane and Kestrelon fall", "Tencent, Orvane and others fall"],
            "Orvane",
        ),
        (["商标局回应抢注", "商标局：已受理"], "商标局"),
        (["岚大团队提出新算法", "岚大教授谈模型"], "岚大"),
        (["岚茶创始人回应加盟", "岚茶门店破千"], "岚茶"),
    ],
)
def test_names_that_act_without_a_round_or_a_ticker(titles, name):
    """Shares, orders, deliveries, lists of rivals, ministries and universities."""
    assert name in names(*titles)
