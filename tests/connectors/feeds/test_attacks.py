"""Attacks over real sockets: each is refused with its reason, in little time and memory."""

from __future__ import annotations

import asyncio
import gzip
import ipaddress
import json
import re
import socket
import struct
import subprocess
import sys
import threading
import time
import zlib
from contextlib import suppress
from pathlib import Path

import pytest

from connectors.errors import FeedError, PermanentFeedError
from connectors.feeds.fetch.fetcher import open_fetcher
from connectors.feeds.fetch.politeness import FetchOptions

pytestmark = pytest.mark.slow

OK = b"HTTP/1.1 200 OK\r\n"
XML = OK + b"Content-Type: application/xml\r\n"
ITEM = b"<item><title>t</title><link>https://x.example/1</link></item>"
MEGABYTE = 1_000_000
# A server gives up after this long; every client must have left before.
PATIENCE = 20.0


class HostileServer:
    """Answers each path with one attack; ``asked`` lists the paths."""

    def __init__(self):
        self.asked = []
        self._routes = {}
        self._closing = threading.Event()
        self._socket = socket.create_server(("", 0), backlog=128)
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, path, host="127.0.0.1"):
        """Return the address of *path*."""
        return f"http://{host}:{self.port}{path}"

    def route(self, path, attack):
        """Answer *path* with *attack*, a function of a ``Line``."""
        self._routes[path] = attack

    def close(self):
        """End everything."""
        self._closing.set()
        self._socket.close()

    def _accept(self):
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                threading.Thread(
                    target=self._answer, args=(connection,), daemon=True
                ).start()

    def _answer(self, connection):
        with connection, suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                got = connection.recv(65536)
                if not got:
                    return
                head += got
            path = head.split(b" ", 2)[1].decode()
            self.asked.append(path)
            line = Line(connection, self._closing, head)
            self._routes.get(path, nothing_here)(line)


class Line:
    """The open connection of one request."""

    def __init__(self, connection, closing, head):
        self.head = head
        self._connection = connection
        self._closing = closing
        self._until = time.monotonic() + PATIENCE

    def send(self, *parts):
        """Send bytes as they are."""
        for part in parts:
            self._connection.sendall(part)

    def document(self, body, head=b""):
        """Send a whole answer of status 200."""
        self.send(XML + head, b"Content-Length: %d\r\n\r\n" % len(body), body)

    def forever(self, part, *, every=0.0):
        """Send *part* again and again until the client leaves."""
        while not self._closing.is_set() and time.monotonic() < self._until:
            self.send(part)
            if every:
                self._closing.wait(every)


