"""A home of its own and a real loopback web server for tests of the pipeline."""

from __future__ import annotations

import base64
import io
import json
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from flows.console.cli import main
from flows.home import load_config
from flows.settings import load_settings

WATCHLIST = """
[company.baidu]
name = "Baidu"
zh = "百度"
kind = "company"
sector = "internet"
aliases = ["Baidu", "百度"]

[company.roborock]
name = "Roborock"
zh = "石头科技"
kind = "company"
sector = "smart-home"
aliases = ["Roborock", "石头科技"]

[topic.robotics]
name = "Robotics"
zh = "机器人"
terms = ["robot", "机器人"]
"""
ALERTS = """
[channel.file]
type = "file"
path = "alerts.jsonl"

[rule.giants]
companies = ["baidu", "roborock"]
channels = ["file"]
"""


# The packages below are covered by their own tests, and by these of the flows.
COVERING = ("test_retag.py", "test_watchlist_command.py")


def pytest_collection_modifyitems(items):
    """Count no lines in the other tests of the flows: they take half the time."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here) and item.path.name not in COVERING:
            item.add_marker("no_cover")


@dataclass
class Page:
    """What the web server answers at one path."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/rss+xml; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


class Web(ThreadingHTTPServer):
    """A web server whose pages a test sets, and which keeps what it was asked."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self):
        self.pages: dict[str, Page] = {}
        self.delay = 0.0
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def page(self, path, **fields):
        """Serve a page at *path*."""
        self.pages[path] = Page(**fields)

    def feed(self, path, *items, title="Feed"):
        """Serve an RSS feed of (link, headline, date) items at *path*."""
        self.pages[path] = Page(body=rss(*items, title=title))


class _Handler(BaseHTTPRequestHandler):
    server: Web

    def log_message(self, *_args):
        pass

    def do_GET(self):
        page = self.server.pages.get(self.path, Page(404, b"no such page", "text/plain"))
        length = int(self.headers.get("Content-Length") or 0)
        asked = (self.command, self.path, dict(self.headers), self.rfile.read(length))
        self.server.requests.append(asked)
        time.sleep(self.server.delay)
        self.send_response(page.status)
        self.send_header("Content-Type", page.content_type)
        self.send_header("Content-Length", str(len(page.body)))
        for name, value in page.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(page.body)

    do_POST = do_GET


def rss(*items, title="Feed"):
    """Return an RSS 2.0 document of (link, headline, date) items."""
    rows = "".join(
        f"<item><guid>{escape(link)}</guid><link>{escape(link)}</link>"
        f"<title>{escape(headline)}</title><pubDate>{date}</pubDate></item>"
        for link, headline, date in items
    )
    return (
        f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel>"
        f"<title>{title}</title>{rows}</channel></rss>"
    ).encode()


@pytest.fixture
def web():
    """A running :class:`Web`."""
    with Web() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home folder with a small watchlist and one rule; loopback may be fetched."""
    (tmp_path / "watchlist.toml").write_text(WATCHLIST, encoding="utf-8")
    (tmp_path / "alerts.toml").write_text(ALERTS, encoding="utf-8")
    (tmp_path / "feeds.toml").write_text("", encoding="utf-8")
    monkeypatch.setenv("SINOWIRE_HOME", str(tmp_path))
    monkeypatch.setenv("SINOWIRE_ALLOW_PRIVATE_ADDRESSES", "127.0.0.0/8")
    return tmp_path


@pytest.fixture
def subscribe(home, web):
    """Write feeds.toml for paths of the web server."""

    def write(*paths):
        (home / "feeds.toml").write_text(
            "".join(
                f'[feed.{path.strip("/")}]\nurl = "{web.url}{path}"\n'
                f'publisher = "{path.strip("/").title()}"\nlanguage = "en"\n\n'
                for path in paths
            ),
            encoding="utf-8",
        )

    return write


@pytest.fixture
def config(home):
    """Return the home's configuration, read anew at each call."""
    return lambda: load_config(load_settings(home))


@pytest.fixture(scope="session")
def ask_prefect():
    """Ask a server of Prefect's; returns status, headers and what it said."""

    def ask(url, path, body=None, *, sign_in="", **options):
        headers = {"Content-Type": "application/json", **options.pop("headers", {})}
        if sign_in:
            pair = base64.b64encode(sign_in.encode()).decode()
            headers["Authorization"] = f"Basic {pair}"
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(f"{url}/{path}", data, headers, **options)
        try:
            with urllib.request.urlopen(asked, timeout=20) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.status, refusal.headers, refusal.read()

    return ask


@pytest.fixture
def received(home):
    """Return what the file channel received so far."""

    def read():
        file = home / "alerts.jsonl"
        lines = file.read_text("utf-8").splitlines() if file.exists() else []
        return [json.loads(line) for line in lines]

    return read


@pytest.fixture
def sinowire(monkeypatch, capsys):
    """Run a command; returns exit code, standard output, standard error."""

    def call(*args, stdin=None):
        monkeypatch.setattr(sys, "argv", ["sinowire", *map(str, args)])
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as stop:
            main()
        said = capsys.readouterr()
        return int(stop.value.code or 0), said.out, said.err

    return call
