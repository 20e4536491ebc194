"""Headlines without what portals glue to them."""

from __future__ import annotations

import pytest

from transforms.headlines.credits import without_labels


@pytest.mark.parametrize(
    ("title", "alone"),
    [
        pytest.param("热点精选新车规出台第一财经-4小时前", "新车规出台", id="all of it"),
        pytest.param(
            "热点精选专题百公里油耗公布-7小时前", "百公里油耗公布", id="two shelves"
        ),
        pytest.param("新桥通车观察者网18分钟前", "新桥通车", id="no hyphen"),
        pytest.param("油价今晚下调每日经济新闻刚刚", "油价今晚下调", id="just now"),
        pytest.param("股价暴跌腾讯科技-3小时前", "股价暴跌", id="a company's newsroom"),
        pytest.param("股价暴跌某某报-2小时前", "股价暴跌某某报", id="unknown outlet"),
        pytest.param("记者会开始新华社新闻-5小时前", "记者会开始", id="the longest name"),
        pytest.param("直播中正图文直播决赛开始了", "决赛开始了", id="live"),
        pytest.param("专题某平台被罚5亿", "某平台被罚5亿", id="a shelf that is a word"),
    ],
)
def test_labels_are_cut(title, alone):
    """Shelf, outlet and age are no part of a headline, and nothing else is lost."""
    assert without_labels(title) == alone
    assert without_labels(alone) == alone


@pytest.mark.parametrize(
    "title",
    [
        "专题会议部署芯片攻关",
        "专题片讲述造车三十年",
        "专题：芯片之争",
        "直播中突然晕倒",
        "热点精选｜本周要闻",
        "地震发生3小时前",
        "股价暴跌某某报 · 2小时前",
        "台风登陆前",
        "专家建议提前2-3小时前往机场",
        "服药应在睡前2-3小时前",
        "热点精选",
        "专题讨论",
        "Talks began 3 hours ago",
    ],
)
def test_words_are_kept(title):
    """A headline that begins or ends with such words is left as it is."""
    assert without_labels(title) == title


def test_the_outlet_of_the_feed_is_known():
    """An outlet that only the feed or the entry names is cut off before an age too."""
    assert without_labels("新桥通车某某报2小时前", ("某某报", "")) == "新桥通车"
