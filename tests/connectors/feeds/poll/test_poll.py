"""Polling: every outcome by its name, over real sockets and in real parser processes."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import time
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.feeds.fetch.politeness import FetchOptions
from connectors.feeds.poll.nursery import PROGRAM
from connectors.feeds.poll.poll import poll_feeds
from transforms.models import Cursor

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
CHALLENGE = b"<html><title>Just a moment...</title></html>"


@pytest.fixture
def poll(run, options, make_feed, web):
    """Poll one path of the web and return what came of it."""

    def do(path="/f", cursor=None, standing=None, now=NOW, options=options, **fields):
        feed = make_feed(web.url(path), **fields)
        cursors = {feed.feed_id: cursor} if cursor else {}
        standings = {feed.feed_id: standing} if standing else {}

        async def go():
            found = poll_feeds(
                [feed], cursors, standings, run_id="r1", now=now, options=options
            )
            return [polled async for polled in found]

        (polled,) = run(go())
        return polled

    return do


def test_new_entries_come_with_a_cursor(web, poll, rss):
    """A first poll brings all entries, the document, and where to go on."""
    web.serve("/f", rss("a", "b"), ETag='"v1"', Last_Modified="today")

    polled = poll()

    assert [entry.title for entry in polled.entries] == ["a", "b"]
    assert polled.body == rss("a", "b")
    assert polled.final_url == web.url("/f")
    assert (polled.cursor.etag, polled.cursor.last_modified) == ('"v1"', "today")
    poll = polled.poll
    assert (poll.feed_id, poll.run_id, poll.polled_at) == ("sample", "r1", NOW)
    assert (poll.outcome, poll.http_status, poll.entries) == ("new", 200, 2)
    assert poll.bytes == len(polled.body)
    assert poll.error is None
    wait = poll.next_poll_at - NOW
    assert timedelta(minutes=27) <= wait <= timedelta(minutes=30)


def test_not_modified(web, poll, rss):
    """304 is unchanged and leaves the cursor where it is."""
    web.serve("/f", status=304)
    cursor = Cursor(etag='"v1"', body_hash="h", item_hashes=(1,))

    polled = poll(cursor=cursor)

    assert (polled.poll.outcome, polled.cursor, polled.body) == ("unchanged", None, None)
    assert polled.poll.http_status == 304


def test_unasked_not_modified(web, poll):
    """304 to a request that named no version is the server's mistake."""
    web.serve("/f", status=304)

    assert poll().poll.outcome == "transient_error"


def test_same_bytes_stop_before_the_parser(web, poll, rss):
    """The same document again is unchanged, though its validators moved."""
    web.serve("/f", rss("a"))
    first = poll()
    web.serve("/f", rss("a"), ETag='"v2"')

    second = poll(cursor=first.cursor)

    assert (second.poll.outcome, second.entries) == ("unchanged", [])
    assert second.cursor == replace(first.cursor, etag='"v2"')


def test_only_new_items_are_entries(web, poll, rss):
    """A known item is not an entry again; an edited one is, and all are counted."""
    web.serve("/f", rss("a", "b"))
    first = poll()
    web.serve("/f", rss("c", "a", "b").replace(b"<title>a</title>", b"<title>A</title>"))

    second = poll(cursor=first.cursor)

    assert [entry.title for entry in second.entries] == ["c", "A"]
    assert (second.poll.outcome, second.poll.entries) == ("new", 3)


def test_changed_frame_around_known_items(web, poll, rss):
    """New bytes with no new item are unchanged, and the cursor moves."""
    web.serve("/f", rss("a"))
    first = poll()
    web.serve("/f", rss("a").replace(b"Sample", b"Example"))

    second = poll(cursor=first.cursor)

    assert (second.poll.outcome, second.entries) == ("unchanged", [])
    assert second.cursor.body_hash != first.cursor.body_hash


def test_fresh_dates_on_old_items(web, poll, rss):
    """A feed that stamps its old items anew is a stale copy."""
    web.serve("/f", rss("a", "b"))
    first = poll()
    web.serve("/f", rss("a", "b", when="Tue, 04 Aug 2026 11:00:00 GMT"))

    assert poll(cursor=first.cursor).poll.outcome == "stale_copy"


def test_empty_feed_keeps_what_was_known(web, poll, rss):
    """A feed that is empty for once does not make its old items new again."""
    web.serve("/f", rss("a"))
    first = poll()
    web.serve("/f", rss())
    second = poll(cursor=first.cursor)
    web.serve("/f", rss("a"))

    assert second.poll.outcome == "empty"
    assert poll(cursor=second.cursor).poll.outcome == "unchanged"


