"""Receivers over real loopback connections, and parcels to send to them."""

from __future__ import annotations

import json
import socket
import ssl
import sys
import threading
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

import httpx
import pytest
import trustme
from builders import notice, parcel

from connectors.net import persistent, transport
from connectors.net.guard import connect
from connectors.sinks import SinkContext, chat, opened
from transforms.models import Channel, Parcel

LOOPBACK = (ip_network("127.0.0.0/8"),)
# The hosts of all services, at one receiver.
HOSTS = (
    "hooks.slack.com",
    "slack.com",
    "open.feishu.cn",
    "open.larksuite.com",
    "oapi.dingtalk.com",
    "qyapi.weixin.qq.com",
    "api.telegram.org",
    "prod-1.westus.logic.azure.com",
    "discord.com",
    "ntfy.sh",
    "api.pushover.net",
    "anything.example",
)


class Receiver(ThreadingHTTPServer):
    """Keeps what it is sent; answers from a list, its last answer for ever."""

    daemon_threads = True
    protocol = "HTTP/1.0"

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests = []
        self.peers = []
        self.answers = [(204, {})]
        self.pause = 0.0

    def handle_error(self, *_args):
        """A client that hangs up is what some tests are about."""

    def url(self, path="/hook"):
        return f"http://127.0.0.1:{self.server_port}{path}"

    def bodies(self):
        return [json.loads(body) for _, _, body in self.requests]


class _Handler(BaseHTTPRequestHandler):
    server: Receiver
    disable_nagle_algorithm = True

    def setup(self):
        self.protocol_version = self.server.protocol
        super().setup()

    def log_message(self, *_args):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.peers.append(self.client_address)
        self.server.requests.append((self.path, dict(self.headers), body))
        time.sleep(self.server.pause)
        answers = self.server.answers
        status, headers, *said = answers.pop(0) if len(answers) > 1 else answers[0]
        text = said[0] if said else b""
        if isinstance(text, dict):
            text = json.dumps(text).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


@pytest.fixture
def receiver():
    """A running receiver, stopped afterwards."""
    yield from _running(Receiver())


@pytest.fixture(scope="session")
def authority():
    """Who signs the certificates of our servers."""
    return trustme.CA()


@pytest.fixture(scope="session")
def served(authority):
    """What a server of any of the hosts shows a client."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate = authority.issue_cert(*HOSTS, "localhost", "127.0.0.1")
    certificate.configure_cert(context)
    return context


@pytest.fixture(autouse=True)
def waits(monkeypatch):
    """The seconds that somebody would have waited; nobody does."""
    waited = []
    monkeypatch.setattr(chat, "wait", waited.append)
    return waited


@pytest.fixture
def service(authority, served, monkeypatch):
    """A receiver that stands where the chat services do: their names lead to it.

    The edge is moved at the very end, in the connection; names, TLS and bytes are real.
    """
    server = Receiver()
    server.socket = served.wrap_socket(server.socket, server_side=True)

    async def to_receiver(_resolver, host, port):
        assert (host in HOSTS, port) == (True, 443), host
        return await connect("127.0.0.1", server.server_port, None)

    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    for module in (transport, persistent):
        monkeypatch.setattr(module, "connect_checked", to_receiver)
    monkeypatch.setattr(httpx, "create_ssl_context", lambda **_: trusting)
    yield from _running(server)


def _running(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def make_notice():
    """Build a notice; name only the fields a test is about, of it or of its alert."""
    return notice


@pytest.fixture
def make_parcel():
    """Build a parcel of notices, one where none are given."""
    return parcel


@pytest.fixture
def make_context(tmp_path):
    """Build the context of a sink, loopback allowed."""

    def make(**options):
        defaults = {
            "timeout": 5.0,
            "allow_private": LOOPBACK,
            "stream": sys.stderr,
            "home": tmp_path,
        }
        return SinkContext(**defaults | options)

    return make


@pytest.fixture
def hand_over(make_context, make_parcel):
    """Send notices or parcels to a channel of the given type, through one opening."""

    def hand(kind, address="", *sent, **options):
        own = {name: options.pop(name) for name in list(options) if name in _OF_CHANNEL}
        channel = Channel(channel_id="desk", type=kind, address=address, **own)
        with opened(channel, make_context(**options)) as send:
            for each in sent or (make_parcel(),):
                send(each if isinstance(each, Parcel) else make_parcel(each))

    return hand


_OF_CHANNEL = frozenset(Channel.__dataclass_fields__)


@pytest.fixture
def free_port():
    """A port where nobody listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        return listening.getsockname()[1]
