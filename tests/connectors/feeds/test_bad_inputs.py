"""Bad inputs and what a person sees of them: each row of docs/bad-inputs.md is made real.

After a change, `python tests/connectors/feeds/test_bad_inputs.py` writes the page anew;
read the difference before you commit it.
"""

# ruff: noqa: E501  in a table a row is a line

from __future__ import annotations

import asyncio
import contextlib
import gzip
import io
import os
import re
import ssl
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from unittest import mock

import pytest

from connectors.feeds.fetch.politeness import FetchOptions
from connectors.feeds.poll.poll import poll_feeds
from transforms.models import Feed

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "bad-inputs.md"
NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
OPTIONS = FetchOptions(
    allow_private=(ip_network("127.0.0.0/8"),),
    timeout=5,
    max_bytes=300_000,
    parse_deadline=2,
    parsers=2,
    entries_per_poll=20,
)
INTRO = """\
# Bad inputs and their messages

Every poll has a named outcome, and every refusal names the fault.
`sinowire feeds health` and the table `feed_polls` show outcome and message of a feed;
`sinowire feeds check ID` checks one feed now, and `sinowire feeds check --all` the whole list.
This page is tested: `tests/connectors/feeds/test_bad_inputs.py` produces each row and compares it.
"…" stands for words of the operating system or of a library.
"""


# --- feeds, over real sockets -------------------------------------------------------------


@dataclass(frozen=True)
class Served:
    """A feed that is bad, and the remedy; ``again`` asks for it a second time.

    ``also`` is the row whose document is at its second address.
    """

    what: str
    remedy: str
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    answer: Callable | None = None
    url: str = ""
    again: bool = False
    then: bytes | None = None
    also: str = ""


def rss(*items, declared="utf-8"):
    """Return an RSS document with raw *items*."""
    text = "".join(items)
    return (
        f'<?xml version="1.0" encoding="{declared}"?><rss version="2.0"><channel>'
        f"<title>Sample</title><link>https://x.example/</link>{text}</channel></rss>"
    ).encode()


def item(number=1, *, date="Tue, 04 Aug 2026 09:00:00 GMT", more=""):
    """Return an RSS item."""
    dated = f"<pubDate>{date}</pubDate>" if date else ""
    return (
        f"<item><title>Title {number}</title><link>https://x.example/{number}</link>"
        f"<guid>{number}</guid>{dated}{more}</item>"
    )


def page(title, text=""):
    """Return a web page."""
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{text}</body></html>".encode()


