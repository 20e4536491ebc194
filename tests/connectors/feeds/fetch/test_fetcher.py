"""Fetching over real sockets: what servers do, and what we make of it."""

from __future__ import annotations

import gzip
import ipaddress
import time
import zlib
from contextlib import suppress
from dataclasses import replace

import pytest

from connectors.errors import (
    ChallengeError,
    GoneFeedError,
    PermanentFeedError,
    TransientFeedError,
)
from connectors.feeds.fetch.fetcher import fetch_once, open_fetcher
from connectors.feeds.fetch.politeness import FetchOptions
from transforms.models import Cursor
from transforms.urls.canonical import HubUrl


@pytest.fixture
def fetch(run, options, make_feed):
    """Fetch a path of the web, with feed fields and options as given."""

    def do(url, cursor=None, options=options, **fields):
        async def go():
            async with open_fetcher(options) as fetcher:
                return await fetcher.fetch(make_feed(url, **fields), cursor)

        return run(go())

    return do


def test_document_comes_with_its_validators(web, fetch):
    """A fetched document carries its body, type and validators."""
    web.serve(
        "/f", b"<rss/>", ETag='"v1"', Last_Modified="yesterday", Content_Type="text/xml"
    )

    document = fetch(web.url("/f"))

    assert (document.status, document.body, document.content_type) == (
        200,
        b"<rss/>",
        "text/xml",
    )
    assert (document.etag, document.last_modified) == ('"v1"', "yesterday")


def test_request_names_us_and_what_we_read(web, fetch):
    """Every request carries our name, and offers only encodings that we cap."""
    web.serve("/f", b"<rss/>")

    fetch(web.url("/f"), headers=(("X-Key", "k"),))

    _, headers = web.requests[0]
    assert headers["User-Agent"].startswith("sinowire/")
    assert headers["Accept-Encoding"] == "gzip, deflate"
    assert headers["X-Key"] == "k"
    assert "rss+xml" in headers["Accept"]


def test_conditional_request(web, fetch):
    """The cursor's validators are sent, and 304 is an unchanged document."""

    def answer(handler):
        known = handler.headers["If-None-Match"] == '"v1"'
        known = known and handler.headers["If-Modified-Since"] == "yesterday"
        handler.send(304 if known else 200)

    web.route("/f", answer)

    assert fetch(web.url("/f"), Cursor(etag='"v1"', last_modified="yesterday")).is_unchanged
    assert not fetch(web.url("/f")).is_unchanged


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, PermanentFeedError),
        (401, PermanentFeedError),
        (403, PermanentFeedError),
        (404, PermanentFeedError),
        (410, GoneFeedError),
        (408, TransientFeedError),
        (429, TransientFeedError),
        (500, TransientFeedError),
        (501, PermanentFeedError),
        (503, TransientFeedError),
        (418, PermanentFeedError),
    ],
)
def test_status_is_an_error_of_its_class(web, fetch, status, error):
    """The class of the error says what to do about a status, and its reason names it."""
    web.serve("/f", b"no", status=status)

    with pytest.raises(error, match=f"HTTP {status}") as caught:
        fetch(web.url("/f"))

    assert type(caught.value) is error
    assert caught.value.status == status


@pytest.mark.parametrize("status", [403, 503, 401])
def test_bot_check_is_a_challenge(web, fetch, status):
    """A refusal with a wall's page is a challenge, not a plain refusal."""
    web.serve("/f", b"<html><title>Just a moment...</title>", status=status)

    with pytest.raises(ChallengeError):
        fetch(web.url("/f"))


def test_retry_after_is_kept(web, fetch):
    """The seconds that a busy server names come with the error."""
    web.serve("/f", status=503, Retry_After="120")

    with pytest.raises(TransientFeedError) as caught:
        fetch(web.url("/f"))

    assert caught.value.retry_after == 120


def test_redirects_are_followed_to_the_address_that_answers(web, fetch):
    """Redirects of all kinds are followed, and the chain is kept."""
    for status in (301, 302, 303, 307):
        web.serve(
            f"/{status}",
            status=status,
            Location=f"/{status + 1 if status < 303 else status + 4}",
        )
    web.serve("/303", status=303, Location="/307")
    web.serve("/307", status=307, Location=web.url("/end"))
    web.serve("/end", b"<rss/>")

    document = fetch(web.url("/301"))

    assert document.url == web.url("/end")
    assert [status for status, _ in document.redirects] == [301, 302, 303, 307]


def test_redirect_loop_ends(web, fetch):
    """A loop of redirects is an error after five of them."""
    web.serve("/f", status=302, Location="/f")

    with pytest.raises(PermanentFeedError, match="more than 5 redirects"):
        fetch(web.url("/f"))
    assert len(web.requests) == 6


@pytest.mark.parametrize(
    "location", ["ftp://x.example/", "javascript:alert(1)", "file:///etc/passwd"]
)
def test_redirect_to_another_scheme_is_refused(web, fetch, location):
    """Only http and https are followed."""
    web.serve("/f", status=302, Location=location)

    with pytest.raises(PermanentFeedError, match=r"not an address|not http"):
        fetch(web.url("/f"))


