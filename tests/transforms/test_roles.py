"""What a company is to an article: subject, named, aside, place or byline."""

from __future__ import annotations

import pytest
from builders import shipped_tagger

from transforms.names.tagging import tag_text

TAGGER = shipped_tagger()


def role(company_id, title, summary=""):
    """Return the role of one company of a text."""
    found = tag_text(TAGGER, title=title, summary=summary)["companies"]
    [one] = {c["role"] for c in found if c["company_id"] == company_id}
    return one


@pytest.mark.parametrize(
    ("company_id", "title", "expected"),
    [
        ("douyin", "抖音上调商家佣金", "subject"),
        ("huawei", "Huawei opens a lab in Leipzig", "subject"),
        ("vivo", "Baidu, Xiaomi, Huawei and Vivo phones fall", "named"),
        ("tencent", "Tencent-backed grocer files for a listing", "aside"),
        ("byd", "Battery recycler takes aim at rivals such as CATL and BYD", "aside"),
        ("huawei", "前华为工程师创办激光雷达公司", "aside"),
        ("huawei", "华为旧将创办激光雷达公司", "aside"),
        ("douyin", "县城大爷在抖音晒出自家的柿子", "place"),
        ("douyin", "抖音博主爬山迷路", "place"),
        ("weibo", "Skater posted on Weibo about her dog", "place"),
        ("weibo", "Folk song trends on Weibo", "place"),
        ("weibo", "微博热搜又见彩虹", "place"),
        ("douban", "豆瓣8.3分的纪录片上映", "place"),
        ("wechat", "店员用微信收错三元", "place"),
        ("hkex", "茶饮店港交所上市", "place"),
        ("huawei", "据华为公众号，新品将至", "byline"),
        ("sina", "新浪科技讯 内存条涨价", "byline"),
    ],
)
def test_role(company_id, title, expected):
    """The words beside a name tell what it is there for."""
    assert role(company_id, title) == expected


@pytest.mark.parametrize(
    ("company_id", "title", "summary", "expected"),
    [
        ("huawei", "A lab opens", "Huawei runs it.", "subject"),
        ("huawei", "Baidu opens a lab", "The site is near one of Huawei.", "named"),
        ("weibo", "Baidu opens a lab", "A visitor posted on Weibo about it.", "place"),
        ("weibo", "Clip seen on Weibo", "Weibo removed it. Weibo says so.", "subject"),
    ],
)
def test_role_by_the_summary(company_id, title, summary, expected):
    """A summary makes a subject of what opens it or comes again; else it names it."""
    assert role(company_id, title, summary) == expected


def test_only_a_subject_is_what_it_is_about():
    """``about`` and ``role`` say the same."""
    text = "Baidu and Tencent-backed grocer sign a deal, clip posted on Weibo shows"

    found = tag_text(TAGGER, title=text)["companies"]

    assert {c["role"] for c in found} == {"subject", "aside", "place"}
    assert all(c["about"] is (c["role"] == "subject") for c in found)