def trickle(handler):
    """Send a byte now and then."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b" ")
        time.sleep(0.05)


def short(handler):
    """Announce more than is sent."""
    handler.send_response(200)
    handler.send_header("Content-Length", "9999")
    handler.end_headers()
    handler.wfile.write(rss(item()))
    handler.close_connection = True


def elsewhere(handler):
    """Lead to another host, which wants to be left alone."""
    other = f"127.0.3.1:{handler.server.server_address[1]}"
    if handler.headers["Host"] == other:
        handler.reply(b"", 429, {"Retry-After": "604800"})
    else:
        handler.reply(b"", 302, {"Location": f"http://{other}{handler.path}"})


def forever(handler):
    """Send without end."""
    handler.send_response(200)
    handler.end_headers()
    handler.close_connection = True
    while True:
        handler.wfile.write(b"x" * 65_536)


NOTHING = "nothing: it is retried by itself"
NEW_ADDRESS = "look for its new address at the outlet"
SIGN_IN = "give the feed its `headers` in feeds.toml"
OTHER_WAY = "another address (`also`), `user_agent`, `proxy` or feed of the outlet"
FIND = "`sinowire feeds add PAGE` finds the feed that a page names"
TELL = "tell the publisher"
# A place in a system of coordinates that is none; feedparser raises over it.
NO_PLACE = (
    '<g:where xmlns:g="http://www.georss.org/georss" xmlns:m="http://www.opengis.net/gml">'
    '<m:Point srsName="EPSG:north"><m:pos>1 2</m:pos></m:Point></g:where>'
)
STATUSES = {
    400: "correct the address",
    401: SIGN_IN,
    402: "subscribe, or remove the feed",
    403: OTHER_WAY,
    404: NEW_ADDRESS,
    405: OTHER_WAY,
    406: OTHER_WAY,
    408: NOTHING,
    410: "remove the feed",
    418: OTHER_WAY,
    429: "a longer `poll` in feeds.toml, if it goes on",
    451: "a `proxy` in another country, or remove the feed",
    500: NOTHING,
    501: TELL,
    502: NOTHING,
    503: NOTHING,
    504: NOTHING,
    521: NOTHING,
}
WAF = page(
    "Gateway check",
    "<p>The web application firewall has blocked this request. Incident 4711.</p>",
)
GATEWAY = page(
    "Welcome to our feed gateway!",
    "<h1>Feed gateway is up and running</h1><p>Everything can be a feed.</p>",
)
SERVED = [
    *(
        Served(f"a server that answers {status}", remedy, status=status)
        for status, remedy in STATUSES.items()
    ),
    Served("304 to a request without validators", NOTHING, status=304),
    Served("204, no content", TELL, status=204),
    Served(
        "a redirect to itself", NEW_ADDRESS, status=302, headers={"Location": "{path}"}
    ),
    Served("a redirect that names no address", TELL, status=302),
    Served(
        "a redirect to a file",
        "remove the feed: the redirect is an attack",
        status=302,
        headers={"Location": "file:///etc/passwd"},
    ),
    Served(
        "a redirect to an inner address",
        "`SINOWIRE_ALLOW_PRIVATE_ADDRESSES`, if the network is yours",
        status=302,
        headers={"Location": "http://169.254.169.254/latest/"},
    ),
    Served(
        "a redirect to the outlet's front page",
        NEW_ADDRESS,
        status=301,
        headers={"Location": "/home"},
    ),
    Served(
        "a redirect to a host that wants to be left alone",
        "nothing: this one feed waits, and that host's own feeds do not",
        answer=elsewhere,
    ),
    Served("an inner address", "`SINOWIRE_ALLOW_PRIVATE_ADDRESSES`", url="http://10.0.0.1/feed"),
    Served("Azure's own address, which answers with a machine's keys", "`SINOWIRE_ALLOW_PRIVATE_ADDRESSES`", url="http://168.63.129.16/f"),
    Served("an IPv4 address wrapped for a translator (SIIT)", "`SINOWIRE_ALLOW_PRIVATE_ADDRESSES`", url="http://[::ffff:0:10.0.0.1]/f"),
    Served("an author of 100,000 characters: cut to its limit", TELL, body=rss(item(1), item(2, more=f"<author>{'A' * 100_000}</author>"))),
    Served("a name that does not exist", "correct the name, if it stays so", url="http://nowhere.invalid/feed"),
    Served("a port where nobody listens", NOTHING, url="http://127.0.0.1:1/feed"),
    Served("an address with a space in its host", "correct the address", url="http://x y.example/feed"),
    Served("a certificate of an unknown authority", "tell the publisher; use http if you must", url="https://127.0.0.1:{tls}/feed"),
    Served("https where the server speaks http", "write the address with http", url="https://127.0.0.1:{port}/feed"),
    Served("a server that sends a byte now and then", "a longer `timeout_seconds`, if it is only slow", answer=trickle),
    Served("fewer bytes than announced", NOTHING, answer=short),
    Served("a body without end", "a larger `max_bytes`, if it is a feed", answer=forever),
    Served("a body that announces itself as too large", "a larger `max_bytes`, if it is a feed", body=b"x" * 400_000),
    Served(
        "a gzip bomb",
        "a larger `max_bytes`, if it is a feed",
        body=gzip.compress(b"\0" * 20_000_000),
        headers={"Content-Encoding": "gzip"},
    ),
    Served("a feed beyond the limit: the whole entries within it are read", "a larger `max_bytes`, of the feed or of all", body=rss(*map(item, range(5)), item(5, more=f"<description>{'x' * 300_000}</description>"))),
    Served("an encoding that was not asked for", TELL, body=b"\x1b\x02", headers={"Content-Encoding": "br"}),
    Served("junk that is announced as gzip", TELL, body=b"junk", headers={"Content-Encoding": "gzip"}),
    Served("compressed data that break off", NOTHING, body=gzip.compress(rss(item()) * 9)[:-20], headers={"Content-Encoding": "gzip"}),
    Served("nothing at all", NOTHING + "; look for another feed if it goes on"),
    Served("blank lines", NOTHING + "; look for another feed if it goes on", body=b"\n \n"),
    Served("a web page", FIND, body=page("Sample News", "<p>News</p>")),
    Served("a feed gateway's welcome page", "correct the route in the address", body=GATEWAY),
    Served("a firewall's page with status 200", OTHER_WAY, body=WAF),
    Served("a firewall's page, and another outlet's feed at the second address", "correct `also`", body=page("Just a moment...", "checking your browser"), status=403, also="an author of 100,000 characters: cut to its limit"),
    Served("a route of an RSSHub, and no RSSHub", "`rsshub` in sinowire.toml", url="rsshub:/36kr/hot-list"),
    Served("a firewall's page with status 403", OTHER_WAY, body=page("Just a moment...", "checking your browser"), status=403),
    Served("a login page", SIGN_IN, body=page("Sign in", "<form><input type='password'></form>")),
    Served("a captcha in Chinese", OTHER_WAY, body=page("安全验证", "请完成验证")),
    Served("a PDF", NEW_ADDRESS, body=b"%PDF-1.7 \0\1\2", headers={"Content-Type": "application/rss+xml"}),
    Served("a ZIP archive", NEW_ADDRESS, body=b"PK\3\4....", headers={"Content-Type": "text/xml"}),
    Served("a line of text", NEW_ADDRESS, body=b"It works!"),
    Served("an OPML list", "`sinowire feeds import` takes it", body=b'<opml version="2.0"><body><outline text="a" xmlUrl="https://x.example/f"/></body></opml>'),
    Served("a sitemap of pages", NEW_ADDRESS, body=b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://x.example/a</loc></url></urlset>'),
    Served("an error message of a storage service", NEW_ADDRESS, body=b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>"),
    Served("XML of another kind", NEW_ADDRESS, body=b"<?xml version='1.0'?><note><to>you</to></note>"),
    Served("JSON of another kind", NEW_ADDRESS, body=b'{"data": {"list": []}}'),
    Served("JSON with items and no version", NEW_ADDRESS, body=b'{"items": [{"id": 1}]}'),
    Served("WordPress's posts, which need a login", OTHER_WAY, body=b'{"code": "rest_cannot_access", "message": "Only authenticated users can access the REST API.", "data": {"status": 401}}'),
    Served("another address of WordPress", NEW_ADDRESS, body=b'{"code":"rest_no_route","message":"No route was found matching the URL and request method.","data":{"status":404}}'),
    Served("documents of the Federal Register, none of which can be read", NEW_ADDRESS, body=b'{"count": 1, "results": [{"title": "x"}]}'),
    Served("no document of the Federal Register fits the conditions", "nothing, unless it stays empty", body=b'{"count": 0, "description": "Documents published by nobody"}'),
    Served("a JSON list of something else than posts", NEW_ADDRESS, body=b'[{"id": 1, "title": "x"}]'),
    Served("broken JSON", TELL, body=b'{"version": "https://jsonfeed.org/version/1.1", "items": [}'),
    Served("brackets in brackets in brackets", TELL, body=b"[" * 100_000),
    Served("a feed that breaks off in its first item", NOTHING, body=rss(item())[:150]),
    Served("a feed that breaks off later: its whole items are taken", NOTHING, body=rss(item(1), item(2))[:-60]),
    Served("a document that keeps the parser busy", TELL, body=rss("<item " + " ".join(f'a{n}="1"' for n in range(25_000)) + "/>")),
    Served("a feed without entries", "nothing, unless it stays empty", body=rss()),
    Served("entries without dates: dated by first sight; of a first poll, or after three days without one, they are no news", "nothing", body=rss(item(date=""))),
    Served("dates that nobody can read: dated by first sight", TELL, body=rss(item(date="soon"))),
    Served("dates a month ahead: dated by first sight", TELL, body=rss(item(date="Fri, 04 Sep 2026 09:00:00 GMT"))),
    Served("the same guid twice: two entries, one article where the links agree", TELL, body=rss(item(1), item(1))),
    Served(
        "one link with and without a slash, or with a counter of clicks: entries of one article",
        "nothing",
        body=rss(item(1), item(2).replace(">https://x.example/2<", ">https://x.example/1/?utm_source=x<")),
    ),
    Served("a link that runs a script: the entry is stored without it", TELL, body=rss(item(1).replace("https://x.example/1", "javascript:alert(1)"))),
    Served(
        "entries that name other outlets as their source: one outlet, that of the feed",
        'nothing, or `kind = "aggregator"` where the feed may name outlets',
        body=rss(item(1, more="<source url='https://o.example/'>Wire</source>")),
    ),
    Served(
        "a link to another outlet's page: its own feed words the article from when it carries it",
        "nothing; a feed of the outlet in feeds.toml. Who was told other facts gets a correction",
        body=rss(item(1).replace("x.example", "o.example")),
    ),
    Served("entries without title, text and link: left out", TELL, body=rss("<item/>", item(1))),
    Served("a reference to a character of 5,000 digits: the entry is read without it", TELL, body=rss(item(1), item(2, more=f"<description><![CDATA[&#{'9' * 5_000}; &amp; more]]></description>"))),
    Served("an entry that the parser fails over: left out, the others are read", TELL, body=rss(item(1), item(2, more=NO_PLACE))),
    Served("more new entries than one poll takes: the rest comes at the next ones", "nothing", body=rss(*map(item, range(25)))),
    Served("UTF-8 that says it is gb2312: read as UTF-8", "nothing", body=rss(item(more="<description>芯片新闻</description>"), declared="gb2312")),
    Served("a feed that says it is a web page: read", "nothing", body=rss(item()), headers={"Content-Type": "text/html"}),
    Served("an entity bomb: never unfolded", TELL, body=b'<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + rss(item(more="<description>&b;</description>")).partition(b"?>")[2]),
    Served("the same bytes as last time", "nothing", body=rss(item(1)), again=True),
    Served("the same entries, all with today's date", "look for a feed that is still filled", body=rss(item(1), item(2)), again=True, then=rss(item(1, date="Tue, 04 Aug 2026 11:00:00 GMT"), item(2, date="Tue, 04 Aug 2026 11:00:00 GMT"))),
]  # fmt: skip


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Keep quiet."""

    def do_GET(self):
        """Answer with the case of that number."""
        with suppress(ConnectionError, ValueError, IndexError):
            if self.path == "/home":
                self.reply(page("Sample News"))
                return
            case = SERVED[int(self.path[1:])]
            if case.answer:
                case.answer(self)
                return
            asked = self.server.asked
            asked[self.path] = asked.get(self.path, 0) + 1
            is_later = case.then is not None and asked[self.path] > 1
            self.reply(case.then if is_later else case.body, case.status, case.headers)

    def reply(self, body, status=200, headers=None):
        """Send a whole answer."""
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value.format(path=self.path))
        if status not in {204, 304}:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    # All feeds come at once; those over the default of 5 would have to try again.
    request_queue_size = 128


