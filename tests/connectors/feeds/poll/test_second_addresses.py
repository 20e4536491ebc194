"""A feed with further addresses is read at the one that answers, and stays one feed."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors.feeds.poll.poll import hosts_asked, poll_feeds
from transforms.models import Cursor, Standing

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
WALL = b"<html><title>Just a moment...</title></html>"
PAGE = b"<html><title>Sample News</title><p>Welcome</p></html>"
WALLS = {
    "a bot check": {"body": WALL},
    "a bot check with 403": {"body": WALL, "status": 403},
    "a web page": {"body": PAGE},
    "403": {"status": 403},
    "404": {"status": 404},
    "410": {"status": 410},
    "429": {"status": 429},
    "429 for an hour": {"status": 429, "Retry_After": "3600"},
    "503": {"status": 503},
}


@pytest.fixture
def feed(make_feed, web):
    """A feed at /one, and at /two of what passes for another host."""
    return make_feed(web.url("/one"), also=(web.url("/two", "localhost"),))


@pytest.fixture
def poll(run, options):
    """Poll feeds with what polls before left behind, and keep it."""
    cursors, standings = {}, {}

    def do(*feeds, now=NOW, options=options):
        async def go():
            asked = poll_feeds(
                feeds, cursors, standings, run_id="r", now=now, options=options
            )
            return [polled async for polled in asked]

        found = run(go())
        for polled in found:
            if polled.cursor:
                cursors[polled.feed.feed_id] = polled.cursor
            if polled.standing:
                standings[polled.feed.feed_id] = polled.standing
        return found[0] if len(found) == 1 else found

    do.cursors, do.standings = cursors, standings
    return do


def asked(web):
    """Return what was asked for since this was last asked, in order."""
    found = [path for path, _ in web.requests]
    web.requests.clear()
    return found


@pytest.mark.parametrize("wall", WALLS.values(), ids=WALLS)
def test_a_wall_hands_over_and_back(web, poll, feed, rss, wall):
    """The second address is asked until it fails; entries stay those of the feed."""
    web.serve("/one", rss("a", "b"), ETag='"one"')
    web.serve("/two", rss("b", "c"), ETag='"two"')
    first = poll(feed)
    web.serve("/one", **wall)

    second, walled = poll(feed), asked(web)
    third, remembered = poll(feed), web.requests[:]
    web.serve("/one", rss("c", "d"), ETag='"one"')
    web.serve("/two", **wall)
    asked(web)
    back = poll(feed)

    assert [e.title for e in first.entries] == ["a", "b"]
    assert (second.poll.outcome, second.poll.error) == ("new", None)
    assert [e.title for e in second.entries] == ["c"]
    assert walled == ["/one", "/one", "/two"]
    [notice] = second.notices
    assert notice == (
        f"feed sample is polled at {feed.also[0]} from now on, since {feed.url} failed"
    )
    [(path, headers)] = remembered
    assert (path, headers["If-None-Match"]) == ("/two", '"two"')
    assert third.poll.outcome == "unchanged"
    assert [e.title for e in back.entries] == ["d"]
    assert asked(web) == ["/two", "/one"]
    assert poll.standings["sample"].other_url == ""
    assert f"polled at {feed.url} from now on" in back.notices[0]


def test_versions_of_one_address_are_not_named_at_another(web, poll, feed, rss):
    """ETags are a server's own; one that two share by chance would hide what is new."""
    web.serve("/one", rss("a"), ETag='"v1"', Last_Modified="today")
    poll(feed)
    web.serve("/one", status=403)
    web.serve("/two", rss("a", "b"), ETag='"v1"')
    web.requests.clear()

    poll(feed)

    named = [headers.get("If-None-Match") for _, headers in web.requests]
    assert named == ['"v1"', None]


def test_one_timeout_is_no_reason_to_go(web, poll, feed, rss, options):
    """The network may be slow today; the second one in a row is the address's."""
    web.route("/one", lambda _handler: time.sleep(0.6))
    web.serve("/two", rss("a"))
    hasty = replace(options, timeout=0.3)

    first, once = poll(feed, options=hasty), asked(web)
    second, twice = poll(feed, options=hasty), asked(web)

    assert (first.poll.outcome, once) == ("transient_error", ["/one"])
    assert (second.poll.outcome, twice) == ("new", ["/one", "/two"])


def test_none_answers(web, poll, feed):
    """The failure is that of the feed's own address, and each is named."""
    web.serve("/one", WALL, 403)

    polled = poll(feed)

    assert (polled.poll.outcome, polled.poll.http_status) == ("challenge", 403)
    assert polled.poll.error.startswith("HTTP 403: a bot check")
    assert f"; {feed.also[0]}: HTTP 404: there is nothing" in polled.poll.error
    assert polled.standing.error_score == 0.5
    assert polled.standing.other_url == ""


def test_a_remembered_address_stays_remembered_where_all_fail(web, poll, feed, rss):
    """An outage of an hour is no reason to begin again at the wall."""
    web.serve("/two", rss("a"))
    poll(feed)
    web.serve("/two", status=503)

    polled = poll(feed)

    assert polled.poll.outcome == "permanent_error"
    assert poll.standings["sample"].other_url == feed.also[0]
    assert polled.notices == ()


