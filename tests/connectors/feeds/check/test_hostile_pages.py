"""Pages that keep a parser busy for minutes: looking for feeds on them ends."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from connectors.errors import FeedError
from connectors.feeds.check.discover import find_feeds, find_list

pytestmark = pytest.mark.slow

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
INTERRUPTED = 130
# The HTML parser compares each attribute with all before it: ten minutes and more.
ATTRIBUTES = " ".join(f"a{number}=1" for number in range(400_000))
PAGE = f"<!doctype html><html><body><a {ATTRIBUTES}>x</a></body></html>".encode()


@pytest.fixture
def hurried(options):
    """Options under which a page has a second."""
    return replace(options, parse_deadline=1.0, timeout=30)


def test_looking_for_feeds_ends_at_the_deadline(web, run, hurried):
    """Whoever adds the page hears what was wrong, and the loop is free meanwhile."""
    web.serve("/", PAGE)

    async def look():
        ticks = 0
        task = asyncio.create_task(find_feeds(web.url("/"), options=hurried))
        while not task.done():
            await asyncio.sleep(0.05)
            ticks += 1
        with pytest.raises(FeedError, match="parsing takes too long"):
            await task
        return ticks

    assert run(look()) >= 10


def test_a_list_that_cannot_be_guessed_in_time_is_none(web, run, hurried):
    """Guessing selectors is under the same deadline."""
    web.serve("/", PAGE)

    assert run(find_list(web.url("/"), options=hurried)) is None


def test_a_check_of_such_a_page_says_what_it_is(web, check_one, hurried, make_feed):
    """The report comes without a suggestion of selectors."""
    web.serve("/", PAGE)

    report = check_one(make_feed(web.url("/")), now=NOW, options=hurried)

    assert (report.outcome, report.error) == ("not_a_feed", "a web page, not a feed")
    assert report.remedy == "sinowire feeds add PAGE finds the feed that a page names"


def test_findings_end_at_the_deadline(web, check_one, hurried, make_feed, rss):
    """Looking for where a date stands in a document is bounded as well."""
    tag = b"<" + b"a" * 2_000_000
    body = rss("one").replace(b"<item>", b"<!-- " + tag + b" --><item>")
    web.serve("/f", body)

    report = check_one(make_feed(web.url("/f")), now=NOW, options=hurried)

    assert report.error == "parsing takes too long, so it was stopped (limit 1 s)"


@pytest.mark.parametrize("command", ["add", "check"])
def test_ctrl_c_ends_the_command(web, tmp_path, command):
    """It ends while the page is being read, long before its deadline."""
    asked = threading.Event()

    def answer(handler):
        handler.send(200, PAGE)
        asked.set()

    web.route("/", answer)
    (tmp_path / "feeds.toml").write_text("")
    env = os.environ | {"SINOWIRE_ALLOW_PRIVATE_ADDRESSES": "127.0.0.0/8"}
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.console.cli", "feeds", command, web.url("/")],
        env=env | {"SINOWIRE_HOME": str(tmp_path)},
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        assert asked.wait(60)
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == INTERRUPTED
    finally:
        process.kill()