@contextlib.contextmanager
def _server(context=None):
    server = _Server(("", 0), _Handler)
    server.daemon_threads, server.block_on_close, server.asked = True, False, {}
    server.handle_error = lambda *_: None
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def _self_signed():
    from cryptography import x509  # noqa: PLC0415  slow to import
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "x.example")])
    made = x509.CertificateBuilder(issuer_name=name, subject_name=name)
    made = made.public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(datetime(2026, 1, 1)).not_valid_after(datetime(2050, 1, 1))  # noqa: DTZ001
    pem = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    pem += key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pem"
        file.write_bytes(pem)
        context.load_cert_chain(file)
    return context


def _polled():
    """Return outcome and message of every served case."""
    with _server() as port, _server(_self_signed()) as tls:
        # A host a feed, so that nobody waits for another's turn.
        feeds = [
            Feed(
                feed_id=str(number),
                url=case.url.format(tls=tls, port=port)
                or f"http://127.0.2.{number + 1}:{port}/{number}",
                also=tuple(
                    f"http://127.0.4.{number + 1}:{port}/{other}"
                    for other, row in enumerate(SERVED)
                    if row.what == case.also
                ),
            )
            for number, case in enumerate(SERVED)
        ]
        ends = asyncio.run(_poll(feeds))
        return [_masked(ends[feed.feed_id]) for feed in feeds]


