"""Servers that say "not modified" and are wrong are found out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connectors.feeds.poll.poll import poll_feeds
from transforms.models import Standing

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Server:
    """Answers 304 to whoever names a version; what it says else can be set."""

    def __init__(self, web, body):
        self.web = web
        self.body = body
        self.honest = False
        web.route("/f", self.answer)

    def answer(self, handler):
        etag = f'"{hash(self.body)}"'
        asked = handler.headers.get("If-None-Match")
        if asked and (asked == etag or not self.honest):
            handler.send(304)
        else:
            handler.send(200, self.body, ETag=etag)

    def conditional(self):
        """Tell of each request whether it named a version."""
        return ["If-None-Match" in headers for _, headers in self.web.requests]


@pytest.fixture
def server(web, rss):
    """A server with one article, stuck from then on."""
    return Server(web, rss("a"))


@pytest.fixture
def poll(web, run, options, make_feed):
    """Poll the feed at a moment, going on where the poll before ended."""
    feed = make_feed(web.url("/f"))
    cursors, standings = {}, {}

    def do(at):
        async def go():
            found = poll_feeds(
                [feed], cursors, standings, run_id="r", now=at, options=options
            )
            return [polled async for polled in found]

        (polled,) = run(go())
        cursors.update({"sample": polled.cursor} if polled.cursor else {})
        standings.update({"sample": polled.standing} if polled.standing else {})
        return polled

    do.standings = standings
    return do


def test_a_stuck_server_is_found_out_within_a_week(server, poll, rss):
    """What an eternal 304 hid comes, the lie is told, and the server is not trusted."""
    poll(NOW)
    server.body = rss("b", "a")
    assert poll(NOW + 4 * DAY).poll.outcome == "unchanged"

    probed = poll(NOW + 7 * DAY)

    assert [entry.title for entry in probed.entries] == ["b"]
    assert probed.poll.outcome == "new"
    assert probed.poll.error.startswith('its "not modified" was wrong')
    assert "it is fetched whole until 2026-09-10" in probed.notices[0]

    server.web.requests.clear()
    server.body = rss("c", "b", "a")
    after = poll(NOW + 7 * DAY + HOUR)
    assert [entry.title for entry in after.entries] == ["c"]
    assert after.poll.error is None
    assert server.conditional() == [False]

    poll(NOW + 40 * DAY)
    poll(NOW + 40 * DAY + HOUR)
    assert server.conditional()[-1] is True


def test_an_honest_server_is_asked_twice_and_not_blamed(server, poll, rss):
    """Where the old version is not "not modified" any more, the feed just changed."""
    server.honest = True
    poll(NOW)
    server.body = rss("b", "a")
    server.web.requests.clear()

    probed = poll(NOW + 7 * DAY)

    assert (probed.poll.outcome, probed.poll.error, probed.notices) == ("new", None, ())
    assert server.conditional() == [False, True]


def test_a_probe_that_finds_nothing_costs_one_request(server, poll):
    """The same bytes are the same bytes, and the next week begins."""
    poll(NOW)
    server.web.requests.clear()

    assert poll(NOW + 7 * DAY).poll.outcome == "unchanged"
    assert poll(NOW + 8 * DAY).poll.outcome == "unchanged"
    assert server.conditional() == [False, True]


def test_silence_beyond_the_rhythm_is_looked_into_daily(server, poll):
    """A feed that should have brought news is asked for whole, once a day at the most."""
    poll(NOW)
    poll.standings["sample"] = Standing(
        url=poll.standings["sample"].url,
        pace=HOUR,
        news_at=NOW - 3 * DAY,
        full_at=NOW,
    )
    server.web.requests.clear()

    for hours in (1, 20, 25, 30, 48, 50):
        poll(NOW + hours * HOUR)

    assert server.conditional() == [True, True, False, True, True, False]


def test_a_clock_that_went_back_does_not_stop_the_probes(server, poll):
    """A replay from a later time leaves a mark in the future; it is no promise."""
    poll(NOW + 365 * DAY)
    server.web.requests.clear()

    poll(NOW)

    assert server.conditional() == [False]


def test_not_modified_without_a_version_named(web, poll, rss):
    """A server that says 304 to everything fails with a sentence, not in silence."""
    web.serve("/f", rss("a"), ETag='"1"')
    poll(NOW)
    web.serve("/f", status=304)

    probed = poll(NOW + 7 * DAY).poll

    assert probed.outcome == "transient_error"
    assert "named no version" in probed.error
