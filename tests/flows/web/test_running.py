"""Whose statements the desk runs, and whose it only shows."""

from __future__ import annotations

import base64
import re
from html import unescape
from ipaddress import ip_network
from urllib.parse import quote

import httpx
import pytest
from pydantic import SecretStr

from flows.web import access
from flows.web.access import Stamps, may_run
from flows.web.connections import Reader

TOKEN = "dragon-fruit-0123456789"
NAME = {"Host": "desk.example"}
BEARER = {"Authorization": f"Bearer {TOKEN}"}
BASIC = {"Authorization": "Basic " + base64.b64encode(f"a:{TOKEN}".encode()).decode()}
LINK = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
STATEMENT = "select 6 * 7000 + 42 as n"
RUN = "42042"
BY_TLS = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}


@pytest.fixture(scope="module")
def ask(desk, serve_desk):
    """Ask a desk that goes by a name too, and trusts a proxy on this machine."""
    given = {"hosts": ("desk.example",), "trusted_proxies": (ip_network("127.0.0.1"),)}
    with serve_desk(desk, **given) as address, client(address) as opened:
        yield opened.get


@pytest.mark.parametrize(
    ("headers", "runs"),
    [
        ({}, True),  # a program on this machine
        ({"Sec-Fetch-Site": "same-origin"} | LINK, True),
        ({"Sec-Fetch-Site": "same-origin"} | LINK | NAME, True),
        (BEARER | NAME, True),
        (BY_TLS | NAME, True),
        ({"Sec-Fetch-Site": "none"} | LINK, False),
        ({"Sec-Fetch-Site": "cross-site"} | LINK, False),
        ({"Sec-Fetch-Site": "same-site"} | LINK, False),
        ({"Sec-Fetch-Site": "cross-site"} | LINK | BY_TLS | NAME, False),
        ({"Sec-Fetch-Mode": "no-cors"}, False),
        (NAME, False),
        (BASIC | NAME, False),
        ({"X-Forwarded-For": "203.0.113.9"} | NAME, False),
        ({"X-Forwarded-For": "127.0.0.1"} | NAME, False),
    ],
)
def test_a_statement_by_address_is_shown_until_it_is_run(ask, headers, runs):
    """Unless a page of ours or a program asks: a link elsewhere has nothing run."""
    page = ask(f"/sql?q={quote(STATEMENT)}", headers=headers)
    data = [ask(f"/sql.{form}?q={quote(STATEMENT)}", headers=headers) for form in FORMS]

    assert (page.status_code, STATEMENT in page.text, RUN in page.text) == (200, True, runs)
    assert [answer.status_code for answer in data] == [200 if runs else 403] * 2
    assert [RUN in answer.text for answer in data] == [runs] * 2


FORMS = ("json", "csv")


def test_where_a_browser_tells_nothing_a_click_runs_it(ask):
    """The form has a stamp that no other page can read; so do the links to the rows."""
    shown = ask("/zh/sql", params={"q": STATEMENT}, headers=NAME).text
    stamp = re.search(r'name="run" value="(\w+)"', shown)[1]
    ran = ask("/zh/sql", params={"q": STATEMENT, "run": stamp}, headers=NAME).text
    links = [unescape(found) for found in re.findall(r'href="(/zh/sql\.[^"]+)"', ran)]

    assert "请查看后再执行" in shown
    assert RUN in ran
    assert "请查看后再执行" not in ran
    assert len(links) >= 2
    for link in links:
        assert RUN in ask(link, headers=NAME).text
    for wrong in ("", "0" * 32, stamp[:-1], "龙"):
        given = {"q": STATEMENT, "run": wrong}
        assert RUN not in ask("/sql", params=given, headers=NAME).text


def test_where_a_browser_tells_the_address_has_no_stamp(ask):
    """It can be sent to a colleague as it is."""
    for headers in ({}, LINK | {"Sec-Fetch-Site": "none"}, BY_TLS | NAME):
        assert 'name="run"' not in ask("/sql", headers=headers).text


def test_a_stamp_is_of_a_reader_and_an_hour(monkeypatch):
    """Who learns one from an address can do nothing with it elsewhere, or tomorrow."""
    mine = Reader("203.0.113.9", is_local=False, is_sealed=False)
    other = mine._replace(address="203.0.113.10")
    now = 1_800_000_000
    monkeypatch.setattr(access.time, "time", lambda: now)
    desk, another = Stamps(), Stamps()
    stamp = desk.stamp(mine)

    assert may_run(desk, {}, mine, stamp)
    assert not may_run(desk, {}, other, stamp)
    assert not may_run(another, {}, mine, stamp)
    now += 3_600
    assert may_run(desk, {}, mine, stamp)
    now += 3_600
    assert not may_run(desk, {}, mine, stamp)


def test_the_token_as_a_password_runs_nothing_by_address(desk, serve_desk):
    """A browser sends it along wherever a page leads; a program sends Bearer."""
    given = {"web_token": SecretStr(TOKEN), "hosts": ("desk.example",)}
    with serve_desk(desk, **given) as address, client(address) as opened:
        said = [
            opened.get(f"/sql.csv?q={quote(STATEMENT)}", headers=NAME | sign_in)
            for sign_in in (BASIC, BEARER)
        ]

    assert [answer.status_code for answer in said] == [403, 200]
    assert "Bearer" in said[0].text


def client(address):
    return httpx.Client(base_url=address, trust_env=False, timeout=60)
