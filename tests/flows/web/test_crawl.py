"""Each number of the desk opens what it says, and each link a page."""

from __future__ import annotations

import re

import httpx
import pytest
from crawl import ALL, Crawl, kind_of

from flows.settings import load_settings
from flows.web.access import writing_token
from flows.web.pages import PAGES

# So many of each kind of page and number: all of a month are thirty thousand pages.
OF_MONTH = 30
# What the suite has time for.
A_FEW = 4


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("most", "each"), [(1, A_FEW), pytest.param(ALL, ALL, marks=pytest.mark.long)]
)
def test_each_number_opens_what_it_says(get, most, each):
    """In both languages, as JSON and as Atom; no link is dead, and no column a label."""
    crawl = Crawl(get, most=most, each=each)

    assert crawl.run("/people/jack-ma") == []
    assert crawl.checked > 500
    kinds = {kind_of(href).partition("?")[0] for href in crawl.pages}
    # The newsroom has no search with a name; that page has a test of its own. A form asks
    # for what it is about.
    pages = [p.path for p in PAGES if not p.is_form and "/searches/" not in p.path]
    bare = {
        kind_of(re.sub(r"\{\w+:day\}", "DAY", p.replace("{period}", "day"))) for p in pages
    }
    assert kinds >= {prefix + path for path in bare for prefix in ("", "/zh")}


@pytest.mark.long
def test_each_number_of_a_month_opens_what_it_says(replayed, serve_desk):
    """Of real feeds: outlets, stories and days that nobody made up."""
    token = writing_token(load_settings(replayed))
    with (
        serve_desk(replayed) as url,
        httpx.Client(
            base_url=url, auth=("a", token), timeout=60, trust_env=False
        ) as client,
    ):
        crawl = Crawl(client.get, most=OF_MONTH)
        assert crawl.run() == []
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
    pages = {"/": front, "/a": '<p data-total="4">4 stories</p>', "/b": "<p>7</p>"}

    def get(href, **_):
        answer = Answer(pages.get(href.removeprefix("/zh") or "/", "<p></p>"))
        answer.status_code = 200 if href.removeprefix("/zh") in (*pages, "") else 404
        return answer

    faults = " ".join(Crawl(get).run())

    assert "/: 3 opens /a, which has 4" in faults
    assert "/: 7 opens /b and does not say data-n" in faults
    assert "/ has no #c" in faults
    assert "/search answers 404" in faults
