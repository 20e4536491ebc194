"""What pages write above and below their articles is no part of them."""

from __future__ import annotations

import pytest

from transforms.articles.enrichment import article_lines

TEXT = [
    "工信部周四发布通知，要求各地在年底前完成算力设施的登记。",
    "来源：多家企业表示，登记之后可以共享闲置的算力。中小企业的成本有望下降。",
    "The ministry said that the trial is to be extended to four districts.",
    "More from the fund is expected by the autumn, it added.",
    "编辑部认为，统一登记是建设全国算力网络的第一步。",
]


@pytest.mark.parametrize(
    "line",
    [
        "（原标题：算力登记启动）",
        "原标题：算力登记启动",
        "2026-08-04 09:10",
        "2026年8月4日 09:10 来源：某某网",
        "字号",
        "来源：某某日报",
        "您所在的位置：",
        "| 现在位置： 首页 >> 新闻 >> 正文 |",
        "| |",
        "安装某某财经客户端第一时间接收资讯→【下载地址】",
    ],
)
def test_above(line):
    """Titles, dates, sources and a site's notices above the first paragraph go."""
    assert article_lines([line, *TEXT]) == TEXT


@pytest.mark.parametrize(
    "line",
    [
        "责任编辑：张三",
        "[责任编辑：张三]",
        "（责编：张三、李四）",
        "责编|张三",
        "（编辑：张三 李四）",
        "编辑 张三 校对 李四",
        "关键词 >> 算力",
        "（原题为《算力登记》）",
        "来源：某某发布",
        "本文为某某网原创文章，未经允许不得转载，如需转载请联系我们",
        "特别声明：以上内容为用户上传并发布，本平台仅提供信息存储服务。",
        "微信扫一扫",
        "扫描下方二维码关注我们",
        "Copyright © 1996-2026 Example Corporation",
        "© Example 2026",
        "All Rights Reserved 某某公司 版权所有",
        "READ MORE: Another headline",
        "Tags: chips, trade",
        "Mots-clés",
        "Loading weather data ...",
        "https://example.com/a/1",
        "—",
        "- 好文",
    ],
)
def test_below(line):
    """Credits, rights and calls below the last paragraph go, however many."""
    assert article_lines([*TEXT, line]) == TEXT
    assert article_lines([*TEXT, line, "责任编辑：李四", line]) == TEXT


@pytest.mark.parametrize(
    "line", ["责任编辑：张三", "相关阅读", "推荐阅读：", "点击进入专题："]
)
def test_what_follows_the_end_goes(line):
    """Where an editor is named or others are recommended, the article is over."""
    others = ["某地发布天气预警，市民出行须注意安全。", "某公司宣布裁员。"]
    assert article_lines([*TEXT, line, *others]) == TEXT
    assert article_lines([line, *TEXT])[-len(TEXT) :] == TEXT, "not at the beginning"


def test_an_article_of_such_lines_only_is_none():
    """Nothing is left of a page that has but its frame."""
    assert article_lines(["2026-08-04", "来源：某某网", "责任编辑：张三"]) == []
    assert article_lines([]) == []
    assert article_lines(TEXT) == TEXT
