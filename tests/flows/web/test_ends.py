"""Where what can be asked of a page ends: the most that is answered, and one more."""

from __future__ import annotations

import re

import pytest
from printed import read_address

from flows.settings import load_settings
from flows.web import errors
from flows.web.answers import Stop
from flows.web.errors import BadRequest
from flows.web.maker import Maker
from flows.web.shelf import Shelf

FIRMS = "xiaomi,huawei,byd,roborock,baidu,dji"


@pytest.fixture(scope="module")
def maker(desk):
    settings = load_settings(desk)
    return Maker(settings, Shelf(settings))


def ask(maker, address):
    page, asked = read_address(address)
    return maker.make(page, asked, Stop())[0]


@pytest.mark.parametrize(
    "address",
    [
        "/.json?page=25",
        "/feeds.json?page=100",
        "/verdicts.json?page=50",
        "/search.json?q=robot&page=50",
        "/companies/roborock.json?page=100&since=2025-01-01&until=2026-01-01&hours=8784",
        f"/trends.json?companies={FIRMS}&weeks=52&since=2025-01-01&until=2026-01-01",
        "/measures.json?hours=2160",
        "/timeline.json?months=60",
        "/claims.json?since=1990-01-01&until=2100-12-31",
        f"/companies/roborock.json?outlet={'z' * 200}",
    ],
)
def test_the_most_is_answered(maker, address):
    """Pages, hours, days, weeks, months, firms and letters."""
    assert ask(maker, address).status == 200


@pytest.mark.parametrize(
    "address",
    [
        "/.json?page=0",
        "/.json?page=26",
        "/feeds.json?page=101",
        "/verdicts.json?page=51",
        "/search.json?q=robot&page=51",
        "/companies/roborock.json?page=101",
        "/companies/roborock.json?hours=8785",
        "/companies/roborock.json?since=2025-01-01&until=2026-01-02",
        "/trends.json?since=2025-01-01&until=2026-01-02",
        "/trends.json?weeks=53",
        f"/trends.json?companies={FIRMS},alibaba",
        "/measures.json?hours=2161",
        "/timeline.json?months=61",
        "/claims.json?since=1989-12-31",
        "/claims.json?until=2101-01-01",
        f"/companies/roborock.json?outlet={'z' * 201}",
        "/brief/day.json?until=2031-01-01",
        "/brief/day.json?until=1999-12-31",
        "/companies/roborock.json?since=2025-11-21&until=2025-11-20",
        "/trends.json?companies=cac",
    ],
)
def test_more_is_refused(maker, address):
    """None of these is cut without a word."""
    with pytest.raises(BadRequest):
        ask(maker, address)


@pytest.mark.parametrize(
    ("name", "status"), re.findall(r"── (\w+) +(\d{3}):", errors.__doc__)
)
def test_an_error_has_the_status_that_is_said(name, status):
    """As the list of them has it, which nobody would read twice."""
    assert getattr(errors, name).status == int(status)
