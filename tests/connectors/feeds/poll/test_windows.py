"""A document that is all new was fetched too late: said, and fetched sooner."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from connectors.feeds.poll.poll import poll_feeds
from connectors.feeds.poll.schedule import MISSED

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)


def window(end, items=12, minutes=5, skip=0):
    """Return a document of *items* each *minutes* before the last, which is of *end*."""
    rows = []
    for number in range(items):
        at = end - timedelta(minutes=minutes * number)
        name = at.isoformat()
        rows.append(
            f"<item><title>Story of {name}</title><link>https://x.example/{name}</link>"
            f"<guid>{name}</guid><pubDate>{format_datetime(at)}</pubDate></item>"
        )
    return (
        "<?xml version='1.0'?><rss version='2.0'><channel><title>Sample</title>"
        f"{''.join(rows[skip:])}</channel></rss>"
    ).encode()


@pytest.fixture
def poll(run, options, make_feed, web):
    """Poll /f with what the poll before left behind."""
    state = {}

    def do(now, **fields):
        feed = make_feed(web.url("/f"), **fields)
        wide = replace(options, shortest_poll=timedelta(minutes=5))

        async def go():
            kept = [{"sample": state[name]} if name in state else {} for name in ("c", "s")]
            found = poll_feeds([feed], *kept, run_id="r", now=now, options=wide)
            return [polled async for polled in found]

        [polled] = run(go())
        state.update({k: v for k, v in [("c", polled.cursor), ("s", polled.standing)] if v})
        return polled

    return do


@pytest.mark.parametrize("fields", [{"poll": timedelta(hours=3)}, {}], ids=["own", "pace"])
def test_entries_that_came_and_went_are_counted_and_fetched_sooner(web, poll, fields):
    """Twelve entries reach back 55 minutes; three hours later two hours are lost."""
    web.serve("/f", window(NOW), Cache_Control="max-age=86400")
    first = poll(NOW, **fields)
    later = NOW + timedelta(hours=3)
    web.serve("/f", window(later), Cache_Control="max-age=86400")

    second = poll(later, **fields)

    assert first.notices == ()
    assert first.poll.error is None
    [notice] = second.notices
    assert notice == f"feed sample: {second.poll.error}"
    assert second.poll.error.startswith(
        f"{MISSED}: all 12 are newer than those of the poll"
    )
    assert second.poll.error.endswith(
        "ended at 2026-08-04 12:00 UTC; by the pace of these about 25 came between"
    )
    assert second.poll.outcome == "new"
    wait = second.poll.next_poll_at - later
    assert timedelta(minutes=20) <= wait <= timedelta(minutes=27.5)


def test_a_document_that_is_mostly_new_is_fetched_sooner_too(web, poll):
    """Before anything is lost: eight of twelve entries were new."""
    web.serve("/f", window(NOW))
    poll(NOW, poll=timedelta(hours=2))
    later = NOW + timedelta(minutes=40)
    web.serve("/f", window(later))

    second = poll(later, poll=timedelta(hours=2))

    assert (second.poll.error, second.notices) == (None, ())
    assert second.poll.next_poll_at - later <= timedelta(minutes=18)


@pytest.mark.parametrize(
    ("after", "fields"),
    [
        (timedelta(minutes=20), {}),
        (timedelta(hours=1), {}),
        (timedelta(hours=5), {"minutes": 0}),
        (timedelta(days=9), {"minutes": 1440, "items": 5}),
    ],
    ids=["overlapping", "end to end", "all of one moment", "few and slow"],
)
def test_nothing_is_missed(web, poll, after, fields):
    """Where windows overlap, meet, or have no pace, nothing says that any came between."""
    web.serve("/f", window(NOW))
    poll(NOW)
    later = NOW + after
    if fields.get("items"):
        later = NOW + timedelta(days=5)
    web.serve("/f", window(later, **fields))

    second = poll(later)

    assert (second.poll.error, second.notices) == (None, ())


def test_undated_entries_tell_nothing(web, poll, rss):
    """Without dates nobody knows what came between."""
    web.serve("/f", rss("a", "b", "c").replace(b"pubDate", b"when"))
    poll(NOW)
    web.serve("/f", rss("d", "e", "f").replace(b"pubDate", b"when"))

    assert poll(NOW + timedelta(hours=9)).notices == ()
