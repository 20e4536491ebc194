"""Each number of the desk opens what it says, and each link a page."""

from __future__ import annotations

import re

import httpx
import pytest
from counts import Counts, told
from crawl import Crawl, kind_of

from flows.settings import load_settings
from flows.web.access import writing_token
from flows.web.pages import PAGES

pytestmark = pytest.mark.slow

# In so many processes a desk is crawled whole.
PARTS = 2
WORDS = ("AI", "robot", "华为")


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.timeout(900)
def test_each_number_opens_what_it_says(get):
    """In both languages, as JSON and as Atom; no link is dead, and no column a label."""
    crawl = Crawl(get, most=1, each=1)

    assert crawl.run("/people/jack-ma") == []
    assert crawl.checked > 500
    kinds = {kind_of(href).partition("?")[0] for href in crawl.pages}
    # The newsroom has no search with a name; that page has a test of its own. A form asks
    # for what it is about, as does the page of citations.
    asking = ("/searches/", "/cite")
    pages = [p.path for p in PAGES if not p.is_form and not p.path.startswith(asking)]
    bare = {
        kind_of(re.sub(r"\{\w+:day\}", "DAY", p.replace("{period}", "day"))) for p in pages
    }
    assert kinds >= {prefix + path for path in bare for prefix in ("", "/zh")}


def test_assistants_are_told_what_pages_count(desk, get):
    """Each number of an answer beside an address, as the page there has it."""
    counts = Counts(desk)
    crawl = Crawl(get, counts=counts)

    assert crawl.hear(told(desk, ["roborock"], WORDS[1:])) == []
    assert crawl.checked > 200
    assert Crawl(get, counts=counts).hear([("made up", 9_999, "/companies/roborock")])


@pytest.mark.long
@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("news", ["desk", "replayed"])
def test_every_number_opens_what_it_says(request, serve_desk, news, part):
    """Of invented news, and of real feeds of a month: all numbers of all pages."""
    home = request.getfixturevalue(news)
    asked = {"auth": ("a", writing_token(load_settings(home))), "timeout": 120}
    counts = Counts(home)
    with (
        serve_desk(home) as url,
        httpx.Client(base_url=url, trust_env=False, **asked) as client,
    ):
        crawl = Crawl(client.get, counts=counts, part=(part, PARTS))
        crawl.run(*counts.starts())
        assert crawl.hear(told(home, counts.firms()[part::PARTS], WORDS)) == []
    assert crawl.checked > 1_000


class Answer:
    """An answer of a desk that counts wrong."""

    status_code = 200
    headers = {"content-type": "text/html"}  # noqa: RUF012  never changed

    def __init__(self, body):
        self.content, self.text = body.encode(), body


def test_what_differs_is_found():
    """A crawl that could find nothing would prove nothing."""
    front = (
        """<h1>a</h1><a href="/a" data-n="3">3</a> <a href="/b">7</a> <a href="#c">c</a>"""
    )
    pages = {"/": front, "/a": '<p data-total="4">4 stories</p>', "/b": "<p>&lt;/span></p>"}

    def get(href, **_):
        answer = Answer(pages.get(href.removeprefix("/zh") or "/", "<p></p>"))
        answer.status_code = 200 if href.removeprefix("/zh") in (*pages, "") else 404
        return answer

    faults = " ".join(Crawl(get).run())

    assert "/: 3 opens /a, which has 4" in faults
    assert "/: 7 opens /b and does not say data-n" in faults
    assert "/ has no #c" in faults
    assert "/b shows markup as text" in faults
    assert "/search answers 404" in faults
