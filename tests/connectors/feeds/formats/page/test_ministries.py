"""Ministries' list pages, read by the selectors that feeds.toml ships for them.

The samples are written by us: headlines are made up, the markup is that of the sites.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.errors import FeedParseError
from connectors.feeds.formats.parser import parse_document
from connectors.subscriptions.toml import parse_feeds
from transforms.models import ListSelectors
from transforms.text.html import plain_line

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[5]
FIRST = "关于印发《示例设备管理办法》的通知"
SECOND = "关于公开征求《示例芯片标准（征求意见稿）》意见的公告"
MENU = "<ul class='nav'><li><a href='/'>首页</a></li><li><a href='/b'>公开</a></li></ul>"


def page(body):
    return (
        f"<!DOCTYPE html><html><head><title>某部</title></head><body>{body}</body></html>"
    )


def in_answer(markup):
    answer = {"success": True, "code": "200", "data": {"html": markup, "script": ""}}
    return json.dumps(answer, ensure_ascii=False)


SAMR = in_answer(
    "<div class='Three_zhnlist_02'>"
    "<ul><li class='nav04Left02_content'>"
    f"<a href='/zw/a/art/2026/art_1.html' title='{FIRST}'>"
    "关于印发《示例设备…</a></li><li class='nav04Left02_contenttime'>2026-08-04</li></ul>"
    "<ul><li class='nav04Left02_content'>"
    f"<a href='/zw/a/art/2026/art_2.html'>{SECOND}</a></li>"
    "<li class='nav04Left02_contenttime'>2026-08-03</li></ul></div>"
    "<div class='pagination'><a href='/zw/a/index_2.html'>下一页</a></div>"
)
SAMPLES = {
    "cac-page": page(
        MENU
        + "<div id='loadingInfoPage'>"
        + f"<li><a href='//www.cac.gov.cn/2026-08/04/c_1.htm'>{FIRST}</a>"
        "<div class='times'>2026-08-04</div></li>"
        f"<li><h5><a href='//www.cac.gov.cn/2026-08/03/c_2.htm'>{SECOND}</a></h5>"
        "<div class='times'>2026-08-03</div></li></div>"
    ),
    "samr-page": SAMR,
    "samr-recalls-page": SAMR,
    "miit-page": json.dumps(
        {
            "success": True,
            "data": {
                "searchResult": {
                    "total": 2,
                    "dataResults": [
                        {
                            "groupData": [
                                {
                                    "data": {
                                        "title": FIRST,
                                        "url": "/zwgk/zcwj/wjfb/tz/art/2026/art_1.html",
                                        "jsearch_date": "2026-08-04",
                                        "cdate": "1785772800000",
                                        "filenumbername": "示信部科〔2026〕12号",
                                        "publishgroupname": "科技司",
                                        "infocontent": "各有关单位：现将……",
                                    }
                                }
                            ]
                        },
                        {
                            "data": {
                                "title": f"<em>{SECOND}</em>",
                                "url": "/zwgk/zcwj/wjfb/gg/art/2026/art_2.html",
                                "cdate": "1785686400000",
                                "filenumbername": "",
                            }
                        },
                    ],
                }
            },
        },
        ensure_ascii=False,
    ),
    "mofcom-page": page(
        MENU + "<div class='listCon'><ul>" + "<li><em>【对外贸易】</em>"
        f"<a href='/zcfb/dwmygl/art/2026/art_1.html' title='{FIRST}'>"
        "关于印发《示例设备…</a>"
        "<span>2026-08-04</span></li>"
        "<li><em>【其他】</em>"
        f"<a href='http://www.mofcom.gov.cn/zcfb/zc/art/2026/art_2.html'>{SECOND}</a>"
        "<span>2026-08-03</span></li></ul></div>"
    ),
    "pboc-page": page(
        MENU
        + "<table>"
        + "".join(
            "<tr><td height='22' align='left'><font class='newslist_style'>"
            f"<a href='/tiaofasi/144941/144957/{n}/index.html' title='{title}'"
            f" istitle='true'>{title[:9]}…</a></font>&nbsp;"
            f"<span class='hui12'>{day}</span></td></tr>"
            for n, title, day in (
                ("2026080416223344556", FIRST, "2026-08-04"),
                ("2026080309112233445", SECOND, "2026-08-03"),
            )
        )
        + "</table>"
    ),
    "ndrc-page": page(
        MENU
        + "<ul class='u-list'>"
        + f"<li><a href='./202608/t1.html' title='{FIRST}'>关于印发《示例设备…</a>"
        "<span>2026/08/04</span></li><li class='empty'></li>"
        f"<li><a href='./202608/t2.html'>{SECOND}</a><span>2026/08/03</span></li></ul>"
    ),
    "csrc-page": json.dumps(
        {
            "data": {
                "results": [
                    {
                        "title": FIRST,
                        "url": "//www.csrc.gov.cn/csrc/c1/c1/content.shtml",
                        "publishedTimeStr": "2026-08-04 00:00:00",
                    },
                    {
                        "title": SECOND,
                        "url": "//www.csrc.gov.cn/csrc/c1/c2/content.shtml",
                        "publishedTimeStr": "2026-08-03 00:00:00",
                    },
                ]
            }
        },
        ensure_ascii=False,
    ),
}


@pytest.fixture(scope="module")
def shipped():
    """The feeds of feeds.toml by their ids."""
    feeds = parse_feeds((ROOT / "feeds.toml").read_text("utf-8"))
    return {feed.feed_id: feed for feed in feeds}


def test_each_has_a_sample(shipped):
    """And is paused until somebody is known to read its address."""
    pages = {key: feed for key, feed in shipped.items() if key.endswith("-page")}

    assert pages.keys() == SAMPLES.keys()
    enabled = {key for key, feed in pages.items() if feed.enabled}
    assert enabled == {"cac-page", "miit-page", "mofcom-page", "pboc-page"}
    assert all(pages[key].note for key in enabled)
    assert {feed.kind for feed in pages.values()} == {"official"}


@pytest.mark.parametrize("feed_id", SAMPLES)
def test_acts_are_read_with_day_and_address(shipped, feed_id):
    """Whole titles where the shown ones are cut; menus and further pages are none."""
    feed = shipped[feed_id]
    host = feed.url.split("/")[2]

    parsed = parse_document(SAMPLES[feed_id].encode(), feed=feed, now=NOW)

    assert [plain_line(entry.title) for entry in parsed.entries] == [FIRST, SECOND]
    assert [entry.published_at for entry in parsed.entries] == [
        datetime(2026, 8, 3, 16, tzinfo=UTC),
        datetime(2026, 8, 2, 16, tzinfo=UTC),
    ]
    assert {entry.url.split("/")[2] for entry in parsed.entries} == {host}
    assert len({entry.url for entry in parsed.entries}) == 2


HTML = ListSelectors(items="data.html ul > li", date=("span",))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('{"code": "403", "message": "no"}', "JSON came.*not a path"),
        ('{"data": {"html": 7}}', "JSON came.*not a path"),
        ('{"data": {"html": ""}}', "'data.html ul > li' matched nothing; the answer"),
        ('{"data": {"html": "<p>维护中</p>"}}', "matched nothing; the answer has changed"),
        ('{"data": {"html": "<ul><li>无链接</li></ul>"}}', "found no title in any of 1"),
        ("<ul><li><a href='/1'>一</a></li></ul>", "'data.html ul > li' matched nothing"),
        ('{"data": {"html": "<ul>', "broken JSON"),
    ],
)
def test_an_answer_of_another_shape(make_feed, body, reason):
    """What has no list where one should be is told, and never taken for a quiet day."""
    with pytest.raises(FeedParseError, match=reason):
        parse_document(body.encode(), feed=make_feed(selectors=HTML), now=NOW)


def test_what_a_hostile_answer_may_cost(make_feed):
    """Scripts are no text, odd links no addresses; of an endless list the head is read."""
    rows = "<li><a href='javascript:x()'>甲<script>y()</script></a><span>x</span></li>"
    rows += "".join(f"<li><a href='/{n}'>{'乙' * 1100}</a></li>" for n in range(2000))
    body = json.dumps({"data": {"html": f"<ul>{'<div>' * 5000}</ul><ul>{rows}"}})

    parsed = parse_document(body.encode(), feed=make_feed(selectors=HTML), now=NOW)

    assert (parsed.entries[0].title, parsed.entries[0].url) == ("甲", "")
    assert parsed.total == 1000
    assert len(parsed.entries[1].title) == 1000