async def _poll(feeds):
    again = [feed for feed in feeds if SERVED[int(feed.feed_id)].again]
    ends, cursors = {}, {}
    for chosen in (feeds, again):
        known = dict(cursors)
        async for polled in poll_feeds(chosen, known, run_id="r", now=NOW, options=OPTIONS):
            poll = polled.poll
            told = (n.removeprefix(f"feed {poll.feed_id}: ") for n in polled.notices)
            said = filter(None, (poll.error, *polled.warnings, *told))
            ends[poll.feed_id] = (poll.outcome, "; ".join(dict.fromkeys(said)))
            if polled.cursor:
                cursors[poll.feed_id] = polled.cursor
    return ends


def _masked(end):
    outcome, message = end
    message = re.sub(r"127\.0\.[24]\.\d+:\d+(/\d+)?", "x.example", message)
    message = re.sub(r"(cannot be found): .*", r"\1: …", message)
    message = re.sub(r"(certificate is not valid): .*", r"\1: …", message)
    message = re.sub(r"(connection failed): \[SSL.*", r"\1: …", message)
    return outcome, message


# --- files and options --------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """A command that is refused because of a file, a setting or an option."""

    what: str
    args: tuple[str, ...] = ("feeds", "list")
    files: dict[str, bytes] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)


