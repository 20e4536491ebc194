"""A web of one server on loopback, and feeds to fetch from it."""

from __future__ import annotations

import asyncio
import gc
import ipaddress
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from connectors.feeds.check.check import check_feeds
from connectors.feeds.fetch.politeness import FetchOptions
from transforms.models import Feed

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)


@pytest.fixture(autouse=True)
def _collected_in_silence():
    """Let no tool of other tests be called while garbage is collected.

    An alarm of a deadline that rings there can be raised to nobody, and fails the test.
    """
    callbacks = gc.callbacks[:]
    gc.callbacks.clear()
    yield
    gc.callbacks[:] = callbacks


class Handler(BaseHTTPRequestHandler):
    """Answers from the routes of its server, and remembers what was asked."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_args):
        """Keep quiet."""

    def do_GET(self):
        """Answer with the route's function."""
        web = self.server.web
        web.requests.append((self.path, dict(self.headers.items())))
        with suppress(ConnectionError):
            web.routes.get(self.path, not_found)(self)

    do_POST = do_GET

    def send(self, status=200, body=b"", **headers):
        """Send a whole answer; underscores in header names are hyphens."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def not_found(handler):
    handler.send(404)


class Web:
    """What the server answers, path by path."""

    def __init__(self, port):
        self.port = port
        self.routes = {}
        self.requests = []

    def url(self, path, host="127.0.0.1"):
        return f"http://{host}:{self.port}{path}"

    def serve(self, path, body=b"", status=200, **headers):
        """Answer *path* with the same thing every time."""
        self.routes[path] = lambda handler: handler.send(status, body, **headers)

    def route(self, path, function):
        """Answer *path* with a function of the handler."""
        self.routes[path] = function


@pytest.fixture(autouse=True)
def begun_soon(forked_once):
    """Whatever a test polls has a parser soon."""


@pytest.fixture
def web():
    """A server on loopback that answers 404 until told otherwise."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    server.web = Web(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server.web
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def options():
    """Options under which loopback may be fetched, and nothing takes long."""
    return FetchOptions(allow_private=LOOPBACK, timeout=5, parsers=1)


@pytest.fixture
def make_feed():
    """Build a feed; name only the fields a test is about."""

    def make(url="https://x.example/feed", **fields):
        return Feed(**{"feed_id": "sample", "url": url, "publisher": "Sample", **fields})

    return make


@pytest.fixture
def check_one():
    """Return the report on one feed."""

    def do(feed, *, now, options):
        async def only():
            reports = check_feeds([feed], now=now, options=options)
            [report] = [report async for report in reports]
            return report

        return asyncio.run(only())

    return do


@pytest.fixture
def run():
    """Run a coroutine to its end."""
    return asyncio.run


def rss(*titles, when="Tue, 04 Aug 2026 09:00:00 GMT"):
    """Return a small RSS document with an item a title."""
    items = "".join(
        f"<item><title>{title}</title><link>https://x.example/{title}</link>"
        f"<guid>{title}</guid><pubDate>{when}</pubDate></item>"
        for title in titles
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Sample'
        f"</title><link>https://x.example/</link>{items}</channel></rss>"
    ).encode()


@pytest.fixture(name="rss")
def rss_fixture():
    """Build a small RSS document."""
    return rss