def test_undated_entries_are_kept(web, poll, rss):
    """A feed without dates is named so, and its entries come all the same."""
    web.serve("/f", rss("a", when="some day"))

    polled = poll()

    assert polled.poll.outcome == "undated"
    assert len(polled.entries) == 1


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, b"<html><body>Welcome</body></html>", "not_a_feed"),
        (200, b'{"message": "hello"}', "not_a_feed"),
        (200, b"", "not_a_feed"),
        (200, b"hello", "not_a_feed"),
        (200, CHALLENGE, "challenge"),
        (403, CHALLENGE, "challenge"),
        (403, b"no", "permanent_error"),
        (404, b"no", "permanent_error"),
        (410, b"no", "gone"),
        (503, b"busy", "transient_error"),
    ],
)
def test_failure_has_a_name_and_a_sentence(web, poll, status, body, outcome):
    """What went wrong is an outcome with a reason; the cursor stays where it was."""
    web.serve("/f", body, status=status)

    polled = poll(cursor=Cursor(body_hash="h"))

    assert (polled.poll.outcome, polled.poll.http_status) == (outcome, status)
    assert polled.poll.error
    assert polled.cursor is None
    assert polled.entries == []
    assert polled.body is None


def test_retry_after_is_on_the_poll(web, poll):
    """What a server asks for is recorded, counted from the pipeline's clock."""
    web.serve("/f", status=429, Retry_After="7200")

    recorded = poll().poll

    assert recorded.outcome == "transient_error"
    assert recorded.retry_after_at == NOW + timedelta(hours=2)
    assert recorded.next_poll_at == recorded.retry_after_at


def test_redirect_to_a_page_is_moved(web, poll, rss):
    """A redirect to something that is no feed means that the feed moved."""
    web.serve("/f", status=301, Location="/home?token=abc123")
    web.serve("/home?token=abc123", b"<html><title>Welcome</title></html>")

    recorded = poll().poll

    assert recorded.outcome == "moved"
    assert "/home?token=REDACTED" in recorded.error
    assert "abc123" not in recorded.error


def test_redirect_to_a_wall_is_a_challenge(web, poll):
    """A redirect to a login or bot check is a challenge, not a move."""
    web.serve("/f", status=302, Location="/wall")
    web.serve("/wall", CHALLENGE)

    assert poll().poll.outcome == "challenge"


def test_redirect_to_a_feed_is_followed(web, poll, rss):
    """A feed at another address is simply read there."""
    web.serve("/f", status=308, Location="/g")
    web.serve("/g", rss("a"))

    polled = poll()

    assert (polled.poll.outcome, polled.final_url) == ("new", web.url("/g"))
    assert polled.warnings == (f"moved for good to {web.url('/g')}",)


def test_document_that_breaks_off_is_asked_for_again(web, poll, rss):
    """Whole items of a cut document are taken, and no validator says that we have it."""
    whole = rss("a", "b", "c")
    web.serve("/f", whole[: whole.index(b"<title>c") + 10], ETag='"v1"')

    first = poll()
    assert [entry.title for entry in first.entries] == ["a", "b"]
    assert first.cursor.etag == ""
    assert "the end of the document is missing" in first.warnings
    assert first.poll.error == "the end of the document is missing"

    web.serve("/f", whole, ETag='"v1"')
    second = poll(cursor=first.cursor)
    assert [entry.title for entry in second.entries] == ["c"]
    assert second.poll.error is None


def test_hostile_document_is_stopped(web, poll, options):
    """A document made to hang its parser costs its deadline, and the feed an outcome."""
    attributes = " ".join(f'a{number}="x"' for number in range(60_000))
    web.serve("/f", f"<rss><channel {attributes}><item/></channel></rss>".encode())
    start = time.monotonic()

    polled = poll(options=replace(options, parse_deadline=0.3))

    assert polled.poll.outcome == "permanent_error"
    assert "takes too long, so it was stopped (limit 0.3 s)" in polled.poll.error
    assert time.monotonic() - start < 4


