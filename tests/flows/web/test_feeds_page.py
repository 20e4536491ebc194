"""``/feeds`` of thousands of feeds: by pages, those in trouble first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from either_kind import publish, writer

from flows.web.pages.sources import ROWS
from transforms.models import Feed, Poll
from warehouse.feeds import record_polls, sync_feeds

NOW = datetime(2026, 8, 4, 4, tzinfo=UTC)
FEEDS = 2 * ROWS + 1


@pytest.fixture
def many(home, serve_desk):
    """A desk of a thousand feeds and one, of which one fails: the last by its name."""
    feeds = [
        Feed(feed_id=f"f{n:04}", url=f"https://f{n}.example", publisher=f"Outlet {n}")
        for n in range(FEEDS)
    ]
    polls = [
        Poll(
            feed_id=feeds[-1].feed_id,
            run_id="r",
            polled_at=NOW + n * timedelta(hours=1),
            outcome="permanent_error",
            error=f"HTTP {400 + n}",
        )
        for n in range(9)
    ]
    with writer(home) as con:
        sync_feeds(con, feeds)
        record_polls(con, polls, {})
    publish(home)
    with (
        serve_desk(home) as address,
        httpx.Client(base_url=address, trust_env=False) as client,
    ):
        yield client


def test_feeds_come_by_pages_and_those_in_trouble_first(many):
    """Each is on one page, as a row for programs too; the states count all of them."""
    pages = [many.get("/feeds.json", params={"page": n}).json() for n in (1, 2, 3)]

    assert [len(rows) for rows in pages] == [ROWS, ROWS, 1]
    assert pages[0][0]["feed_id"] == f"f{FEEDS - 1:04}"
    assert len({row["feed_id"] for rows in pages for row in rows}) == FEEDS
    first, last = many.get("/feeds"), many.get("/feeds?page=3")
    assert ('rel="next"' in first.text, 'rel="prev"' in first.text) == (True, False)
    assert ('rel="next"' in last.text, 'rel="prev"' in last.text) == (False, True)
    assert f"{FEEDS - 1:,}" in first.text
    assert len(many.get("/feeds?state=failing").text) < len(first.text) / 10


def test_one_feed_is_found_among_them_with_its_newest_polls(many):
    """An alert leads there, whichever page the feed is on."""
    text = many.get("/feeds", params={"feed": f"f{FEEDS - 1:04}"}).text

    assert text.count('<th scope="row">') == 1
    assert [f"HTTP {n}" in text for n in (403, 404, 408)] == [False, True, True]
    assert "No such feed" in many.get("/feeds?feed=none").text