def nothing_here(line):
    """Answer 404."""
    line.send(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")


def feed(*items):
    """Return an RSS document with raw *items*."""
    return (
        b'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        b"<title>x</title>" + b"".join(items) + b"</channel></rss>"
    )


def deflate_bomb(megabytes):
    """Return deflate, without a head, that unfolds to a thousand times its size."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    # After a full flush the next block is packed alike, so one is packed for all.
    block = packer.compress(b"\0" * MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * megabytes + packer.flush()


def gzip_bomb(megabytes):
    """Return the same with a gzip head."""
    return b"\x1f\x8b\x08\0\0\0\0\0\0\3" + deflate_bomb(megabytes)


def zstd_bomb(megabytes):
    """Return a zstd frame of blocks that say "this byte, 128 thousand times"."""
    size = 128 * 1024
    blocks = [struct.pack("<I", size << 3 | 2)[:3] + b"\0"] * (megabytes * 8)
    last = struct.pack("<I", size << 3 | 3)[:3] + b"\0"
    return b"\x28\xb5\x2f\xfd\x00\x58" + b"".join(blocks) + last


def brotli_bomb():
    """Return what begins as brotli of a huge window and goes on as noise."""
    return b"\xcf\xff\xff\x7f\xf8" + b"\x25\x00\xe2\xb1\x40" * 2_000


EMPTY_MEMBER = gzip.compress(b"")
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">'
    + b"".join(
        b'<!ENTITY %c "%s">' % (name, b"&%c;" % (name - 1) * 10) for name in range(98, 108)
    )
    + b']><rss version="2.0"><channel><title>&k;</title>'
    + ITEM
    + b"</channel></rss>"
)
QUADRATIC = b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "%s">]>' % (
    b"x" * 100_000
) + b'<rss version="2.0"><channel><item><title>%s</title></item></channel></rss>' % (
    b"&a;" * 20_000
)


def external(system):
    """Return a feed whose title is an external entity at *system*."""
    return (
        b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "%s">]>'
        % system.encode()
        + b'<rss version="2.0"><channel><title>c</title><item><title>got &x; it</title>'
        b"<link>https://x.example/1</link></item></channel></rss>"
    )


def parameter(system):
    """Return a feed that pulls a DTD from *system* through a parameter entity."""
    return (
        b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY %% x SYSTEM "%s"> %%x;]>'
        % system.encode()
        + b'<rss version="2.0"><channel><title>c</title><item><title>got &y; it</title>'
        b"<link>https://x.example/1</link></item></channel></rss>"
    )


# --- what a feed may not reach ----------------------------------------------------------

PRIVATE = "private address"
NO_ADDRESS = "not an address to fetch"
INSIDE = [
    ("127.0.0.1", PRIVATE),
    ("2130706433", PRIVATE),
    ("0x7f000001", PRIVATE),
    ("0x7f.1", PRIVATE),
    ("017700000001", PRIVATE),
    ("0177.0.0.1", NO_ADDRESS),
    ("127.1", PRIVATE),
    ("127.0.1", PRIVATE),
    ("0", PRIVATE),
    ("0.0.0.0", PRIVATE),
    ("localhost", PRIVATE),
    ("LOCALHOST", PRIVATE),
    ("good@127.0.0.1", PRIVATE),
    ("good.example:80@127.0.0.1", PRIVATE),
    ("good.example\\@127.0.0.1", PRIVATE),
    ("127。0。0。1", PRIVATE),
    ("①②⑦.⓪.⓪.①", NO_ADDRESS),
    ("١٢٧.0.0.1", NO_ADDRESS),
    ("ⓛocalhost", NO_ADDRESS),
    ("[::1]", PRIVATE),
    ("[::]", PRIVATE),
    ("[0:0:0:0:0:0:0:1]", PRIVATE),
    ("[::ffff:127.0.0.1]", PRIVATE),
    ("[::ffff:7f00:1]", PRIVATE),
    ("[::127.0.0.1]", PRIVATE),
    ("[64:ff9b::7f00:1]", PRIVATE),
    ("[64:ff9b::127.0.0.1]", PRIVATE),
    ("[64:ff9b:1::7f00:1]", PRIVATE),
    ("[2002:7f00:1::1]", PRIVATE),
    ("[2001:0:7f00:1::1]", PRIVATE),
    ("[fe80::1]", PRIVATE),
    ("[fe80::1%25lo]", NO_ADDRESS),
    ("[::1%lo]", NO_ADDRESS),
    ("[fd00:ec2::254]", PRIVATE),
    ("[fc00::1]", PRIVATE),
    ("[ff02::1]", PRIVATE),
    ("169.254.169.254", PRIVATE),
    ("2852039166", PRIVATE),
    ("[::ffff:169.254.169.254]", PRIVATE),
    ("100.100.100.200", PRIVATE),
    ("192.168.1.1", PRIVATE),
    ("10.0.0.1", PRIVATE),
    ("172.31.0.1", PRIVATE),
    ("224.0.0.1", PRIVATE),
    ("255.255.255.255", PRIVATE),
]
# With loopback opened for the test's own server, these are still out of reach.
ELSEWHERE = [
    ("http://10.0.0.1/", PRIVATE),
    ("http://167772161/", PRIVATE),
    ("http://0xa000001/", PRIVATE),
    ("http://10.1/", PRIVATE),
    ("//169.254.169.254/latest/meta-data/", PRIVATE),
    ("http://2852039166/", PRIVATE),
    ("http://[::1]/", PRIVATE),
    ("http://[::ffff:10.0.0.1]/", PRIVATE),
    ("http://[64:ff9b::a00:1]/", PRIVATE),
    ("http://[2002:a00:1::1]/", PRIVATE),
    ("http://[fd00:ec2::254]/", PRIVATE),
    ("http://[fe80::1%25lo]/", NO_ADDRESS),
    ("http://0.0.0.0/", PRIVATE),
    ("http://good@10.0.0.1/", PRIVATE),
    ("https://192.168.0.1/", PRIVATE),
    ("file:///etc/passwd", "which is not http"),
    ("gopher://127.0.0.1:70/1", "which is not http"),
    ("data:text/xml,<rss/>", "not an address|which is not http"),
    ("javascript:alert(1)", "not an address|which is not http"),
    ("ftp://127.0.0.1/feed", "which is not http"),
    ("unix:///run/docker.sock", "which is not http"),
    ("http://[", NO_ADDRESS),
]


@pytest.fixture
def fetch(run, make_feed):
    """Fetch an address with nothing opened, or with *options*."""

    def do(url, options=None, **fields):
        async def go():
            async with open_fetcher(options or FetchOptions(timeout=5)) as fetcher:
                return await fetcher.fetch(make_feed(url, **fields))

        return run(go())

    return do


@pytest.fixture
def names(monkeypatch):
    """Answer look-ups of names, one answer after another; the last one stays."""
    asked = []

    def answer(*answers):
        queue = list(answers)

        async def getaddrinfo(_loop, host, _port, **_):
            asked.append(host)
            found = queue.pop(0) if len(queue) > 1 else queue[0]
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 0)) for a in found]

        monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
        return asked

    return answer


@pytest.fixture
def connections(monkeypatch):
    """Record where connections go; those to other machines are refused there."""
    tried = []
    connect = socket.socket.connect

    def recorded(self, address):
        tried.append(address[0])
        if not ipaddress.ip_address(address[0]).is_loopback:
            raise ConnectionRefusedError("nobody there")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", recorded)
    return tried


@pytest.mark.parametrize(("host", "reason"), INSIDE, ids=[host for host, _ in INSIDE])
def test_no_way_inside(web, fetch, host, reason):
    """However an inner address is written, no connection is made and the error says why."""
    with pytest.raises(PermanentFeedError, match=reason):
        fetch(f"http://{host}:{web.port}/feed")

    assert web.requests == []


@pytest.mark.parametrize(("target", "reason"), ELSEWHERE, ids=[t for t, _ in ELSEWHERE])
def test_no_way_inside_by_redirect(web, fetch, options, target, reason):
    """A redirect is checked like a first address, also where a network was opened."""
    web.serve("/f", status=302, Location=target)

    with pytest.raises(PermanentFeedError, match=reason):
        fetch(web.url("/f"), options)

    assert len(web.requests) == 1


@pytest.mark.parametrize(("target", "reason"), INSIDE, ids=[host for host, _ in INSIDE])
def test_no_way_inside_by_proxy(web, fetch, target, reason):
    """A proxy is asked for nothing that we would not fetch ourselves."""
    with pytest.raises(PermanentFeedError, match=reason):
        fetch(f"http://{target}/feed", FetchOptions(proxy=web.url("")))

    assert web.requests == []


@pytest.mark.parametrize("host", ["metadata", "metadata.google.internal", "printer.local"])
def test_no_inner_name_by_proxy(web, fetch, host):
    """Names that only the proxy's own network knows are refused as well."""
    with pytest.raises(PermanentFeedError, match="internal network"):
        fetch(f"http://{host}/feed", FetchOptions(proxy=web.url("")))

    assert web.requests == []


def test_resolver_that_changes_its_answer_within_a_fetch(web, fetch, names, connections):
    """The address that was checked is connected to; nobody looks the name up again."""
    asked = names(["93.184.216.34"], ["127.0.0.1"])

    with pytest.raises(FeedError, match="connection failed"):
        fetch(f"http://turncoat.example:{web.port}/feed")

    assert set(connections) == {"93.184.216.34"}
    assert asked == ["turncoat.example"]
    assert web.requests == []


def test_resolver_that_changes_its_answer_between_redirects(
    web, fetch, options, names, connections
):
    """A redirect to the same name goes where the name was checked to lead."""
    names(["127.0.0.1"], ["10.0.0.1"])
    web.serve("/f", status=302, Location=web.url("/g", host="turncoat.example"))
    web.serve("/g", b"<rss/>")

    assert fetch(web.url("/f", host="turncoat.example"), options).body == b"<rss/>"
    assert set(connections) == {"127.0.0.1"}


def test_resolver_that_changes_its_answer_between_runs(web, fetch, options, names, rss):
    """A name that leads inside at the next poll is refused at the next poll."""
    names(["127.0.0.1"], ["10.0.0.1"])
    web.serve("/f", rss("a"))

    assert fetch(web.url("/f", host="turncoat.example"), options).status == 200
    with pytest.raises(PermanentFeedError, match=r"turncoat\.example leads to the private"):
        fetch(web.url("/f", host="turncoat.example"), options)


@pytest.mark.parametrize(
    "answer", [["93.184.216.34", "127.0.0.1"], ["127.0.0.1", "93.184.216.34"]]
)
def test_name_with_a_public_and_a_private_address(fetch, names, connections, answer):
    """One inner address among several is enough: the name is refused whole."""
    names(answer)

    with pytest.raises(PermanentFeedError, match=PRIVATE):
        fetch("http://mixed.example/feed")

    assert connections == []


def test_secrets_go_to_no_other_origin(web, fetch, options):
    """Neither userinfo nor headers of a feed follow a redirect to another host or port."""
    other = HostileServer()
    seen = []
    other.route("/g", lambda line: (seen.append(line.head), line.document(b"<rss/>")))
    web.serve("/f", status=302, Location=other.url("/g"))
    try:
        fetch(
            web.url("/f", host="me:hunter2@127.0.0.1"),
            options,
            headers=(("X-Key", "k-secret"),),
        )
    finally:
        other.close()

    assert "Basic" in web.requests[0][1]["Authorization"]
    assert b"uthorization" not in seen[0]
    assert b"k-secret" not in seen[0]


# --- what an answer may not do ------------------------------------------------------------


def _attacks(server):
    """Return an attack a path."""
    big = b"x" * 65_536

    def gzipped(body):
        return lambda line: line.document(body, b"Content-Encoding: gzip\r\n")

    def encoded(name, body):
        return lambda line: line.document(body, b"Content-Encoding: %s\r\n" % name)

    def plain(body):
        return lambda line: line.document(body)

    def chunked(*chunks, forever=b"", every=0.0):
        def attack(line):
            line.send(XML, b"Transfer-Encoding: chunked\r\n\r\n", *chunks)
            if forever:
                line.forever(forever, every=every)

        return attack

    def endless(head, part, every=0.0):
        def attack(line):
            line.send(head)
            line.forever(part, every=every)

        return attack

    canary = server.url("/canary")
    return {
        "gzip-bomb": gzipped(gzip_bomb(500)),
        "gzip-bomb-unannounced": plain(gzip_bomb(500)),
        "gzip-bomb-in-gzip": gzipped(gzip.compress(gzip_bomb(500))),
        "gzip-bomb-chunked": chunked(
            b"%x\r\n" % len(b := gzip_bomb(500)), b, b"\r\n0\r\n\r\n"
        ),
        "gzip-endless": endless(
            XML + b"Content-Encoding: gzip\r\n\r\n", EMPTY_MEMBER * 500
        ),
        "deflate-bomb": encoded(b"deflate", deflate_bomb(500)),
        "zstd-bomb": encoded(b"zstd", zstd_bomb(500)),
        "zstd-bomb-unannounced": plain(zstd_bomb(500)),
        "brotli-bomb": encoded(b"br", brotli_bomb()),
        "brotli-bomb-unannounced": plain(brotli_bomb()),
        "stacked": encoded(b"gzip, gzip", gzip.compress(gzip_bomb(5))),
        "stacked-lines": lambda line: line.document(
            gzip.compress(gzip_bomb(5)),
            b"Content-Encoding: gzip\r\nContent-Encoding: br\r\n",
        ),
        "laughs": plain(LAUGHS),
        "quadratic": plain(QUADRATIC),
        "external-file": plain(external("file:///etc/passwd")),
        "external-url": plain(external(canary)),
        "parameter-url": plain(parameter(canary)),
        "body-endless": endless(XML + b"\r\n", big),
        "body-endless-chunked": chunked(forever=b"10000\r\n" + big + b"\r\n"),
        "body-trickles": endless(XML + b"\r\n", b" ", every=0.05),
        "body-silent": lambda line: (
            line.send(XML + b"\r\n<rss>"),
            line.forever(b"", every=1),
        ),
        "body-shorter": lambda line: line.send(
            XML + b"Content-Length: 9999\r\n\r\n", feed(ITEM)
        ),
        "body-longer": lambda line: line.send(
            XML + b"Content-Length: 20\r\n\r\n", feed(ITEM) * 1000
        ),
        "length-huge": lambda line: line.send(
            XML + b"Content-Length: 99999999999\r\n\r\n<rss>"
        ),
        "length-absurd": lambda line: line.send(XML, b"Content-Length: -5\r\n\r\n<rss>"),
        "length-twice": lambda line: line.send(
            XML, b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n<rss/>"
        ),
        "chunk-size-junk": chunked(b"zz\r\n<rss/>\r\n0\r\n\r\n"),
        "chunk-size-huge": chunked(b"f" * 40 + b"\r\n<rss/>"),
        "chunk-extension-endless": chunked(b"1", forever=b";x=" + big),
        "chunks-of-one-byte": chunked(b"1\r\nx\r\n" * 20_000, forever=b"", every=0),
        "trailers-endless": chunked(
            b"1\r\nx\r\n0\r\n", forever=b"X-T: " + big[:1000] + b"\r\n"
        ),
        "headers-endless": endless(XML, b"X-Header: " + big[:1000] + b"\r\n"),
        "header-endless": endless(XML + b"X-Header: ", big),
        "headers-10000": lambda line: line.send(
            XML, b"".join(b"X-%d: y\r\n" % n for n in range(10_000)), b"\r\n"
        ),
        "headers-trickle": endless(XML, b"X: y\r\n", every=0.05),
        "status-endless": endless(b"HTTP/1.1 200 ", b"O" * 1000),
        "continue-endless": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n", every=0.01),
        "says-nothing": lambda line: line.forever(b"", every=1),
        "hangs-up": Line.send,
        "not-http": lambda line: line.send(b"SSH-2.0-OpenSSH_9.9\r\n" * 50),
        "http-0.9": lambda line: line.send(feed(ITEM)),
        "redirect-loop": lambda line: line.send(
            b"HTTP/1.1 302 Found\r\nLocation: /redirect-loop\r\nContent-Length: 0\r\n\r\n"
        ),
        "redirect-huge": lambda line: line.send(
            b"HTTP/1.1 302 Found\r\nLocation: /", b"x" * 90_000, b"\r\n\r\n"
        ),
        "redirect-body-endless": endless(
            b"HTTP/1.1 302 Found\r\nLocation: /hangs-up\r\n\r\n", big
        ),
        "error-body-endless": endless(b"HTTP/1.1 500 No\r\n\r\n", big),
        "error-body-trickles": endless(b"HTTP/1.1 404 No\r\n\r\n", b" ", every=0.05),
        "attributes-40000": plain(
            feed(b"<item " + b" ".join(b'a%d="1"' % n for n in range(40_000)) + b"/>")
        ),
        "attributes-unquoted": plain(
            feed(b"<item " + b" ".join(b"a%d=1" % n for n in range(40_000)) + b"/>")
        ),
        "nested-200000": plain(feed(b"<a>" * 200_000)),
        "nested-closed": plain(feed(b"<a>" * 50_000 + b"</a>" * 50_000)),
        "namespaces": plain(
            feed(b"".join(b'<item xmlns:n%d="u%d"/>' % (n, n) for n in range(5_000)))
        ),
        "json-brackets": plain(b"[" * 100_000),
        "json-nested": plain(
            b'{"version":"https://jsonfeed.org/version/1.1","items":'
            + b"[" * 100_000
            + b"]" * 100_000
            + b"}"
        ),
        "json-integer": plain(
            b'{"version":"https://jsonfeed.org/version/1.1","items":[{"id":'
            + b"9" * 1_000_000
            + b',"title":"t"}]}'
        ),
        "json-surrogates": plain(
            b'{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"\\ud800",'
            b'"title":"a\\udfffb","url":"https://x.example/\\ud800"}]}'
        ),
        "items-20000": plain(feed(*[b"<item/>"] * 20_000)),
        "open-comments": plain(feed(b"<!--" * 200_000)),
        "open-cdata": plain(feed(b"<item><title>" + b"<![CDATA[" * 100_000)),
        "open-tags": plain(b"<rss>" + b"<" * 500_000),
        "ampersands": plain(feed(b"<item><title>" + b"&" * 500_000)),
        "title-script": plain(
            feed(b"<item><title><![CDATA[" + b"<script" * 100_000 + b"]]>")
        ),
        "spaces": plain(b"<rss>" + b" " * 1_000_000),
        "open-title": plain(b"<html>" + b"<title" * 100_000),
    }


TOO_LARGE = "too_large: larger than 5,000,000 bytes; max_bytes raises the limit"
SLOW = r"transient_error: no complete answer within 6 s"
BROKEN = "transient_error: the connection failed: "
ENCODING = "transient_error: unexpected content encoding "
NOT_XML = "not_a_feed: neither XML nor JSON, so not a feed"
STOPPED = r"permanent_error: parsing takes too long, so it was stopped \(limit 1 s\)"
ENDS = {
    "gzip-bomb": TOO_LARGE,
    "gzip-bomb-unannounced": TOO_LARGE,
    "gzip-bomb-in-gzip": NOT_XML,
    "gzip-bomb-chunked": TOO_LARGE,
    "gzip-endless": TOO_LARGE,
    "deflate-bomb": TOO_LARGE,
    "zstd-bomb": ENCODING + "'zstd'",
    "zstd-bomb-unannounced": NOT_XML,
    "brotli-bomb": ENCODING + "'br'",
    "brotli-bomb-unannounced": NOT_XML,
    "stacked": ENCODING + "'gzip, gzip'",
    "stacked-lines": ENCODING + "'gzip, br'",
    "laughs": "undated",
    "quadratic": "undated|" + STOPPED,
    "external-file": "undated",
    "external-url": "undated",
    "parameter-url": "undated",
    "body-endless": TOO_LARGE,
    "body-endless-chunked": TOO_LARGE,
    "body-trickles": SLOW,
    "body-silent": SLOW,
    "body-shorter": BROKEN + "peer closed connection",
    "body-longer": "not_a_feed: ",
    "length-huge": BROKEN + "peer closed connection",
    "length-absurd": BROKEN + "bad Content-Length",
    "length-twice": BROKEN + "conflicting Content-Length",
    "chunk-size-junk": BROKEN + "illegal chunk header",
    "chunk-size-huge": BROKEN + "illegal chunk header",
    "chunk-extension-endless": BROKEN + "Receive buffer too long",
    "chunks-of-one-byte": BROKEN + "peer closed connection",
    "trailers-endless": BROKEN + "Receive buffer too long",
    "headers-endless": BROKEN + "Receive buffer too long",
    "header-endless": BROKEN + "Receive buffer too long",
    "headers-10000": "not_a_feed: an empty answer, not a feed|" + BROKEN,
    "headers-trickle": SLOW,
    "status-endless": BROKEN + "Receive buffer too long",
    "continue-endless": SLOW,
    "says-nothing": SLOW,
    "hangs-up": BROKEN + "Server disconnected",
    "not-http": BROKEN,
    "http-0.9": BROKEN,
    "redirect-loop": "permanent_error: more than 5 redirects",
    "redirect-huge": "permanent_error: redirects to something that is not an address",
    "redirect-body-endless": BROKEN + "Server disconnected",
    "error-body-endless": "transient_error: HTTP 500",
    "error-body-trickles": SLOW,
    "attributes-40000": "empty|" + STOPPED,
    "attributes-unquoted": "empty|" + STOPPED,
    "nested-200000": "empty|" + STOPPED,
    "nested-closed": "empty|" + STOPPED,
    "namespaces": "unchanged: more new entries|" + STOPPED,
    "json-brackets": "not_a_feed: not a feed: broken JSON .nested too deeply",
    "json-nested": "not_a_feed: not a feed: broken JSON .nested too deeply",
    "json-integer": "undated",
    "json-surrogates": "undated",
    "items-20000": "unchanged: more new entries|" + STOPPED,
    "open-comments": "empty|" + STOPPED,
    "open-cdata": "empty|" + STOPPED,
    "open-tags": "not_a_feed: the document breaks off",
    "ampersands": "empty|undated|" + STOPPED,
    "title-script": "empty|undated|" + STOPPED,
    "spaces": "not_a_feed: the document breaks off",
    "open-title": "not_a_feed: a web page, not a feed",
}
# Polls the attacks as a run does, in a process whose memory is its own.
POLL = """
import asyncio, json, resource, sys
from datetime import UTC, datetime
from ipaddress import ip_network
from connectors.feeds.fetch.politeness import FetchOptions
from connectors.feeds.poll.poll import poll_feeds
from transforms.models import Feed

async def main():
    feeds = [Feed(feed_id=name, url=url) for name, url in json.load(sys.stdin).items()]
    options = FetchOptions(
        allow_private=(ip_network("127.0.0.0/8"),), timeout=6, parse_deadline=1, parsers=2
    )
    now = datetime(2026, 8, 4, 12, tzinfo=UTC)
    ends = {}
    async for polled in poll_feeds(feeds, {}, run_id="r", now=now, options=options):
        said = f": {polled.poll.error}" if polled.poll.error else ""
        titles = "".join(entry.title[:100] for entry in polled.entries)
        ends[polled.feed.feed_id] = [polled.poll.outcome + said, titles]
    peaks = [own_peak(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024]
    print(json.dumps({"ends": ends, "peaks": peaks}))

def own_peak():
    # ru_maxrss of a process itself begins with what its parent had when it forked.
    for line in open("/proc/self/status"):
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024

asyncio.run(main())
"""


@pytest.fixture(scope="session")
def poll(make_once):
    """One run over a feed an attack: how each ended, what it took, what was asked."""
    return json.loads((make_once("attacks", _polled) / "found.json").read_text("utf-8"))


def _polled(folder):
    server = HostileServer()
    attacks = _attacks(server)
    for name, attack in attacks.items():
        server.route(f"/{name}", attack)
    # A host a feed, so that nobody waits for another's turn.
    urls = {
        name: server.url(f"/{name}", host=f"127.0.1.{number}")
        for number, name in enumerate(attacks, 1)
    }
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", POLL],
        input=json.dumps(urls),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=Path(__file__).parents[3],
    )
    server.close()
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout) | {
        "seconds": time.monotonic() - start,
        "asked": server.asked,
        "stderr": done.stderr,
        "attacks": list(attacks),
    }
    (folder / "found.json").write_text(json.dumps(found), "utf-8")


