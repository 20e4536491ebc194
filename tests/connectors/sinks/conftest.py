"""A receiver over real loopback HTTP, and notices to send to it."""

from __future__ import annotations

import sys
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

import pytest

from connectors.sinks import send
from transforms.models import Alert, Channel, Notice

LOOPBACK = (ip_network("127.0.0.0/8"),)


class Receiver(ThreadingHTTPServer):
    """Keeps what it is sent; answers from a list, its last answer for ever."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests = []
        self.answers = [(204, {})]
        self.pause = 0.0

    def url(self, path="/hook"):
        return f"http://127.0.0.1:{self.server_port}{path}"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def log_message(self, *_args):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.requests.append((self.path, dict(self.headers), body))
        time.sleep(self.server.pause)
        answers = self.server.answers
        status, headers = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture
def receiver():
    """A running receiver, stopped afterwards."""
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def make_notice():
    """Build a notice; name only the fields a test is about."""

    def make(*, title="Alibaba opens a data centre", url="https://x.example/1", **fields):
        alert = Alert(
            alert_id="al1",
            rule_id="giants",
            kind="mention",
            company_id="alibaba",
            topic_id=None,
            story_id="sa1",
            article_id="a1",
            title=title,
            url=url,
            created_at=datetime(2026, 8, 4, 12, 1, tzinfo=UTC),
            state="pending",
            rules_version="w1",
        )
        defaults = {
            "message_id": "m1",
            "alert": alert,
            "channel_id": "desk",
            "attempt": 1,
            "company_name": "Alibaba Group",
            "company_name_zh": "阿里巴巴",
            "publisher": "Harbour Wire",
            "language": "en",
            "published_at": datetime(2026, 8, 4, 12, tzinfo=UTC),
            "alias": "Alibaba",
            "publishers": ("Harbour Wire", "前沿网"),
        }
        return Notice(**defaults | fields)

    return make


@pytest.fixture
def hand_over(tmp_path, make_notice):
    """Send a notice to a channel of the given type, loopback allowed."""

    def hand(kind, address="", notice=None, **options):
        channel_options = {
            key: options.pop(key) for key in ("headers", "private") if key in options
        }
        channel = Channel(channel_id="desk", type=kind, address=address, **channel_options)
        defaults = {
            "timeout": 5.0,
            "allow_private": LOOPBACK,
            "stream": sys.stderr,
            "home": tmp_path,
        }
        send(channel, notice or make_notice(), **defaults | options)

    return hand
