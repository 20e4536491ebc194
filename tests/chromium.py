"""Chromium to open pages with, where there is one."""

from __future__ import annotations

import shutil
from contextlib import contextmanager

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NEEDED = pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium to open pages with")
ARGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip

# Milliseconds until it answers: where other tests have all cores, it takes its time.
PATIENCE = 120_000


@contextmanager
def chromium():
    """Open a browser; until it is closed, no loop of asyncio can run in this thread."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  where there is chromium

    with sync_playwright() as started:
        opened = started.chromium.launch(
            executable_path=CHROMIUM, args=list(ARGS), timeout=PATIENCE
        )
        try:
            yield opened
        finally:
            opened.close()


@pytest.fixture(scope="module")
def browser():
    """One browser for all tests of a module."""
    with chromium() as opened:
        yield opened
