"""Documents over the limit: whole entries of their beginning are read, the rest is told."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from connectors.feeds.poll.poll import poll_feeds
from transforms.models import ListSelectors

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
LIMIT = 100_000


@pytest.fixture
def poll(run, options, make_feed, web):
    """Poll one path with a limit of bytes."""

    def do(cursor=None, **fields):
        feed = make_feed(web.url("/f"), **fields)

        async def go():
            found = poll_feeds(
                [feed],
                {feed.feed_id: cursor} if cursor else {},
                run_id="r",
                now=NOW,
                options=replace(options, max_bytes=LIMIT),
            )
            return [polled async for polled in found]

        return run(go())[0]

    return do


def item(number, name="item", text="小" * 300):
    date = "Mon, 03 Aug 2026 08:00:00 GMT"
    return (
        f"<{name}><title>t{number}</title><link>https://n.example/{number}</link>"
        f"<pubDate>{date}</pubDate><description>{text}</description></{name}>"
    )


def rss(numbers, **fields):
    items = "".join(item(number, **fields) for number in numbers)
    return f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>".encode()


ATOM = (
    "<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title>"
    + "".join(
        f"<entry><title>t{n}</title><id>{n}</id><link href='https://n.example/{n}'/>"
        f"<updated>2026-08-03T08:00:00Z</updated><summary>{'x' * 900}</summary></entry>"
        for n in range(200)
    )
    + "</feed>"
).encode()


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        pytest.param(rss(range(200)), {}, id="RSS"),
        pytest.param(ATOM, {}, id="Atom"),
        pytest.param(
            gzip.compress(rss(range(200))), {"Content-Encoding": "gzip"}, id="compressed"
        ),
    ],
)
def test_the_first_entries_are_read(web, poll, body, headers):
    """As many whole ones as the limit holds; how many, and what reads more, is told."""
    web.serve("/f", body, **headers)

    polled = poll()

    assert polled.poll.outcome == "new"
    assert polled.poll.error is None
    read = [entry.title for entry in polled.entries]
    assert read == [f"t{number}" for number in range(len(read))]
    assert 85 <= len(read) <= 105
    assert polled.poll.bytes == LIMIT
    [notice] = polled.notices
    assert notice == (
        f"feed {polled.feed.feed_id}: larger than 100,000 bytes: its first {len(read)}"
        " entries were read; max_bytes of the feed in feeds.toml, or of all in"
        " sinowire.toml, reads more"
    )


def test_new_entries_of_a_large_document_come_once(web, poll):
    """Its cursor holds: the same bytes are unchanged; of others the new entries come."""
    web.serve("/f", rss(range(200)), ETag='"v1"')
    first = poll()

    again = poll(first.cursor)
    assert (again.poll.outcome, again.entries) == ("unchanged", [])
    assert web.requests[-1][1]["If-None-Match"] == '"v1"'

    web.serve("/f", rss([900, *range(200)]), ETag='"v2"')
    grown = poll(first.cursor)
    assert [entry.title for entry in grown.entries] == ["t900"]
    assert len(grown.notices) == 1


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        pytest.param(b"<html><body>" + b"<p>x</p>" * 20_000, {}, id="a page"),
        pytest.param(
            b"<html><body>" + b"<a href='/x'>x</a>" * 20_000,
            {"selectors": ListSelectors(items="a")},
            id="a list on a page",
        ),
        pytest.param(
            json.dumps(
                {
                    "version": "https://jsonfeed.org/version/1.1",
                    "items": [{"id": str(n), "title": "x" * 900} for n in range(200)],
                }
            ).encode(),
            {},
            id="JSON",
        ),
        pytest.param(rss([1], text="x" * 200_000), {}, id="one entry is larger"),
    ],
)
def test_what_cannot_be_cut_is_too_large(web, poll, body, fields):
    """A page, JSON or half an entry is refused by an outcome of its own."""
    web.serve("/f", body)

    polled = poll(**fields)

    assert polled.poll.outcome == "too_large"
    assert polled.poll.error == "larger than 100,000 bytes; max_bytes raises the limit"


def test_a_feed_has_its_own_limit(web, poll):
    """``max_bytes`` of a feed goes before that of all, up and down."""
    web.serve("/f", rss(range(200)))

    assert len(poll(max_bytes=500_000).entries) == 200
    assert len(poll(max_bytes=20_000).entries) < 25