def brief(*lines):
    """Return a home whose alerts.toml has a channel and a brief with these *lines*."""
    text = '[channel.desk]\ntype = "console"\n\n[brief.daily]\n' + "\n".join(lines) + "\n"
    return {**toml(), "alerts.toml": text.encode()}


def toml(*lines):
    """Return a feeds.toml of one feed with more lines."""
    text = '[feed.sample]\nurl = "https://x.example/feed"\n' + "\n".join(lines) + "\n"
    return {"feeds.toml": text.encode()}


def opml(text):
    """Return a list.opml."""
    return {"list.opml": text.encode(), "feeds.toml": b""}


ELSEWHERE = {
    "history/manifest.json": b'{"format": "csv", "relations": {"articles": {"rows": 1, "files": [{"path": "../private.csv", "sha256": ""}]}, "sightings": {"rows": 0, "files": []}}}',
    "private.csv": b"title",
}
IMPORT = ("feeds", "import", "list.opml")


def extending(lines):
    """Return a watchlist.toml that extends the shipped one."""
    return {"watchlist.toml": b'extends = "default"\n' + lines + b"\n"}


WATCHED = ("watchlist", "list")
ASKED = [
    Asked("feeds.toml that is not TOML", files={"feeds.toml": b"[feed.a\nurl = 1\n"}),
    Asked("feeds.toml that is not UTF-8", files={"feeds.toml": b"[feed.a]\n# \xd0\xc2\xce\xc5\n"}),
    Asked("a misspelt key", files=toml('publishr = "X"')),
    Asked("a feed without url", files={"feeds.toml": b"[feed.a]\npublisher = 'A'\n"}),
    Asked("an address that is not http", files={"feeds.toml": b"[feed.a]\nurl = 'ftp://x.example/'\n"}),
    Asked("an id with spaces", files={"feeds.toml": b"[feed.'a b']\nurl = 'https://x.example/'\n"}),
    Asked("a second address that is not http", files=toml('also = ["x.example/mirror"]')),
    Asked("second addresses that are no list", files=toml('also = "https://x.example/mirror"')),
    Asked("a second address that is another feed's", files=toml('also = ["https://x.example/b"]', "[feed.other]", 'url = "https://x.example/b"')),
    Asked("a route of an RSSHub as readers write it", files={"feeds.toml": b"[feed.a]\nurl = 'rsshub://36kr/hot-list'\n"}),
    Asked("an RSSHub without http://", files={**toml(), "sinowire.toml": b'rsshub = "localhost:1200"\n'}),
    Asked("one address twice", files=toml("[feed.other]", 'url = "https://x.example/feed"')),
    Asked("an unknown time zone", files=toml('timezone = "Beijing"')),
    Asked("an unknown kind", files=toml('kind = "magazine"')),
    Asked("a span that cannot be read", files=toml('poll = "often"')),
    Asked("a limit of bytes that no feed may have", files=toml("max_bytes = 900_000_000")),
    Asked("a switch in quotes", files=toml('enabled = "yes"')),
    Asked("a language that is not a code", files=toml('language = "Chinese"')),
    Asked("a password in feeds.toml", files=toml('headers = { Authorization = "Bearer abc" }')),
    Asked("a variable that is not set", files=toml('headers = { X-Key = { env = "NO_SUCH_KEY" } }')),
    Asked("a proxy of a feed that is not an address", files=toml('proxy = "localhost"')),
    Asked("a proxy in the environment that is not an address", env={"SINOWIRE_PROXY": "proxy.example:3128"}),
    Asked("a user agent in Chinese", env={"SINOWIRE_USER_AGENT": "新闻"}),
    Asked("a network that is not an address range", env={"SINOWIRE_ALLOW_PRIVATE_ADDRESSES": "office"}),
    Asked("a mode that lets others write", env={"SINOWIRE_PUBLISHED_MODE": "0666"}),
    Asked("a sign-in that Prefect cannot compare", ("up",), toml(), {"PREFECT_API_AUTH_STRING": "admin:pässword"}),
    Asked("a misspelt setting", files={"sinowire.toml": b"time_out = 3\n"}),
    Asked("a brief to a channel that is not there", ("run",), brief('at = "08:00"', 'channels = ["desc"]')),
    Asked("a brief without a time", ("run",), brief('channels = ["desk"]')),
    Asked("a brief at no time of day", ("run",), brief('at = "8 am"', 'channels = ["desk"]')),
    Asked("a week's brief on no weekday", ("run",), brief('at = "Foo 08:00"', 'period = "week"', 'channels = ["desk"]')),
    Asked("a day's brief on a weekday", ("run",), brief('at = "Mon 08:00"', 'channels = ["desk"]')),
    Asked("a brief of a month", ("run",), brief('at = "08:00"', 'period = "month"', 'channels = ["desk"]')),
    Asked("a brief in a zone that is none", ("run",), brief('at = "08:00"', 'zone = "Beijing"', 'channels = ["desk"]')),
    Asked("a brief in French", ("run",), brief('at = "08:00"', 'language = "fr"', 'channels = ["desk"]')),
    Asked("a brief of a section that is not there", ("run",), brief('at = "08:00"', 'only = ["stores"]', 'channels = ["desk"]')),
    Asked("a brief of a search that is not there", ("run",), {**brief('at = "08:00"', 'channels = ["desk"]', 'search = "robts"'), "searches.toml": b'[search.robots]\nwords = "robot"\n'}),
    Asked("a brief of searches that names none", ("run",), brief('at = "08:00"', 'channels = ["desk"]', 'only = ["searches"]')),
    Asked("a brief to nobody", ("run",), brief('at = "08:00"')),
    Asked("a misspelt key of a brief", ("run",), brief('at = "08:00"', 'channel = "desk"')),
    Asked("a number of 5,000 digits in feeds.toml", files=toml("poll = " + "9" * 5_000)),
    Asked("a number of more than 64 bits", files=toml("poll = 0xffffffffffffffffff")),
    Asked("a list where a span belongs", files=toml("poll = []")),
    Asked("brackets in brackets in feeds.toml", files=toml("poll = " + "[" * 100_000)),
    Asked("a key of 40,000 dots in feeds.toml", files=toml("a." * 40_000 + "b = 1")),
    Asked("brackets in brackets in a file of history", ("import", "history.jsonl"), {**toml(), "history.jsonl": b"[" * 100_000}),
    Asked("a line of history that is not an object", ("import", "history.jsonl"), {**toml(), "history.jsonl": b"\n5\n"}),
    Asked("a feed that is not in feeds.toml", ("run", "--feed", "nobody"), toml()),
    Asked("a --now that is not a time", ("run", "--now", "noon"), toml()),
    Asked("a --now of another millennium", ("run", "--now", "1026-08-04"), toml()),
    Asked("a warehouse that is gone, beside what it published", ("run",), toml() | {"data/sinowire.duckdb": b"news"}),
    Asked("a backup that is not a DuckDB file", ("restore", "kept.duckdb"), toml() | {"kept.duckdb": b"news"}),
    Asked("a folder to import that is not an export", ("import", "history"), toml() | {"history/news.csv": b"title"}),
    Asked("an export whose files lie elsewhere", ("import", "history"), toml() | ELSEWHERE),
    Asked("--new where there is a warehouse", ("run", "--new"), toml() | {"data/warehouse.duckdb": b"news"}),
    Asked("an id that is taken", ("feeds", "add", "https://x.example/", "--id", "sample"), toml()),
    Asked("an address without https://", ("feeds", "add", "x.example/feed"), toml()),
    Asked("a file that is not there", ("feeds", "parse", "nothing.xml"), toml()),
    Asked("OPML that is a web page", IMPORT, opml("<html><body>Not found</body></html>")),
    Asked("OPML that is empty", IMPORT, opml("")),
    Asked("an outline without an http address", IMPORT, opml('<opml><body><outline text="A" xmlUrl="feed:x"/></body></opml>')),
    Asked("an outline that is there twice", IMPORT, opml('<opml><body><outline text="A" xmlUrl="https://x.example/f"/><outline text="B" xmlUrl="https://x.example/f"/></body></opml>')),
    Asked("an outline whose secrets an export left out", IMPORT, opml('<opml><body><outline text="A" xmlUrl="https://x.example/f?key=REDACTED"/></body></opml>')),
    Asked("OPML with bare & signs", IMPORT, opml('<opml><body><outline text="A & B" xmlUrl="https://x.example/f"/></body></opml>')),
    Asked("a pattern of the watchlist that backtracks", ("watchlist", "check"), {"watchlist.toml": b"extends = 'default'\n[company.acme]\nname = 'Acme'\naliases = [{ text = 'Acme', not = '(\\w+\\s?)+!' }]\n"}),
    Asked("a headline of 10,000 characters to tag", ("watchlist", "tag", "long.jsonl"), {"long.jsonl": b'{"title": "%s"}' % (b"[ " * 5_000)}),
    Asked("OPML that is not XML", IMPORT, opml('<opml><body><outline text="A" xmlUrl="https://x.example/f"></body>')),
    Asked("a watchlist that extends something else", WATCHED, {"watchlist.toml": b'extends = "mine"\n'}),
    Asked("a [without] entry that is not shipped", WATCHED, extending(b'without = ["company.sogo"]')),
    Asked("[without] in a file that extends nothing", WATCHED, {"watchlist.toml": b'without = ["topic.x"]\n'}),
    Asked("a company whose parent was taken out", WATCHED, extending(b'without = ["company.sogou"]\n[company.a]\nname = "A"\nparent = "sogou"')),
    Asked("a topic on an unknown board", WATCHED, extending(b'[topic.a]\nname = "A"\nboards = ["crackdwon"]')),
    Asked("a new home that cannot be created", ("init", "notes/desk"), {"notes": b""}),
    Asked("an entry to show that does not exist", ("watchlist", "show", "sogo")),
]  # fmt: skip