@pytest.mark.parametrize(("attack", "end"), ENDS.items(), ids=list(ENDS))
def test_attack_ends_with_its_reason(poll, attack, end):
    """Every attack ends as an outcome with its reason; none stops the run."""
    assert re.match(end, poll["ends"][attack][0])


def test_every_attack_is_in_the_table(poll):
    """No attack is left out of what is expected, nor the other way round."""
    assert set(poll["attacks"]) == ENDS.keys() == poll["ends"].keys()


def test_attacks_cost_bounded_memory_and_time(poll):
    """Half-gigabyte bombs fit in the memory of an ordinary run, and it ends."""
    main, parser = poll["peaks"]

    # How many documents wait in memory at one time depends on the machine.
    assert main < 450
    assert parser < 450
    assert poll["seconds"] < 60
    assert poll["stderr"] == ""


@pytest.mark.parametrize("attack", ["external-file", "external-url", "parameter-url"])
def test_external_entities_are_not_loaded(poll, attack):
    """Neither a local file nor an address is read for an entity."""
    _, titles = poll["ends"][attack]

    assert titles.startswith("got &")
    assert "root:" not in titles
    assert "/canary" not in poll["asked"]


def test_entities_are_not_unfolded(poll):
    """An entity of entities stays as it is written."""
    assert "haha" not in poll["ends"]["laughs"][1]
    assert poll["ends"]["quadratic"][1][:6] in {"&a;&a;", ""}
