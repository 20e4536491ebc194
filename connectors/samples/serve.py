"""Serve the sample feeds over real HTTP, on a free port of this machine.

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
import sys
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler

from connectors.samples.catalogue import MOMENTS, SAMPLES, Sample, feeds_toml
from connectors.samples.loopback import LoopbackServer, running
from connectors.samples.render import render

__all__ = ["SampleServer", "feeds_toml", "serve_samples"]

# How long before now (after it: less than nothing) each moment's documents changed last.
_MODIFIED = {1: timedelta(hours=2), 2: timedelta(0), 3: timedelta(hours=-1)}


class SampleServer(LoopbackServer):
    """The sample feeds as they stand at :attr:`moment`, 1, 2 or 3."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    body: bytes
    content_type: str
    etag: str = ""
    last_modified: str = ""


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
            self._send_feed(sample, answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep quiet: the pipeline reports what it polled."""

    def _send_feed(self, sample: Sample, answer: _Answer) -> None:
        headers = {"ETag": answer.etag, "Last-Modified": answer.last_modified}
        if self._is_known(answer):
            self._send(HTTPStatus.NOT_MODIFIED, b"", headers)
            return
        body = answer.body
        headers["Content-Type"] = answer.content_type
        if sample.gzip and "gzip" in self.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = gzip.compress(body)
        self._send(HTTPStatus.OK, body, headers)

    def _is_known(self, answer: _Answer) -> bool:
        # RFC 9110: If-Modified-Since is not looked at beside an If-None-Match.
        if asked := self.headers.get("If-None-Match"):
            return bool(answer.etag) and answer.etag in asked
        since = self.headers.get("If-Modified-Since")
        return bool(since) and since == answer.last_modified

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


def _answer(sample: Sample, moment: int, now: datetime) -> _Answer | None:
    document = sample.document(moment)
    if document is None:
        return None
    body = render(document.template, now).encode(sample.encoding)
    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    modified = format_datetime(
        (now - _MODIFIED[document.moment]).astimezone(UTC), usegmt=True
    )
    return _Answer(
        body=body,
        content_type=document.content_type,
        etag=etag if sample.validator in {"both", "etag"} else "",
        last_modified=modified if sample.validator in {"both", "modified"} else "",
    )


def main() -> None:
    """Serve by hand: print a ``feeds.toml``, move on at Enter, stop at Ctrl-C."""
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