def _told(case):
    """Run the command in a home of its own; return its exit code and what it says."""
    from flows.console.cli import main  # noqa: PLC0415  slow to import

    words = io.StringIO()
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for name, text in case.files.items():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_bytes(text)
        env = {k: v for k, v in os.environ.items() if not k.startswith("SINOWIRE_")}
        with (
            mock.patch.dict(os.environ, env | case.env, clear=True),
            mock.patch.object(sys, "argv", ["sinowire", *case.args]),
            contextlib.redirect_stderr(words),
            contextlib.redirect_stdout(io.StringIO()),
        ):
            try:
                main()
                code = 0
            except SystemExit as stop:
                code = int(stop.code or 0)
        said = " ".join(words.getvalue().split()).replace(f"{folder}/", "")
    return code, said


# --- the page -----------------------------------------------------------------------------


def feed_rows(ends):
    """Return the page's rows about feeds."""
    return [
        _row(case.what, outcome, message, case.remedy)
        for case, (outcome, message) in zip(SERVED, ends, strict=True)
    ]


def file_rows(ends):
    """Return the page's rows about files and options."""
    return [
        _row(case.what, str(code), said)
        for case, (code, said) in zip(ASKED, ends, strict=True)
    ]


def _row(what, outcome, message, *more):
    shown = message.replace("|", "\\|").replace("`", "'")
    cells = (what, f"`{outcome}`", f"`{shown}`" if shown else "—", *more)
    return f"| {' | '.join(cells)} |"