def test_redirect_without_address(web, fetch):
    """A redirect that says not where is an error."""
    web.serve("/f", status=302)

    with pytest.raises(PermanentFeedError, match="names no address"):
        fetch(web.url("/f"))


def test_redirect_to_an_address_that_is_none(web, fetch):
    """A redirect to something unreadable is an error, not a crash."""
    web.serve("/f", status=302, Location="http://[")

    with pytest.raises(PermanentFeedError, match="not an address"):
        fetch(web.url("/f"))


def test_secret_headers_stay_with_their_host(web, fetch):
    """Headers of a feed are not sent to the host that it redirects to."""
    web.serve("/f", status=302, Location=web.url("/end", host="127.0.0.2"))
    web.serve("/end", b"<rss/>")
    web.routes["/end"] = lambda handler: handler.send(200, b"<rss/>")

    with suppress(TransientFeedError):  # nothing listens on the second address
        fetch(web.url("/f"), headers=(("Authorization", "secret"),))
    web.serve("/same", status=302, Location="/end")
    fetch(web.url("/same"), headers=(("Authorization", "secret"),))

    assert "Authorization" in web.requests[-1][1]


def test_cookie_of_a_redirect_is_sent_on(web, fetch):
    """A site that sets a cookie and redirects to itself lets us through, once."""

    def answer(handler):
        if handler.headers["Cookie"] == "pass=1":
            handler.send(200, b"<rss/>")
        else:
            handler.send(302, Location="/f", Set_Cookie="pass=1")

    web.route("/f", answer)

    assert fetch(web.url("/f")).status == 200
    assert "Cookie" not in web.requests[0][1]


def test_private_address_is_refused_by_default(web, fetch):
    """Loopback is out of reach until its network is opened, and the error says how."""
    web.serve("/f", b"<rss/>")

    with pytest.raises(PermanentFeedError, match="SINOWIRE_ALLOW_PRIVATE_ADDRESSES"):
        fetch(web.url("/f"), options=FetchOptions())
    assert web.requests == []


def test_redirect_to_a_private_address_is_refused(web, fetch, options):
    """A public feed cannot send us inside; neither by address nor by name."""
    web.serve("/f", status=302, Location="http://10.0.0.1/")
    web.serve("/g", status=302, Location="http://[::1]/")

    for path in ("/f", "/g"):
        with pytest.raises(PermanentFeedError, match="private address"):
            fetch(web.url(path), options=options)


def test_name_that_leads_inside_is_refused(web, fetch):
    """What counts is the address behind a name."""
    with pytest.raises(PermanentFeedError, match="localhost leads to the private address"):
        fetch(web.url("/f", host="localhost"), options=FetchOptions())


def test_unknown_name_is_worth_another_try(fetch):
    """A name that cannot be looked up may be there tomorrow."""
    with pytest.raises(TransientFeedError, match="cannot be found"):
        fetch("http://nowhere.invalid/feed")


def test_closed_port_is_transient(web, fetch):
    """A refused connection may be accepted later."""
    with pytest.raises(TransientFeedError, match="connection failed"):
        fetch("http://127.0.0.1:1/feed")


def test_cut_body_is_transient(web, fetch):
    """Fewer bytes than announced are a broken transfer, never a document."""

    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"<rss>")
        handler.close_connection = True

    web.route("/f", answer)

    with pytest.raises(TransientFeedError):
        fetch(web.url("/f"))


def test_trickle_ends_at_the_deadline(web, fetch, options):
    """A server that sends a byte now and then is left when the time is up."""

    def answer(handler):
        handler.send_response(200)
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b" ")
            time.sleep(0.05)

    web.route("/f", answer)
    start = time.monotonic()

    with pytest.raises(TransientFeedError, match=r"no complete answer within 0\.3 s"):
        fetch(web.url("/f"), options=replace(options, timeout=0.3))
    assert time.monotonic() - start < 2


def test_endless_body_is_cut_at_the_limit(web, fetch, options):
    """A body without end costs its limit and no more."""

    def answer(handler):
        handler.send_response(200)
        handler.end_headers()
        handler.close_connection = True
        while True:
            handler.wfile.write(b"x" * 65536)

    web.route("/f", answer)

    with pytest.raises(PermanentFeedError, match="larger than 100,000 bytes"):
        fetch(web.url("/f"), options=replace(options, max_bytes=100_000))


def test_announced_size_is_refused(web, fetch, options):
    """A body that announces itself as too large is refused, with the remedy."""
    web.serve("/f", b"x" * 2000)

    with pytest.raises(PermanentFeedError, match="max_bytes"):
        fetch(web.url("/f"), options=replace(options, max_bytes=1000))


