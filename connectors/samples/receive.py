"""A webhook that fails its first request, to show a retry in the demo.

with receive_alerts() as receiver:
    receiver.url            # the address for a channel of type webhook
    receiver.refused        # ids of the messages that it would not take
    receiver.taken          # and of those that it took, in order
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from importlib.resources import files
from threading import Lock

from connectors.samples.loopback import LoopbackServer, running

# What a server says that is being restarted.
RETRY_AFTER_SECONDS = 120


class SampleReceiver(LoopbackServer):
    """A webhook that answers 503 to its first request, and takes all that follow."""

    def __init__(self) -> None:
        self.refused: list[str] = []
        self.taken: list[str] = []
        self.lock = Lock()
        super().__init__(_Handler)


def receive_alerts() -> AbstractContextManager[SampleReceiver]:
    """Receive alerts until the block ends."""
    return running(SampleReceiver())


def alerts_toml(receiver_url: str, digest_at: datetime) -> str:
    """Return an ``alerts.toml`` that posts to *receiver_url*, with a daily digest."""
    template = files("connectors.samples") / "alerts.toml"
    text = template.read_text(encoding="utf-8")
    time = f"{digest_at.astimezone(UTC):%H:%M}"
    return text.replace("{url}", receiver_url).replace("{time}", time)


class _Handler(BaseHTTPRequestHandler):
    server: SampleReceiver
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Take an alert, unless it is the first request of all."""
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        message_id = self.headers.get("Idempotency-Key", "")
        with self.server.lock:
            is_first = not self.server.refused
            (self.server.refused if is_first else self.server.taken).append(message_id)
        if is_first:
            self.send_response(HTTPStatus.SERVICE_UNAVAILABLE)
            self.send_header("Retry-After", str(RETRY_AFTER_SECONDS))
        else:
            self.send_response(HTTPStatus.OK)
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep quiet: the ledger of deliveries has it all."""