def test_one_surprise_does_not_stop_the_rest(web, run, options, make_feed, rss):
    """Whatever happens in one feed's poll is that feed's outcome."""
    web.serve("/f", rss("a"))
    feeds = [
        make_feed(web.url("/f"), feed_id="good"),
        make_feed("http://[", feed_id="bad"),
        make_feed(web.url("/f"), feed_id="odd", headers=(("X", 5),)),
    ]

    async def go():
        found = poll_feeds(feeds, {}, run_id="r", now=NOW, options=options)
        return {polled.feed.feed_id: polled.poll.outcome async for polled in found}

    outcomes = run(go())

    assert outcomes == {"good": "new", "bad": "permanent_error", "odd": "permanent_error"}


@pytest.mark.parametrize("status", [200, 429])
def test_last_moment_of_the_calendar_ends_as_any_other(
    web, run, options, make_feed, rss, status
):
    """A due date that no calendar holds is clamped; it neither fails nor hangs a run."""
    web.serve("/f", rss("a", when=""), status=status, Retry_After="7200")
    feed = make_feed(web.url("/f"), poll=timedelta.max)
    now = datetime.max.replace(tzinfo=UTC)

    async def go(now):
        found = poll_feeds([feed], {}, run_id="r", now=now, options=options)
        async with asyncio.timeout(10):
            return [polled.poll async for polled in found]

    (last,) = run(go(now))
    assert last.outcome == ("undated" if status == 200 else "transient_error")
    assert last.next_poll_at == datetime(9999, 1, 1, tzinfo=UTC)
    (usual,) = run(go(NOW))
    assert usual.next_poll_at <= NOW + timedelta(days=366)


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        pytest.param(AttributeError("no host"), AttributeError, id="error"),
        pytest.param(asyncio.CancelledError(), RuntimeError, id="cancelled from within"),
    ],
)
def test_what_breaks_outside_of_a_poll_ends_the_run(run, options, broken, error):
    """An exception that is no feed's outcome reaches the caller; nobody waits for ever."""

    class Feed:
        feed_id = "broken"

        @property
        def url(self):
            raise broken

    async def go():
        found = poll_feeds([Feed()], {}, run_id="r", now=NOW, options=options)
        async with asyncio.timeout(10):
            return [polled async for polled in found]

    with pytest.raises(error):
        run(go())


def test_no_more_at_once_than_allowed(web, run, options, make_feed, rss):
    """The bounds hold, in all and a host."""
    flying, most = [], []

    def answer(handler):
        flying.append(1)
        most.append(len(flying))
        time.sleep(0.03)
        flying.pop()
        handler.send(200, rss("a"))

    web.route("/f", answer)
    feeds = [make_feed(web.url("/f"), feed_id=f"f{number}") for number in range(8)]

    async def go(options):
        found = poll_feeds(feeds, {}, run_id="r", now=NOW, options=options)
        return [polled async for polled in found]

    assert len(run(go(options))) == 8
    assert max(most) <= 2
    most.clear()
    assert len(run(go(replace(options, per_host=8, concurrency=3)))) == 8
    assert max(most) <= 3


def test_requests_to_one_host_are_spaced(run, make_feed):
    """A host is asked at intervals, unless its network was opened to us."""
    options = FetchOptions(spacing=0.15, timeout=1, parsers=1)
    feeds = [make_feed("http://127.0.0.1:1/f", feed_id=f"f{number}") for number in range(3)]

    async def go(options):
        start = time.monotonic()
        async for _ in poll_feeds(feeds, {}, run_id="r", now=NOW, options=options):
            pass
        return time.monotonic() - start

    assert run(go(options)) >= 0.3
    assert run(go(replace(options, spacing=20, allow_private=LOOPBACK))) < 20


def test_stopping_early_leaves_nothing_running(web, run, options, make_feed, rss):
    """A consumer that stops leaves no request, task or parser behind."""
    web.serve("/f", rss("a"))
    web.route("/slow", lambda _handler: time.sleep(0.5))
    feeds = [make_feed(web.url("/f"), feed_id="a")]
    feeds += [make_feed(web.url("/slow"), feed_id=f"s{number}") for number in range(5)]

    async def go():
        found = poll_feeds(feeds, {}, run_id="r", now=NOW, options=options)
        async with aclosing(found):
            async for polled in found:
                assert polled.feed.feed_id == "a"
                break
        return len(asyncio.all_tasks())

    assert run(go()) == 1
    assert children() == []


def children():
    """Return the parser processes that are ours and still there."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            command = stat.with_name("cmdline").read_bytes()
            if int(fields[1]) == os.getpid() and PROGRAM.encode() in command:
                found.append(stat.parent.name)
    return found
