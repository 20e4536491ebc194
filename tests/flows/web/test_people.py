"""A person's page: what is told of them beside their company, in either script."""

from __future__ import annotations

import httpx
import pytest

PERSON = """
[person.robin-li]
name = "Robin Li"
zh = "李彦宏"
company = "baidu"
role = "founder"
until = 2030-01-01
"""
TITLES = (
    "Li Robin of Baidu opens a lab",
    "百度李彦宏谈自动驾驶出租车",
    "Baidu sells a robot",
    "Baidu lifts prices of search ads",
    "Robin Lindberg visits Baidu",
)
LINES = [
    {"url": f"https://x.example/{n}", "title": title, "publisher": f"Outlet {n}"}
    for n, title in enumerate(TITLES)
]
LINES[2]["summary"] = "A strange machine, said Robin Li."


@pytest.fixture
def ask(home, tell, serve_desk):
    """Ask a desk on which some articles name Robin Li."""
    tell(home, LINES, PERSON)
    with (
        serve_desk(home, is_read_only=True) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=30) as client,
    ):
        yield client.get


def test_a_person_has_a_page(ask):
    """Stories that name both, its headlines quoted, and the ways there and back."""
    page, data = ask("/people/robin-li").text, ask("/people/robin-li.json").json()
    quoted = ask("/people/robin-li.json?table=headlines").json()
    company = ask("/zh/companies/baidu").text

    assert {row["headline"] for row in data} == set(TITLES[:3])
    assert {row["title"] for row in quoted} == set(TITLES[:2])
    assert 'founder of <a href="/companies/baidu">Baidu</a> until 1 Jan 2030' in page
    assert '/zh/people/robin-li">李彦宏</a> <span class="muted">创始人</span>' in company
    assert len(ask("/people/robin-li.json?language=zh").json()) == 1
    assert ask("/people/robin-li/atom").status_code == 200
    of_august = ask("/people/robin-li?since=2026-08-01").text
    assert '?since=2026-08-01&amp;language=zh#stories" data-n="1">1</a>' in of_august


def test_a_persons_name_leads_there(ask):
    """As typed into the field at the head of each page, also nearly."""
    assert 'class="open" href="/people/robin-li"' in ask("/search?q=Robin+Li").text
    assert 'class="open" href="/zh/people/robin-li"' in ask("/zh/search?q=李彦宏").text
    meant = ask("/search?q=Robbin+Li").text.partition("Did you mean")[2]
    assert 'href="/people/robin-li"' in meant
    missing = ask("/people/robin-lee")
    assert (missing.status_code, 'href="/people/robin-li"' in missing.text) == (404, True)