def test_another_outlets_feed_is_reported_and_not_merged(web, poll, feed, rss):
    """Other items under another name are not the feed's, whatever feeds.toml says."""
    web.serve("/one", rss("a", "b"))
    poll(feed)
    web.serve("/one", PAGE)
    web.serve("/two", rss("x", "y").replace(b"Sample", b"Another Paper"))

    polled = poll(feed)

    assert (polled.poll.outcome, polled.entries) == ("not_a_feed", [])
    assert "another feed ('Another Paper'), so it was left alone: correct `also`" in (
        polled.poll.error
    )
    assert poll.standings["sample"].other_url == ""


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (lambda rss: rss("b", "x").replace(b"Sample", b"Feed"), "new"),
        (lambda rss: rss("x").replace(b"Sample", b"The sample, mirrored"), "new"),
        (lambda rss: rss(), "not_a_feed"),
    ],
    ids=["a known item", "the outlet's name", "nothing"],
)
def test_what_makes_it_the_same_feed(web, poll, feed, rss, body, outcome):
    """A mirror has its items, or its name; an empty document says nothing."""
    web.serve("/one", rss("a", "b"))
    poll(feed)
    web.serve("/one", PAGE)
    web.serve("/two", body(rss))

    assert poll(feed).poll.outcome == outcome


def test_links_to_the_outlet_make_it_the_same_feed(web, poll, make_feed, rss, options):
    """A gateway calls its feeds what it likes; where they lead says whose they are."""
    feed = make_feed("https://x.example/feed", also=(web.url("/two"),), publisher="Outlet")
    web.serve("/two", rss("a").replace(b"Sample", b"Gateway"))

    assert poll(feed).poll.outcome == "new"


def test_a_busy_host_is_not_asked_by_another_name(web, poll, make_feed, rss):
    """429 means the host: another path of it would be one more request."""
    others = web.url("/other"), web.url("/two", "localhost")
    feed = make_feed(web.url("/one"), also=others)
    web.serve("/one", status=429)
    web.serve("/other", rss("a"))
    web.serve("/two", rss("b"))

    polled = poll(feed)

    assert asked(web) == ["/one", "/two"]
    assert [e.title for e in polled.entries] == ["b"]


def test_what_a_wall_asked_for_is_kept(web, poll, feed, rss, options):
    """The host waits for its hour, though the feed was read elsewhere."""
    web.serve("/one", status=429, Retry_After="3600")
    web.serve("/two", rss("a"))
    public = replace(options, spacing=0)

    polled = poll(feed, options=public)

    assert polled.poll.outcome == "new"
    assert polled.poll.retry_after_at is None
    assert hosts_asked(feed, poll.standings["sample"]) == ["localhost", "127.0.0.1"]


def test_a_key_goes_to_its_own_host_alone(web, poll, feed, rss):
    """Headers of a feed are its own host's; the user agent is for anybody."""
    web.serve("/two", rss("a"))

    poll(replace(feed, headers=(("X-Key", "s3cret"), ("User-Agent", "me/1"))))

    [one, two] = [headers for _, headers in web.requests]
    assert (one["X-Key"], one["User-Agent"]) == ("s3cret", "me/1")
    assert ("X-Key" in two, two["User-Agent"]) == (False, "me/1")


def test_an_address_taken_out_of_the_file_is_forgotten(web, poll, feed, rss):
    """So are its validators: the feed's own address never gave them."""
    web.serve("/two", rss("a"), ETag='"two"')
    poll(feed)
    web.serve("/one", rss("a", "b"))
    web.requests.clear()

    polled = poll(replace(feed, also=()))

    [(path, headers)] = web.requests
    assert (path, headers.get("If-None-Match")) == ("/one", None)
    assert [e.title for e in polled.entries] == ["b"]
    assert poll.standings["sample"].other_url == ""


def test_secrets_of_a_second_address_are_not_stored(web, poll, make_feed, rss):
    """The standing is published; the request has the key."""
    feed = make_feed(web.url("/one"), also=(web.url("/two?token=tok-5f4dcc3b"),))
    web.serve("/two?token=tok-5f4dcc3b", rss("a"), ETag='"two"')
    poll(feed)

    polled = poll(feed)

    assert asked(web) == ["/one", *["/two?token=tok-5f4dcc3b"] * 2]
    assert "tok-5f4dcc3b" not in str(poll.standings) + str(polled.notices)


def test_a_redirect_of_a_second_address_moves_nothing(web, poll, feed, rss):
    """`url` is another address, and writing the target there would be wrong."""
    web.serve("/two", status=301, Location="/new")
    web.serve("/new", rss("a"))

    for days in range(4):
        poll(feed, now=NOW + timedelta(days=days))

    standing = poll.standings["sample"]
    assert (standing.moved_to, standing.adopted_at) == ("", None)


def test_the_first_turn_is_over_before_the_second_begins(web, run, options, make_feed, rss):
    """With one fetch in flight, feeds that change over do not wait for each other."""
    web.serve("/one", status=403)
    web.serve("/two", rss("a"))
    feeds = [
        make_feed(web.url("/one"), feed_id=f"f{n}", also=(web.url("/two", "localhost"),))
        for n in range(6)
    ]
    narrow = replace(options, concurrency=1, per_host=1)

    async def go():
        found = poll_feeds(feeds, {}, {}, run_id="r", now=NOW, options=narrow)
        async with asyncio.timeout(20):
            return [polled.poll.outcome async for polled in found]

    assert run(go()) == ["new"] * 6


def test_standing_of_before_has_no_second_address(web, poll, feed, rss):
    """A warehouse of an earlier version goes on where it was."""
    web.serve("/one", rss("a"), ETag='"v1"')
    poll.standings["sample"] = Standing(url=feed.url)
    poll.cursors["sample"] = Cursor(etag='"v1"')

    poll(feed)

    assert web.requests[0][1]["If-None-Match"] == '"v1"'
