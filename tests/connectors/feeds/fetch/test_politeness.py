"""Politeness towards hosts: rest for those that ask for it, no waiting for the others.

The hosts are invented: a server on loopback answers for them as a proxy.
"""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors.feeds.fetch.politeness import FetchOptions
from connectors.feeds.poll.poll import poll_feeds
from transforms.models import HostHold, Standing

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)


@pytest.fixture
def proxied(web):
    """Options under which the web server is the way to every host."""
    return FetchOptions(proxy=web.url(""), timeout=5, parsers=1, per_host=1, spacing=0)


@pytest.fixture
def poll(run, make_feed):
    """Poll addresses in their order; returns what came of each, by its feed's id."""

    def do(options, *urls, **fields):
        feeds = [make_feed(url, feed_id=f"f{n}") for n, url in enumerate(urls)]

        async def go():
            found = poll_feeds(feeds, {}, run_id="r", now=NOW, options=options, **fields)
            return [polled async for polled in found]

        return {polled.feed.feed_id: polled for polled in run(go())}

    return do


def test_retry_after_holds_back_the_hosts_other_feeds(web, poll, proxied, rss):
    """Who was told to come back later asks that host nothing more in this run."""
    web.serve("http://busy.test/0", status=429, Retry_After="3600")
    web.serve("http://busy.test/1", rss("a"))
    web.serve("http://else.test/2", rss("b"))

    polled = poll(proxied, "http://busy.test/0", "http://busy.test/1", "http://else.test/2")

    assert {key: p.poll.outcome for key, p in polled.items()} == {
        "f0": "transient_error",
        "f2": "new",
    }
    assert polled["f0"].hold == HostHold(
        host="busy.test", until=NOW + timedelta(hours=1), asked_at=NOW, feed_id="f0"
    )
    assert "http://busy.test/1" not in [path for path, _ in web.requests]


def test_held_feeds_do_not_wait_for_their_turn(web, poll, proxied):
    """A host with many feeds that asks for rest does not stretch the run by its spacing."""
    web.serve("http://busy.test/0", status=503, Retry_After="3600")
    start = time.monotonic()

    poll(replace(proxied, spacing=20), *(f"http://busy.test/{n}" for n in range(50)))

    assert len(web.requests) == 1
    assert time.monotonic() - start < 20


def test_a_pretended_clock_holds_nothing_back(web, poll, proxied, rss):
    """In a replay the hold is recorded, and every feed is asked all the same."""
    web.serve("http://busy.test/0", status=429, Retry_After="3600")
    web.serve("http://busy.test/1", rss("a"))

    polled = poll(proxied, "http://busy.test/0", "http://busy.test/1", heed_holds=False)

    assert polled["f0"].hold.host == "busy.test"
    assert polled["f1"].poll.outcome == "new"


@pytest.mark.parametrize("status", [302, 301])
def test_a_redirect_silences_nobody_else(web, poll, proxied, rss, status):
    """A feed that leads to a busy host waits by itself; the host's own feeds are asked."""
    web.serve("http://evil.test/0", status=status, Location="http://victim.test/busy")
    web.serve("http://victim.test/busy", status=429, Retry_After="604800")
    web.serve("http://victim.test/1", rss("a"))

    polled = poll(
        replace(proxied, concurrency=1), "http://evil.test/0", "http://victim.test/1"
    )

    assert polled["f0"].hold is None
    assert polled["f0"].poll.retry_after_at == NOW + timedelta(days=7)
    assert polled["f1"].poll.outcome == "new"


def test_a_feed_holds_the_host_that_it_came_back_to(web, poll, proxied):
    """A way round by another host does not make a host somebody else's."""
    web.serve("http://busy.test/0", status=302, Location="http://else.test/0")
    web.serve("http://else.test/0", status=302, Location="http://busy.test/feed")
    web.serve("http://busy.test/feed", status=429, Retry_After="60")

    polled = poll(proxied, "http://busy.test/0")

    assert polled["f0"].hold.host == "busy.test"


@pytest.mark.parametrize("answering", ["old.test", "new.test"])
def test_an_adopted_address_is_the_feeds_own(web, poll, proxied, answering):
    """Who moved for good, and was believed, speaks for the host that it moved to."""
    old, new = "http://old.test/feed", "http://new.test/feed"
    moved = Standing(url=old, moved_to=new, moved_seen=3, adopted_at=NOW)
    web.serve(new, status=302, Location=f"http://{answering}/busy")
    web.serve(f"http://{answering}/busy", status=503, Retry_After="60")

    polled = poll(proxied, old, standings={"f0": moved})

    assert polled["f0"].hold.host == answering


@pytest.mark.parametrize("wait", ["0", "soon", "Tue, 04 Aug 2020 12:00:00 GMT"])
def test_what_names_no_time_to_come_holds_nothing(web, poll, proxied, rss, wait):
    """A Retry-After of zero, in the past or of nonsense is a failure of one feed."""
    web.serve("http://busy.test/0", status=429, Retry_After=wait)
    web.serve("http://busy.test/1", rss("a"))

    polled = poll(proxied, "http://busy.test/0", "http://busy.test/1")

    assert polled["f0"].hold is None
    assert polled["f1"].poll.outcome == "new"


def test_an_opened_network_speaks_for_many_servers(web, poll, options, rss):
    """An internal gateway's 429 is about the one feed, so its other feeds go on."""
    web.serve("/0", status=429, Retry_After="3600")
    web.serve("/1", rss("a"))

    polled = poll(replace(options, per_host=1), web.url("/0"), web.url("/1"))

    assert polled["f0"].poll.retry_after_at == NOW + timedelta(hours=1)
    assert polled["f0"].hold is None
    assert polled["f1"].poll.outcome == "new"


def test_a_slow_host_holds_up_nobody_else(web, poll, proxied):
    """Feeds in line for one slow host leave the places in flight to other hosts."""
    slow = [f"http://slow.test/{n}" for n in range(5)]
    fast = [f"http://h{n}.test/" for n in range(20)]
    others = threading.Semaphore(0)

    def answer_after_the_others(handler):
        for _ in fast:
            others.acquire(timeout=10)
        handler.send(404)

    def answer(handler):
        handler.send(404)
        others.release()

    web.route(slow[0], answer_after_the_others)
    for url in fast:
        web.route(url, answer)

    order = list(poll(replace(proxied, concurrency=2, timeout=30), *slow, *fast))

    # The last of the others and the slow one are answered at one time.
    assert not {"f0", "f1", "f2", "f3", "f4"} & set(order[:19])
