"""The pictures of README and tutorial, which `make pictures` takes and no other run."""

from __future__ import annotations

import os
from pathlib import Path

import chromium
import duckdb
import pytest
from newsroom import NOW
from serving import served

from flows.home import load_config
from flows.settings import load_settings
from flows.steps.brief import make_brief
from transforms.brief.render import render_html
from warehouse.file.connect import PUBLISHED_NAME

FOLDER = os.environ.get("SINOWIRE_PICTURES", "")
pytestmark = [
    pytest.mark.skipif(not FOLDER, reason="pictures are taken by: make pictures"),
    chromium.NEEDED,
]
# Small, as the pictures go with the checkout.
SIZE = {"width": 1060, "height": 590}
PAGES = {
    "desk-today": "/",
    "desk-story": "",  # the first that both languages tell
    "desk-company": "/companies/baidu",
    "desk-trends": "/trends?companies=bytedance,huawei,tencent&weeks=12",
    "desk-timeline": "/timeline",
}
# Two feeds of the samples fail on purpose; a picture is of a day on which all is well.
WELL = """
delete from feeds
where feed_id in (select feed_id from feed_health where state in ('failing', 'dead'))
"""


@pytest.fixture
def well(desk, copy_desk):
    """The newsroom's home without the feeds that fail."""
    home = copy_desk(desk)
    with duckdb.connect(home / "data" / PUBLISHED_NAME) as con:
        con.execute("set timezone = 'UTC'")
        con.execute(WELL)
    return home


def test_the_pictures_are_taken(well):
    """Of the newsroom's desk and brief, in a light theme, on the calendar of its zone."""
    with served(well, is_read_only=True) as address, chromium.chromium() as browser:
        page = browser.new_page(
            base_url=address, viewport=SIZE, timezone_id="Asia/Shanghai"
        )
        for name, path in PAGES.items():
            page.goto(path or "/")
            if not path:
                links = page.locator(".stories li:has(.gap) h2 a")
                page.goto(links.first.get_attribute("href"))
            assert page.locator(".notice").count() == 0, path
            take(page, name)
        page.goto(brief_of(well).as_uri())
        take(page, "brief")


def brief_of(home):
    """Write the brief of the newsroom's day as a page; return where."""
    brief = make_brief(load_config(load_settings(home)), now=NOW)
    file = home / "brief.html"
    file.write_text(render_html(brief), encoding="utf-8")
    return file


def take(page, name):
    """Take a picture, and refuse one that is large."""
    target = Path(FOLDER) / f"{name}.png"
    page.screenshot(path=target)
    assert target.stat().st_size < 180_000
