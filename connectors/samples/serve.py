"""Server of the sample feeds, and a webhook, over real HTTP on free ports of this machine.

    with serve_samples(now) as server:
        server.url              # http://127.0.0.1:40123
        server.moment = 2       # two hours later: new articles, one edited headline
        server.moment = 3       # an hour after that: stories reach other outlets

Dates are relative to *now*, the time of moment 2.
``python -m connectors.samples.serve`` does the same by hand.
"""

from __future__ import annotations

import gzip
import hashlib
import socketserver
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from threading import Event, Lock, Thread
from typing import TypeVar

from connectors.samples.catalogue import MOMENTS, SAMPLES, Sample, feeds_toml, render

# How long before now (after it: less than nothing) each moment's documents changed last.
_MODIFIED = {1: timedelta(hours=2), 2: timedelta(0), 3: timedelta(hours=-1)}
# What a server says that is being restarted.
RETRY_AFTER_SECONDS = 120


class LoopbackServer(ThreadingHTTPServer):
    """An HTTP server that is reachable from this machine only."""

    daemon_threads = True

    def __init__(self, handler: type[BaseHTTPRequestHandler], port: int = 0) -> None:
        self.closing = Event()
        super().__init__(("127.0.0.1", port), handler)

    def server_bind(self) -> None:
        """Bind without HTTPServer's reverse look-up, which waits where DNS is absent."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:
        """Report a failure of the server, but not a client that hung up."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    @property
    def url(self) -> str:
        """The address that paths are appended to."""
        return f"http://127.0.0.1:{self.server_port}"


Server = TypeVar("Server", bound=LoopbackServer)


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """Run *server* until the block ends."""
    with server:
        # The poll interval is also how long closing takes.
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()


__all__ = ["SampleServer", "feeds_toml", "serve_samples"]


class SampleServer(LoopbackServer):
    """The sample feeds as of :attr:`moment`, 1, 2 or 3."""

    def __init__(self, now: datetime, *, slow_seconds: float = 2.0, port: int = 0) -> None:
        self.now = now
        self.slow_seconds = slow_seconds
        self.moment = MOMENTS[0]
        super().__init__(_Handler, port)


def serve_samples(
    now: datetime, *, slow_seconds: float = 2.0, port: int = 0
) -> AbstractContextManager[SampleServer]:
    """Serve the samples, dated relative to *now*, until the block ends."""
    return running(SampleServer(now, slow_seconds=slow_seconds, port=port))


class _Handler(BaseHTTPRequestHandler):
    server: SampleServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer for one feed; any other path is not found."""
        path = self.path.partition("?")[0]
        sample = next((s for s in SAMPLES if s.path == path), None)
        if sample is None:
            self._send(HTTPStatus.NOT_FOUND, b"no such feed\n", {})
            return
        if sample.fault == "slow":
            self.server.closing.wait(self.server.slow_seconds)
        answer = _answer(sample, self.server.moment, self.server.now)
        if answer is None:
            self._send(HTTPStatus.INTERNAL_SERVER_ERROR, b"out of order\n", {})
        else:
            self._send_feed(sample, *answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Log nothing: the pipeline reports its polls."""

    def _send_feed(self, sample: Sample, body: bytes, headers: dict[str, str]) -> None:
        if self._is_known(headers):
            del headers["Content-Type"]
            self._send(HTTPStatus.NOT_MODIFIED, b"", headers)
            return
        if sample.gzip and "gzip" in self.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = gzip.compress(body)
        self._send(HTTPStatus.OK, body, headers)

    def _is_known(self, headers: dict[str, str]) -> bool:
        # RFC 9110: If-Modified-Since is not looked at beside an If-None-Match.
        if asked := self.headers.get("If-None-Match"):
            return bool(headers["ETag"]) and headers["ETag"] in asked
        since = self.headers.get("If-Modified-Since")
        return bool(since) and since == headers["Last-Modified"]

    def _send(self, status: HTTPStatus, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if value:
                self.send_header(name, value)
        if status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)


def _answer(
    sample: Sample, moment: int, now: datetime
) -> tuple[bytes, dict[str, str]] | None:
    """Return the body and headers of a sample; an empty header is not sent."""
    document = sample.document(moment)
    if document is None:
        return None
    body = render(document.template, now).encode(sample.encoding)
    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    modified = format_datetime(
        (now - _MODIFIED[document.moment]).astimezone(UTC), usegmt=True
    )
    return body, {
        "Content-Type": document.content_type,
        "ETag": etag if sample.validator in {"both", "etag"} else "",
        "Last-Modified": modified if sample.validator in {"both", "modified"} else "",
    }


class SampleReceiver(LoopbackServer):
    """A webhook that answers 503 to its first request, and accepts the rest."""

    def __init__(self) -> None:
        self.refused: list[str] = []
        self.taken: list[str] = []
        self.lock = Lock()
        super().__init__(_ReceiverHandler)


def receive_alerts() -> AbstractContextManager[SampleReceiver]:
    """Receive alerts until the block ends."""
    return running(SampleReceiver())


def alerts_toml(receiver_url: str, digest_at: datetime) -> str:
    """Return an ``alerts.toml`` that posts to *receiver_url*, with a daily digest."""
    template = files("connectors.samples") / "alerts.toml"
    text = template.read_text(encoding="utf-8")
    return text.replace("{url}", receiver_url).replace(
        "{time}", f"{digest_at.astimezone(UTC):%H:%M}"
    )


class _ReceiverHandler(BaseHTTPRequestHandler):
    server: SampleReceiver
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Accept an alert, unless it is the very first request."""
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
        """Log nothing: the outbox records deliveries."""


def main() -> None:
    """Serve by hand: print a ``feeds.toml``; Enter moves on, Ctrl-C stops."""
    with serve_samples(datetime.now(UTC)) as server:
        sys.stdout.write(feeds_toml(server.url))
        sys.stdout.flush()
        sys.stderr.write(f"\nServing at {server.url}; Enter moves on, Ctrl-C stops.\n")
        try:
            for server.moment in MOMENTS:
                sys.stderr.write(f"Serving moment {server.moment}.\n")
                sys.stdin.readline()
        except KeyboardInterrupt:
            sys.stderr.write("\n")


if __name__ == "__main__":
    main()
