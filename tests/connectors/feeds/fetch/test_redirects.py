"""Permanent redirects: adopted after a while, given up at a failure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors.feeds.poll.poll import poll_feeds
from connectors.feeds.poll.standing import seen_at
from transforms.models import Feed, Standing

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Subscription:
    """One feed that is polled again and again, as the pipeline does it."""

    def __init__(self, feed, run, options):
        self.feed = feed
        self.run = run
        self.options = options
        self.cursors = {}
        self.standings = {}

    def poll(self, at, **fields):
        feed = replace(self.feed, **fields)

        async def go():
            found = poll_feeds(
                [feed],
                self.cursors,
                self.standings,
                run_id="r",
                now=at,
                options=self.options,
            )
            return [polled async for polled in found]

        (polled,) = self.run(go())
        if polled.cursor:
            self.cursors["sample"] = polled.cursor
        if polled.standing:
            self.standings["sample"] = polled.standing
        return polled

    @property
    def standing(self):
        return self.standings["sample"]


@pytest.fixture
def feed(web, make_feed, run, options):
    """A subscription to ``/old``."""
    return Subscription(make_feed(web.url("/old")), run, options)


@pytest.fixture
def moved(web, rss):
    """``/old`` leads to ``/new`` for good, where the feed is."""
    web.serve("/old", status=301, Location="/new")
    web.serve("/new", rss("a"), ETag='"1"')


def paths(web):
    return [path for path, _ in web.requests]


def adopt(feed):
    for at in (NOW, NOW + HOUR, NOW + DAY):
        last = feed.poll(at)
    return last


def test_adopted_after_three_polls_over_a_day(web, feed, moved):
    """A redirect that still stands the next day is believed, told once, and then spared."""
    assert feed.poll(NOW).notices == ()
    assert feed.poll(NOW + HOUR).notices == ()
    assert feed.poll(NOW + 2 * HOUR).notices == ()
    assert feed.standing.adopted_at is None

    (notice,) = feed.poll(NOW + DAY).notices
    assert f'write url = "{web.url("/new")}" in feeds.toml' in notice

    web.requests.clear()
    again = feed.poll(NOW + DAY + HOUR)
    assert paths(web) == ["/new"]
    assert (again.poll.outcome, again.notices, again.standing) == ("unchanged", (), None)


def test_not_modified_behind_the_redirect_counts(web, feed, moved):
    """A redirect that ends in 304 is a sighting, of a feed that was read there before."""
    feed.poll(NOW)
    web.serve("/new", status=304)
    feed.poll(NOW + HOUR)
    feed.poll(NOW + DAY)

    assert feed.standing.adopted_at == NOW + DAY


def test_a_redirect_for_the_moment_is_followed_and_forgotten(web, feed, moved):
    """302 is no move, and one answer without the redirect starts the count anew."""
    feed.poll(NOW)
    web.serve("/old", status=302, Location="/new")
    feed.poll(NOW + HOUR)
    assert feed.standing.moved_to == ""

    web.serve("/old", status=301, Location="/new")
    feed.poll(NOW + DAY)
    assert (feed.standing.moved_seen, feed.standing.moved_since) == (1, NOW + DAY)


def test_one_step_for_the_moment_spoils_the_chain(web, feed, moved):
    """A chain is permanent only if every step of it is."""
    web.serve("/old", status=301, Location="/middle")
    web.serve("/middle", status=302, Location="/new")
    adopt(feed)

    assert feed.standing.moved_to == ""


def test_a_page_is_never_adopted(web, feed, moved):
    """Only an address that gave a feed is adopted; a login page is a failure."""
    web.serve("/new", b"<html><title>Log in</title><form></form></html>")
    adopt(feed)

    assert feed.standing.moved_to == ""


def test_an_adopted_address_that_fails_is_given_up(web, feed, moved, rss):
    """The address of feeds.toml gets the next poll, without validators of the other one."""
    adopt(feed)
    web.serve("/new", status=404)

    (notice,) = feed.poll(NOW + 2 * DAY).notices
    assert "is polled at its address in feeds.toml again" in notice

    web.serve("/old", rss("a", "b"))
    web.requests.clear()
    assert feed.poll(NOW + 3 * DAY).poll.outcome == "new"
    ((path, headers),) = web.requests
    assert path == "/old"
    assert "If-None-Match" not in headers


def test_passing_failures_are_borne_for_a_while(web, feed, moved):
    """One busy answer at the adopted address does not send us back; four do."""
    adopt(feed)
    web.serve("/new", status=503)
    feed.poll(NOW + 2 * DAY)
    assert feed.standing.adopted_at

    for n in range(3):
        feed.poll(NOW + 2 * DAY + (n + 1) * HOUR)
    assert feed.standing.adopted_at is None


def test_a_new_url_in_feeds_toml_forgets_the_old_ones_move(web, feed, moved, rss):
    """What a person writes counts at once, and nothing known of the old address does."""
    adopt(feed)
    web.serve("/third", rss("a"))
    web.requests.clear()

    feed.poll(NOW + 2 * DAY, url=web.url("/third"))

    ((path, headers),) = web.requests
    assert path == "/third"
    assert "If-None-Match" not in headers
    assert feed.standing.moved_to == ""


@pytest.mark.parametrize(
    ("url", "target", "fields"),
    [
        pytest.param("https://a.x/f", "https://a.x/f?token=abc123", {}, id="token"),
        pytest.param("https://a.x/f", "https://me:pw@a.x/g", {}, id="userinfo"),
        pytest.param("https://a.x/f", "http://a.x/g", {}, id="downgrade"),
        pytest.param("https://a.x/f", "https://a.x/" + "g" * 3000, {}, id="too long"),
        pytest.param("https://a.x/f", "https://a.x/f", {}, id="itself"),
        pytest.param(
            "https://a.x/f",
            "https://b.x/f",
            {"headers": (("Authorization", "key"),)},
            id="a key for another host",
        ),
        pytest.param(
            "https://a.x/f",
            "https://a.x:8443/f",
            {"headers": (("Authorization", "key"),)},
            id="a key for another port",
        ),
    ],
)
def test_not_every_address_is_adopted(url, target, fields):
    """Secrets are never stored, and a feed's headers go to no other host."""
    feed = Feed(feed_id="a", url=url, **fields)
    standing = Standing()
    for at in (NOW, NOW + HOUR, NOW + DAY):
        standing = seen_at(feed, standing, [(301, target)], target, at)

    assert standing == Standing()


def test_the_same_host_keeps_a_feeds_headers():
    """A feed with a key may move within its host, and to https."""
    feed = Feed(feed_id="a", url="http://a.x/f", headers=(("Authorization", "key"),))
    standing = seen_at(feed, Standing(), [(308, "https://a.x/g")], "https://a.x/g", NOW)

    assert standing.moved_to == "https://a.x/g"
