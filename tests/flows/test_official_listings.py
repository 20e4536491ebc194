"""Lists of official bodies, served in their shapes: acts come with number and day."""

from __future__ import annotations

import contextlib
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

from flows.steps.cycle import run
from warehouse.file.connect import open_published

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
SHIPPED = (Path(__file__).parents[2] / "feeds.toml").read_text("utf-8")
CAC = """<html><body><ul id='loadingInfoPage'>
<li><h5><a href='//HOST/2026-08/03/c_1.htm'>样例网信办令 第22号 样例数据出境办法</a></h5>
<div class='times'>2026-08-03</div></li>
<li><h5><a href='//HOST/2026-08/03/c_2.htm'>专家解读｜守住样例数据的底线</a></h5>
<div class='times'>2026-08-03</div></li></ul></body></html>"""
MIIT = json.dumps(
    {
        "data": {
            "searchResult": {
                "dataResults": [
                    {
                        "groupData": [
                            {
                                "data": {
                                    "title": "关于印发《样例芯片指南》的通知",
                                    "url": "/zwgk/zcwj/wjfb/art/2026/art_1.html",
                                    "jsearch_date": "2026-08-02",
                                    "filenumbername": "示信部科〔2026〕12号",
                                }
                            }
                        ]
                    }
                ]
            }
        }
    }
)
MOFCOM = """<html><body><ul><li><a href='/'>首页</a></li></ul><ul>
<li><em>【安全与管制】</em><a href='/zcfb/aqygzyw/art/2026/art_1.html'
title='商务部公告2026年第30号 公布对样例物项实施出口管制的决定'>商务部公告…</a>
<span>2026-08-01</span></li>
<li><em>【其他】</em><a href='/zcfb/zc/art/2026/art_2.html'>关于样例企业名单的公示</a>
<span>2026-08-01</span></li></ul></body></html>"""
PBOC = """<html><body><table><tr><td><font class='newslist_style'>
<a href='/tiaofasi/144941/144957/2026073116223344556/index.html'
title='样例银行令〔2026〕第3号（样例支付办法）' istitle='true'>样例银行令…</a></font>&nbsp;
<span class='hui12'>2026-07-31</span></td></tr></table></body></html>"""
NBS = """<rss version='2.0'><channel><title>最新发布</title><item>
<title>样例经济运行情况</title><link>HOST/sj/zxfb/202608/t20260803_1.html</link>
<pubTime>2026-08-03 10:00:00</pubTime></item><item><title>往年公报</title>
<link>HOST/sj/zxfb/202302/t20230228_1.html</link><pubTime>2023-02-28 09:30:00</pubTime>
</item></channel></rss>"""


def of_shipped(feed_id, url):
    """Return a feed's table of feeds.toml, at another address."""
    [table] = re.findall(rf"\[feed\.{feed_id}\]\n(?:.+\n)+", SHIPPED)
    return re.sub(r'url = ".*"', f'url = "{url}"', table)


def test_acts_of_official_lists(home, web, config):
    """Each list, by the selectors that are shipped for it, after its site's robots.txt."""
    host = web.url.removeprefix("http://")
    answers = {"cac-page": CAC, "miit-page": MIIT, "mofcom-page": MOFCOM, "pboc-page": PBOC}
    for feed_id, text in answers.items():
        web.page(f"/{feed_id}", body=text.replace("HOST", host).encode(), content_type="")
    web.page("/nbs", body=NBS.replace("HOST", web.url).encode())
    (home / "feeds.toml").write_text(
        "\n".join(of_shipped(key, f"{web.url}/{key}") for key in (*answers, "nbs")), "utf-8"
    )

    summary = run(config(), now=NOW, report=list, progress=lambda _: None)

    assert summary.outcomes == {"new": 5}
    assert [path for _, path, *_ in web.requests].count("/robots.txt") == 1
    with contextlib.closing(open_published(home / "data" / "sinowire.duckdb")) as con:
        acts = con.execute(
            "select body, number, day, act from official_acts order by day desc, feed_id"
        ).fetchall()
        stored = con.execute("select title from articles where feed_id = 'cac-page'")
        assert len(stored.fetchall()) == 2
    assert [(body, number, day) for body, number, day, _ in acts] == [
        ("国家互联网信息办公室", "样例网信办令 第22号", date(2026, 8, 3)),
        ("国家统计局", None, date(2026, 8, 3)),
        ("工业和信息化部", "示信部科〔2026〕12号", date(2026, 8, 2)),
        ("商务部", "商务部公告2026年第30号", date(2026, 8, 1)),
        ("中国人民银行", "样例银行令〔2026〕第3号", date(2026, 7, 31)),
        ("国家统计局", None, date(2023, 2, 28)),
    ]
