"""The pictures of docs/tutorial.md, which `make pictures` takes and no other run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium")
FOLDER = os.environ.get("SINOWIRE_PICTURES", "")
pytestmark = [
    pytest.mark.skipif(not FOLDER, reason="pictures are taken by: make pictures"),
    pytest.mark.skipif(not CHROMIUM, reason="there is no chromium to open pages with"),
]
# Small, as the pictures go with the checkout.
SIZE = {"width": 960, "height": 520}
PAGES = {
    "desk-today": "/",
    "desk-story": "",  # the first that both languages tell
    "desk-company": "/companies/baidu",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_picture_is_taken(name, desk_url):
    """Of the newsroom's desk, in a light theme, on the calendar of its zone."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  where it is asked for

    path = PAGES[name]
    target = Path(FOLDER) / f"{name}.png"
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(
            base_url=desk_url, viewport=SIZE, timezone_id="Asia/Shanghai"
        )
        page.goto(path or "/")
        if not path:
            links = page.locator(".stories li:has(.gap) h2 a")
            page.goto(links.first.get_attribute("href"))
        page.screenshot(path=target)
        browser.close()

    assert target.stat().st_size < 150_000
