"""What the desk, briefs and mails say of the newsroom's news, word by word.

Each is made from the published file without a socket and compared with the text in
``tests/data/printed``. A change that is meant is recorded by ``make printed``, and read as
a difference before it is committed.
"""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest
from newsroom import NOW
from printed import read_address, text_of, without_once
from recorded import recorded

from flows.home import load_config
from flows.settings import load_settings
from flows.steps.brief import make_brief
from flows.web.answers import Stop
from flows.web.maker import Maker
from flows.web.shelf import Shelf
from transforms.brief.render.html import render_mail
from transforms.brief.render.text import render_markdown

ADDRESSES = {
    "today": "/",
    "today-zh": "/zh",
    "day": "/2025-11-28",
    "companies": "/companies",
    "company": "/companies/roborock",
    "company-zh": "/zh/companies/roborock",
    "topic": "/topics/product-launch",
    "person": "/people/jack-ma",
    "topics": "/topics",
    "trends": "/trends",
    "trends-zh": "/zh/trends",
    "brief-day": "/brief/day",
    "brief-day-zh": "/zh/brief/day",
    "brief-week": "/brief/week",
    "brief-week-zh": "/zh/brief/week",
    "brief-day-numbers": "/brief/day/numbers",
    "brief-week-numbers": "/brief/week/numbers",
    "brief-week-numbers-zh": "/zh/brief/week/numbers",
    "brief-until": "/brief/day?until=2025-11-20",
    "alerts": "/alerts",
    "measures": "/measures",
    "measures-zh": "/zh/measures?all=1",
    "claims": "/claims",
    "claims-zh": "/zh/claims",
    "timeline": "/timeline",
    "acts": "/acts",
    "feeds": "/feeds",
    "feeds-zh": "/zh/feeds",
    "search": "/search?q=robot",
    "search-zh": "/zh/search?q=华为",
    "verdicts": "/verdicts",
    "cite": "/cite",
    "story": "/stories/{story}",
    "story-zh": "/zh/stories/{story}",
    "as-of": "/companies/roborock?as_of=2025-11-28",
    "company-data": "/companies/roborock.json",
    "today-data": "/.json",
    "today-feed": "/search/atom?q=robot",
    "today-asked": "/zh?outlet=Circuit%20%26%20Port&all=1",
    "day-asked": "/2025-11-20?topic=product-launch",
    "trends-asked": "/trends?companies=xiaomi,huawei,byd,roborock,baidu,dji&weeks=8",
    "trends-drawn": "/trends.svg?companies=xiaomi,huawei&weeks=8",
    "timeline-drawn": "/timeline.svg?months=3",
    "developing": "/developing",
    "company-asked": "/companies/xiaomi?with=huawei&hours=72&sort=wide",
    "company-none": "/companies/roborock?since=2025-10-01&until=2025-10-01",
    "company-feed": "/companies/xiaomi/atom",
    "topic-asked": "/topics/product-launch?company=xiaomi&since=2025-11-20",
    "search-asked": "/search?q=robot&since=2025-11-01&until=2025-11-20&sort=newest",
    "search-none": "/search?q=huawai",
    "measures-asked": "/measures?since=2025-11-01&until=2025-11-20&lane=against",
    "measures-data": "/measures.csv",
    "acts-asked": "/acts?all=1&since=2025-10-01&until=2025-11-20",
    "claims-data": "/claims.json?since=2025-11-27&until=2025-11-29",
    "alerts-feed": "/alerts/atom",
    "feeds-asked": "/feeds?state=quiet",
    "alerts-asked": "/zh/alerts?rule=giants",
    "company-until": "/companies/xiaomi?until=2025-11-20&language=zh&beat=1&page=1",
    "search-filtered": "/zh/search?event=product-launch&until=2025-11-20&language=zh",
    "search-vain": "/search?q=zebra&company=xiaomi&until=2025-11-20&ever=1",
    "story-data": "/stories/{story}.json",
    "statement": "/sql?q=select 1 as n, 'a' as b, 0.5 as c, null as d, 2 as story_id",
}


@pytest.fixture(scope="module")
def maker(desk):
    settings = load_settings(desk)
    return Maker(settings, Shelf(settings))


@pytest.fixture(scope="module")
def story(query):
    """The story that most outlets tell."""
    [[found]] = query(
        "select story_id from stories order by publishers desc, articles desc, 1 limit 1"
    )
    return found


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_page_says_what_it_said(maker, story, name):
    """In the same words, with the same links, numbers and pictures."""
    page, ask = read_address(ADDRESSES[name].format(story=story))
    answer, _, _ = maker.make(page, ask, Stop())

    body = answer.body.decode()
    said = text_of(body) if ask.form == "html" else without_once(body)
    assert said == recorded(name, said)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("period", ["day", "week"])
def test_a_brief_says_what_it_said(desk, period, language):
    """In Markdown, and as it is mailed."""
    config = load_config(load_settings(desk))
    brief = make_brief(config, now=NOW, period=period, language=language)
    mail = message_from_bytes(render_mail(brief), policy=policy.default)
    forms = {
        "markdown": render_markdown(brief),
        "mail": text_of(mail.get_body(["html"]).get_content()),
        "mail-text": mail.get_body(["plain"]).get_content().replace("\r\n", "\n"),
    }
    for form, said in forms.items():
        name = f"{period}-{language}-{form}"
        assert without_once(said) == recorded(name, without_once(said))
