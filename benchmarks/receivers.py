"""Local HTTP receivers for the alert benchmarks: one process, several paths, on a log.

    python benchmarks/receivers.py LOG [--fail 0.3] [--seed 1]

Prints its port. Every delivery that arrives is a line of LOG: path, key and the ids of
the alerts. With --fail a share of the posts meets an error, in turn: an answer of 503, a
connection that is closed before anything is read, one that is cut when the alert has been
stored, and an answer that comes too late. What is put to /feed is what it then serves.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
BUSY = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
FAILURES = ("busy", "closed", "cut", "late")
# Longer than the sender of the benchmark waits.
LATE_SECONDS = 2.0


@contextmanager
def receivers(log: Path, *options: str) -> Iterator[int]:
    """Run the receivers in a process of their own; yields their port."""
    with subprocess.Popen(
        [sys.executable, __file__, str(log), *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


class Receiver:
    """Answers posts, some of them badly, and remembers what it was given."""

    def __init__(self, log: TextIO, fail: float, seed: int) -> None:
        self.log = log
        self.fail = fail
        self.chance = random.Random(seed)
        self.feed = b""

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Answer the requests of one connection."""
        try:
            while await self._answer(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, path, _ = head.split(" ", 2)
        headers = dict(_headers(head))
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        if path == "/feed":
            writer.write(self._feed(method, body))
            await writer.drain()
            return True
        meets = self.chance.choice(FAILURES) if self.chance.random() < self.fail else ""
        if meets == "closed":
            return False
        if meets == "busy":
            writer.write(BUSY)
            await writer.drain()
            return True
        self._store(path, headers.get("idempotency-key", ""), body)
        if meets == "cut":
            return False
        if meets == "late":
            await asyncio.sleep(LATE_SECONDS)
        writer.write(OK)
        await writer.drain()
        return True

    def _feed(self, method: str, body: bytes) -> bytes:
        if method == "PUT":
            self.feed = body
            return OK
        kind, length = "application/rss+xml", len(self.feed)
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
        )
        return head.encode() + self.feed

    def _store(self, path: str, key: str, body: bytes) -> None:
        ids = sorted(set(alert_ids(json.loads(body))))
        self.log.write(json.dumps([path, key, ids]) + "\n")
        self.log.flush()


def alert_ids(data: Any) -> Iterator[str]:
    """Return the alert ids that stand anywhere in a message."""
    if isinstance(data, dict):
        if isinstance(data.get("alert_id"), str):
            yield data["alert_id"]
        for value in data.values():
            yield from alert_ids(value)
    elif isinstance(data, list):
        for value in data:
            yield from alert_ids(value)


def _headers(head: str) -> Iterator[tuple[str, str]]:
    for line in head.split("\r\n")[1:]:
        name, colon, value = line.partition(":")
        if colon:
            yield name.lower(), value.strip()


async def _main(args: argparse.Namespace) -> None:
    with args.log.open("a", encoding="utf-8") as log:
        receiver = Receiver(log, args.fail, args.seed)
        server = await asyncio.start_server(receiver.serve, "127.0.0.1", args.port)
        print(server.sockets[0].getsockname()[1], flush=True)
        # It lives as long as the one that started it.
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("log", type=Path)
    parser.add_argument("--fail", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=0)
    asyncio.run(_main(parser.parse_args()))
