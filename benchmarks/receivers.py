"""Local HTTP receivers for the alert benchmarks: one process, several paths, on a log.

    python benchmarks/receivers.py LOG [--fail 0.3] [--seed 1]

Prints its port. Every delivery that arrives is a line of LOG: path, key and the ids of
the alerts. With --fail a share of the posts meets an error, in turn: an answer of 503, a
connection that is closed without one, one that is cut when the alert has been stored, and
an answer that comes too late. What is put to /feed is what it then serves.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

FAILURES = ("busy", "closed", "cut", "late")
# Longer than the sender of the benchmark waits.
LATE_SECONDS = 2.0


@contextmanager
def receivers(log: Path, *options: str) -> Iterator[int]:
    """Run the receivers in a process of their own; yields their port."""
    command = [sys.executable, __file__, str(log), *options]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


class Receiver(BaseHTTPRequestHandler):
    """Answers posts, some of them badly, and remembers what it was given."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    feed, fail, chance, log = b"", 0.0, random.Random(), Path()
    lock = threading.Lock()

    def do_GET(self) -> None:
        """Serve the feed."""
        self._answer(200, Receiver.feed, "application/rss+xml")

    def do_PUT(self) -> None:
        """Take a feed."""
        Receiver.feed = self._body()
        self._answer(200)

    def do_POST(self) -> None:
        """Take a delivery, or fail."""
        body = self._body()
        with self.lock:
            fails = self.chance.random() < self.fail
            meets = self.chance.choice(FAILURES) if fails else ""
            if meets not in ("busy", "closed"):
                key = self.headers.get("idempotency-key", "")
                line = [self.path, key, sorted(set(alert_ids(json.loads(body))))]
                with self.log.open("a", encoding="utf-8") as log:
                    log.write(json.dumps(line) + "\n")
        if meets in ("closed", "cut"):
            self.close_connection = True
            return
        if meets == "late":
            time.sleep(LATE_SECONDS)
        self._answer(503 if meets == "busy" else 200)

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("content-length", 0)))

    def _answer(self, status: int, body: bytes = b"", kind: str = "text/plain") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def alert_ids(data: Any) -> Iterator[str]:
    """Return the alert ids that stand anywhere in a message."""
    if isinstance(data, dict) and isinstance(data.get("alert_id"), str):
        yield data["alert_id"]
    if isinstance(data, dict | list):
        for value in data.values() if isinstance(data, dict) else data:
            yield from alert_ids(value)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("log", type=Path)
    parser.add_argument("--fail", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    args.log.touch()
    Receiver.log, Receiver.fail = args.log, args.fail
    Receiver.chance = random.Random(args.seed)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    print(server.server_address[1], flush=True)
    # It lives as long as the one that started it.
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