def test_gzip_bomb_is_stopped(web, fetch):
    """A small body that unfolds to a huge one is refused by its unfolded size."""
    web.serve("/f", gzip.compress(b"\0" * 50_000_000, mtime=0), Content_Encoding="gzip")

    with pytest.raises(PermanentFeedError, match="larger than"):
        fetch(web.url("/f"))


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(b"<rss/>", mtime=0), "gzip"),
        (gzip.compress(b"<rss/>", mtime=0), "x-gzip"),
        (zlib.compress(b"<rss/>"), "deflate"),
        (zlib.compress(b"<rss/>")[2:-4], "deflate"),
        (b"<rss/>", "identity"),
    ],
)
def test_compressed_bodies(web, fetch, body, encoding):
    """Both gzip and both kinds of deflate are unpacked."""
    web.serve("/f", body, Content_Encoding=encoding)

    assert fetch(web.url("/f")).body == b"<rss/>"


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip"])
def test_other_encodings_are_refused(web, fetch, encoding):
    """What was not asked for, or is stacked, is not unpacked."""
    web.serve("/f", b"....", Content_Encoding=encoding)

    with pytest.raises(TransientFeedError, match="unexpected content encoding"):
        fetch(web.url("/f"))


def test_odd_validators_are_not_kept(web, fetch):
    """A validator that cannot be sent back is no validator."""
    web.serve("/f", b"<rss/>", ETag='"' + "x" * 600 + '"', Last_Modified="caf\xe9")

    document = fetch(web.url("/f"))

    assert (document.etag, document.last_modified) == ("", "")


@pytest.mark.parametrize("url", ["ftp://x.example/", "http://", "http://[", "nonsense"])
def test_address_that_is_none(fetch, url):
    """What is no http address is a permanent error."""
    with pytest.raises(PermanentFeedError):
        fetch(url)


def test_proxy_is_asked_for_the_feed(web, fetch):
    """A feed with a proxy is fetched through it, wherever the proxy itself stands."""
    web.routes["http://93.184.216.34/feed"] = lambda handler: handler.send(200, b"<rss/>")

    document = fetch("http://93.184.216.34/feed", options=FetchOptions(), proxy=web.url(""))

    assert document.body == b"<rss/>"


def test_proxy_is_not_asked_for_private_addresses(web, fetch):
    """The guard holds in front of a proxy as well."""
    with pytest.raises(PermanentFeedError, match="private address"):
        fetch("http://10.1.2.3/feed", options=FetchOptions(proxy=web.url("")))
    assert web.requests == []


def test_proxy_may_know_names_that_we_do_not(web, fetch):
    """A name that only the proxy can look up is handed over."""
    web.routes["http://nowhere.invalid/feed"] = lambda handler: handler.send(200, b"<rss/>")

    assert fetch("http://nowhere.invalid/feed", proxy=web.url("")).body == b"<rss/>"


def test_one_address_for_a_command(web, run, options):
    """A command fetches any address the same way."""
    web.serve("/list.opml", b"<opml/>")

    assert run(fetch_once(web.url("/list.opml"), options=options)).body == b"<opml/>"


def test_networks_are_opened_one_by_one(web, fetch):
    """Opening one internal network opens no other."""
    only = (ipaddress.ip_network("10.0.0.0/8"),)

    with pytest.raises(PermanentFeedError, match="private"):
        fetch(web.url("/f"), options=FetchOptions(allow_private=only))


@pytest.fixture
def closed(options):
    """Options that open no private network."""
    return replace(options, allow_private=())


def test_the_users_own_rsshub_is_reached(web, fetch, closed):
    """Its feeds reach it on loopback, which stays closed to all others."""
    web.serve("/36kr/hot-list", b"<rss/>")
    address = web.url("/36kr/hot-list")

    assert fetch(HubUrl(address), options=closed).body == b"<rss/>"
    with pytest.raises(PermanentFeedError, match="private address"):
        fetch(address, options=closed)


@pytest.mark.parametrize("port", ["same", "other"])
def test_an_rsshub_leads_nowhere_else(web, fetch, closed, port):
    """What redirects is checked: another name or port is another server."""
    host = "localhost" if port == "same" else "127.0.0.1"
    to = web.url("/secret", host) if port == "same" else "http://127.0.0.1:1/secret"
    web.serve("/route", status=302, Location=to)
    web.serve("/secret", b"<rss/>")

    with pytest.raises(PermanentFeedError, match="private address"):
        fetch(HubUrl(web.url("/route")), options=closed)

    assert [path for path, _ in web.requests] == ["/route"]


def test_an_rsshub_may_redirect_to_itself(web, fetch, closed):
    """As after a change of its routes; others may not redirect there."""
    web.serve("/old", status=302, Location="/new")
    web.serve("/new", b"<rss/>")

    assert fetch(HubUrl(web.url("/old")), options=closed).url == web.url("/new")


def test_an_rsshub_on_this_machine_is_not_asked_for_by_proxy(web, fetch, closed):
    """The proxy of all feeds would look for it on its own machine."""
    web.serve("/route", b"<rss/>")
    elsewhere = replace(closed, proxy="http://127.0.0.1:1")

    assert fetch(HubUrl(web.url("/route")), options=elsewhere).body == b"<rss/>"


def test_a_route_without_an_rsshub_says_what_it_waits_for(fetch):
    """Whoever asks for such a feed by its id learns which setting to write."""
    with pytest.raises(PermanentFeedError, match='write rsshub = "http://host:1200"'):
        fetch("rsshub:/36kr/hot-list")
