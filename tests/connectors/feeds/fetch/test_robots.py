"""robots.txt, which pages obey and feeds need not."""

from __future__ import annotations

import asyncio
import time

import pytest

from connectors.errors import PermanentFeedError, TransientFeedError
from connectors.feeds.fetch.fetcher import open_fetcher
from connectors.feeds.fetch.politeness import LONGEST_WAIT, Robots, robot_name
from transforms.models import ListSelectors

LIST = ListSelectors(items="li")


@pytest.fixture
def fetch(run, options, make_feed, web):
    """Fetch paths of the web as pages, with one fetcher."""

    def do(*paths, **fields):
        async def go():
            async with open_fetcher(options) as fetcher:
                feeds = [
                    make_feed(web.url(p), **{"selectors": LIST, **fields}) for p in paths
                ]
                return [await fetcher.fetch(feed) for feed in feeds]

        return run(go())

    return do


def serve(web, robots, **more):
    web.serve("/robots.txt", robots.encode(), **more)
    web.serve("/news/list", b"<li>a</li>")
    web.serve("/news/other", b"<li>b</li>")


def asked(web):
    return [path for path, _ in web.requests]


def test_disallowed_page_is_not_asked_for(web, fetch):
    """A page that robots.txt closes is a permanent error, and is left alone."""
    serve(web, "User-agent: *\nDisallow: /news/")

    with pytest.raises(
        PermanentFeedError, match=r"robots.txt of 127.0.0.1 disallows"
    ) as no:
        fetch("/news/list")

    assert no.value.outcome == "permanent_error"
    assert asked(web) == ["/robots.txt"]


def test_feeds_need_no_leave(web, fetch):
    """A feed is published for programs: nobody asks robots.txt about it."""
    serve(web, "User-agent: *\nDisallow: /")

    fetch("/news/list", selectors=None)

    assert asked(web) == ["/news/list"]


@pytest.mark.parametrize(
    ("robots", "is_allowed"),
    [
        ("User-agent: *\nDisallow: /news/\nAllow: /news/list", True),
        ("User-agent: *\nAllow: /\nDisallow: /*/list$", False),
        ("User-agent: *\nDisallow: /*.html$", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Sinowire\nDisallow:", True),
        ("User-agent: sinowire\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
        ("User-agent: otherbot\nDisallow: /", True),
        ("<html>not found</html>", True),
        ("", True),
    ],
)
def test_rules(web, fetch, robots, is_allowed):
    """The longest rule of our own group decides, with * and $ in it."""
    serve(web, robots)

    if is_allowed:
        assert fetch("/news/list")[0].body == b"<li>a</li>"
    else:
        with pytest.raises(PermanentFeedError, match="disallows"):
            fetch("/news/list")


def test_host_is_asked_once_a_run(web, fetch):
    """Two pages of a host share its rules."""
    serve(web, "User-agent: *\nDisallow: /x")

    fetch("/news/list", "/news/other")

    assert asked(web).count("/robots.txt") == 1


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_site_without_the_file(web, fetch, status):
    """Where there is no robots.txt, nothing is closed."""
    serve(web, "User-agent: *\nDisallow: /", status=status)

    assert fetch("/news/list")[0].status == 200


@pytest.mark.parametrize("status", [500, 503, 429])
def test_site_in_trouble(web, fetch, status):
    """Where robots.txt cannot be had, the page waits, and as long as the server says."""
    serve(web, "", status=status, Retry_After="120")

    with pytest.raises(TransientFeedError, match="so the page waits") as later:
        fetch("/news/list")

    assert (later.value.status, later.value.retry_after) == (status, 120)
    assert "/news/list" not in asked(web)


def test_unreachable_and_unreadable(web, options, run, make_feed):
    """No answer is trouble too; one that goes on for ever stays unread."""
    web.serve("/robots.txt", b"x" * 2000)

    async def fetch_page(url, limits):
        async with open_fetcher(limits) as fetcher:
            await fetcher.fetch(make_feed(url, selectors=LIST))

    with pytest.raises(TransientFeedError, match="the connection failed"):
        run(fetch_page("http://127.0.0.1:1/page", options))
    small = type(options)(allow_private=options.allow_private, max_bytes=1000)
    with pytest.raises(PermanentFeedError, match="cannot be read: larger than"):
        run(fetch_page(web.url("/page"), small))


def test_redirect_to_a_closed_page(web, fetch):
    """A redirect does not lead around the rules."""
    serve(web, "User-agent: *\nDisallow: /news/")
    web.serve("/open", status=302, Location="/news/list")

    with pytest.raises(PermanentFeedError, match="disallows"):
        fetch("/open")

    assert "/news/list" not in asked(web)


def test_crawl_delay(web, fetch):
    """Two pages of a site are as far apart as it asks."""
    serve(web, "User-agent: *\nCrawl-delay: 0.3")
    times = []
    for path in ("/news/list", "/news/other"):
        web.route(path, lambda handler: (times.append(time.monotonic()), handler.send()))

    fetch("/news/list", "/news/other")

    assert times[1] - times[0] >= 0.29


def test_crawl_delay_has_bounds(run, make_feed):
    """A site that asks for an hour holds up no run: the page takes the next one."""

    async def robots_txt(_feed):
        return b"User-agent: *\nCrawl-delay: 3600"

    async def go():
        robots = Robots(robots_txt, "sinowire/1")
        page = make_feed("https://x.example/list", selectors=LIST)
        assert await robots.delay(page) == 3600
        await robots.wait(page)
        robots._free_at["https://x.example"] += LONGEST_WAIT
        await robots.wait(page)

    started = time.monotonic()
    with pytest.raises(TransientFeedError, match="asks for 30 s between pages"):
        run(asyncio.wait_for(go(), 5))
    assert time.monotonic() - started < 5


def test_name_is_that_of_the_agent(make_feed):
    """The first word of the user agent is our name, the feed's own before the run's."""
    assert robot_name(make_feed(), "sinowire/0.1 (news monitor)") == "sinowire"
    assert robot_name(make_feed(headers=(("User-Agent", "Desk 1"),)), "x") == "Desk"


def test_secrets_stay_with_the_page(web, fetch):
    """robots.txt is asked for without the feed's own headers, but by the same agent."""
    serve(web, "")

    fetch("/news/list", headers=(("X-Key", "s3cret"), ("User-Agent", "Desk/1")))

    headers = dict(web.requests)["/robots.txt"]
    assert headers["User-Agent"] == "Desk/1"
    assert "X-Key" not in headers
