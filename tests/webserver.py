"""A web server for tests, over real HTTP, whose pages they set."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape


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

    def __init__(self, address="127.0.0.1"):
        self.pages: dict[str, Page] = {}
        self.delay = 0.0
        self.slow: dict[str, float] = {}
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        super().__init__((address, 0), _Handler)

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
        time.sleep(self.server.slow.get(self.path, self.server.delay))
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


@contextmanager
def running(address="127.0.0.1"):
    """Serve from a thread; yields a :class:`Web`."""
    with Web(address) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
