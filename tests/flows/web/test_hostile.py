"""Text of strangers on the desk: shown as text, in every page, table and feed."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import httpx
import pytest

from transforms.urls.identity import article_id

pytestmark = pytest.mark.slow

ANGRY = (
    "Baidu \u202egpj.exe\u202c \u2066x\u2069 <script>alert(1)</script>"
    "<img src=x onerror=alert(2)> '\"><svg/onload=alert(3)> {{ 7*7 }} ]]> =cmd|'/c calc'!A1"
)
ANGRY_ID = article_id("https://x.example/1", "", "")
PAGES = (
    "/", "/zh/", "/companies/baidu", "/alerts", "/search?q=baidu", "/trends", "/brief/day",
    "/sql?q=select+title+from+articles", "/feeds",
    f"/cite?q={ANGRY_ID}",
)  # fmt: skip
DRAWN = ("bars", "spark", "level", "chart wide", "chart narrow")
OURS = {"script", "svg", "img", "iframe", "object", "embed", "base", "meta", "style"}
STEERING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Elements(HTMLParser):
    """What a browser would make of a page: elements, handlers, addresses."""

    def __init__(self, text):
        super().__init__()
        self.bad = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        own = tag == "script" and given.get("src", "").startswith("/static/")
        drawn = tag == "svg" and given.get("class") in DRAWN
        if tag in OURS and tag != "meta" and not own and not drawn:
            self.bad.append((tag, given))
        self.bad += [
            (tag, name) for name in given if name.startswith("on") or name == "style"
        ]
        for name in ("href", "src", "action"):
            if given.get(name, "").strip().lower().startswith(("javascript:", "vbscript:")):
                self.bad.append((tag, given[name]))


@pytest.fixture
def client(home, web, subscribe, sinowire, serve_desk):
    """A desk over a home that read a feed made of hostile text."""
    subscribe("/first")
    items = [
        {"id": "1", "title": ANGRY, "summary": ANGRY, "url": "https://x.example/1"},
        {"id": "2", "title": f"Baidu {'A' * 50_000}", "url": "https://x.example/2"},
        {"id": "3", "title": "Baidu links", "url": "javascript:alert(5)"},
        {
            "id": "4",
            "title": "Baidu 百度 quotes",
            "url": "https://x.example/4?<b>\"'",
            "summary": f"One reader wrote at some length: {ANGRY}",
        },
    ]
    for item in items:
        item["date_published"] = "2026-08-04T10:00:00Z"
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": ANGRY, "items": []}
    for moment, part in (("09:00", items[3:]), ("12:00", items)):
        body = json.dumps({**feed, "items": part}).encode()
        web.page("/first", body=body, content_type="application/json")
        assert sinowire("run", "--json", "--now", f"2026-08-04T{moment}Z")[0] == 0
    with (
        serve_desk(home) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=60) as opened,
    ):
        yield opened


def test_hostile_text_stays_text(client):
    """It makes no element, handler or address, turns no line around, is no formula."""
    stories = client.get("/today.json").json() + client.get("/today.json?all=1").json()
    assert stories
    pages = (*PAGES, *(f"/stories/{story['story_id']}" for story in stories))
    shown = 0
    for path in pages:
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert Elements(answer.text).bad == [], path
        assert STEERING.search(answer.text) is None, path
        # What cleaning leaves of it is there as it came: a template, quotes, a formula.
        shown += "{{ 7*7 }}" in answer.text
    assert shown >= 3
    spoken = client.get(
        "/sql", params={"q": f"select '{ANGRY.replace(chr(39), '')}' as said"}
    )
    assert "&lt;script&gt;alert(1)" in spoken.text
    assert Elements(spoken.text).bad == []
    for path in (
        "/today/atom",
        "/companies/baidu/atom",
        "/alerts/atom",
        "/search/atom?q=baidu",
    ):
        ET.fromstring(client.get(path).content)
    for path in ("/companies/baidu.csv", "/sql.csv?q=select+summary+from+articles"):
        for line in client.get(path).text.splitlines()[1:]:
            assert not line.startswith(("=", "+", "-", "@"))