def render():
    """Return the whole page, made by trying everything."""
    feeds, files = feed_rows(_polled()), file_rows([_told(case) for case in ASKED])
    return "\n".join(
        [
            INTRO,
            "## Feeds",
            "",
            "| what comes | outcome | what you see | what to do |",
            "|---|---|---|---|",
            *feeds,
            "",
            "## Files, settings and options",
            "",
            "The message names the remedy itself; exit code 2 says that nothing was done, 0 that the rest was.",
            "",
            "| what comes | exit | what you see |",
            "|---|---|---|",
            *files,
            "",
        ]
    )


@pytest.fixture(scope="module")
def documented():
    """The rows of the page."""
    return [
        line for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:2] == "| "
    ]


def test_bad_feeds_end_as_the_page_says(documented):
    """Each bad feed, fetched from a real server, has the outcome and message of its row."""
    rows = feed_rows(_polled())

    assert [row for row in rows if row not in documented] == []
    assert len(set(rows)) == len(SERVED) >= 40


def test_bad_files_are_refused_as_the_page_says(documented):
    """Each wrong file, setting and option has the exit code and the words of its row."""
    rows = file_rows([_told(case) for case in ASKED])

    assert [row for row in rows if row not in documented] == []


def test_page_has_no_row_of_its_own(documented):
    """Whatever the page tells is tried here."""
    told = {row.split(" | ")[0].removeprefix("| ") for row in documented}

    assert told - {case.what for case in (*SERVED, *ASKED)} == {"what comes"}


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
