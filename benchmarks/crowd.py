"""What a reader of the desk feels of a crowd that came to be in the way.

    python benchmarks/crowd.py [--articles 300000] [--seconds 10] [--keep DIR]

The crowd comes from a process of its own, niced: connections that send nothing, searches
and statements whose asker leaves before there is an answer; each alone, then all at once.
Meanwhile one reader asks, each time on a new connection, for a page that is kept, for one
that is not, and for the desk's health.
"""

from __future__ import annotations

import argparse
import asyncio
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from urllib.parse import quote, urlsplit

from desk import prepare, serving
from measure import resident, tree
from results import Result, Table, add_record_option, publish

from flows.settings import load_settings
from warehouse.file.connect import PUBLISHED_NAME

IDLE, SEARCHES, STATEMENTS = 1_000, 3_000, 200
# At one time; who has gone makes room for the next.
AT_ONCE = {"search": 100, "sql": 50}
LEAVES_AFTER = 0.2
SLOW = "select sum(hash(a.seq * b.seq)) from articles as a, articles as b where {} >= 0"
CROWDS = {
    "nobody": (0, 0, 0),
    f"{IDLE:,} connections that send nothing": (IDLE, 0, 0),
    f"{SEARCHES:,} abandoned searches": (0, SEARCHES, 0),
    f"{STATEMENTS} abandoned statements": (0, 0, STATEMENTS),
    "all of them": (IDLE, SEARCHES, STATEMENTS),
}
KEPT, HEALTH = "/", "/healthz"
PATIENCE = 120
_words = count()


@dataclass
class Felt:
    """How long the reader waited, in ms, and what was no answer."""

    took: dict[str, list[float]] = field(
        default_factory=lambda: {"kept": [], "unkept": [], "health": []}
    )
    refused: int = 0


def main() -> None:
    """Serve, let each crowd come, print what the reader felt."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=300_000)
    parser.add_argument("--seconds", type=float, default=10, help="of each crowd, at least")
    parser.add_argument("--keep", type=Path, help="a home to build once and use again")
    parser.add_argument("--crowd", nargs=4, help=argparse.SUPPRESS)
    add_record_option(parser)
    options = parser.parse_args()
    if options.crowd:
        address, *counts = options.crowd
        asyncio.run(come(address, *map(int, counts)))
        return
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(options.keep or Path(folder))
        if not (settings.data / PUBLISHED_NAME).exists():
            prepare(settings.data, options.articles)
        rows, memory = [], 0.0
        for name, counts in CROWDS.items():
            with serving(settings) as (address, process):
                felt = read_beside(address, counts, options.seconds)
                memory = max(memory, sum(map(resident, tree(process.pid))) * 1024 / 1e6)
            rows.append([name, *_row(felt)])
            sys.stderr.write(f"{rows[-1]}\n")
    publish(_result(rows, memory), record=options.record)


def read_beside(address: str, counts: tuple[int, int, int], seconds: float) -> Felt:
    """Ask as one reader for as long as a crowd is there, and *seconds* at least."""
    felt = Felt()
    _ask(address, KEPT, "kept", Felt())
    _ask(address, f"/search?q=before+{next(_words)}", "unkept", Felt())
    with crowd(address, counts) as process:
        until = time.monotonic() + seconds
        while time.monotonic() < until or not _has_asked(process):
            _ask(address, KEPT, "kept", felt)
            _ask(address, HEALTH, "health", felt)
            _ask(address, f"/search?q=reader+{next(_words)}", "unkept", felt)
            time.sleep(0.1)
            if time.monotonic() > until + PATIENCE:
                break
    return felt


@contextmanager
def crowd(address: str, counts: tuple[int, int, int]) -> Iterator[subprocess.Popen[bytes]]:
    """Let a crowd come from a process of its own; it goes when the block ends."""
    command = ["nice", "-n", "10", sys.executable, __file__, "--crowd", address]
    with subprocess.Popen(
        [*command, *map(str, counts)], stdout=subprocess.PIPE, bufsize=0
    ) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            yield process
        finally:
            process.kill()


def _has_asked(process: subprocess.Popen[bytes]) -> bool:
    return bool(select.select([process.stdout], [], [], 0)[0])


async def come(address: str, idle: int, searches: int, statements: int) -> None:
    """Be the crowd."""
    host, port = address.removeprefix("http://").split(":")
    silent = [await asyncio.open_connection(host, int(port)) for _ in range(idle)]
    print("here", flush=True)
    paths = {
        "search": [f"/search?q=crowd+{at}&ever=1" for at in range(searches)],
        "sql": [f"/sql?q={quote(SLOW.format(at))}" for at in range(statements)],
    }
    async with asyncio.TaskGroup() as group:
        for kind, asked in paths.items():
            free = asyncio.Semaphore(AT_ONCE[kind])
            for path in asked:
                group.create_task(_ask_and_leave(host, int(port), path, free))
    print("all has been asked", flush=True)
    if silent:
        await asyncio.sleep(PATIENCE)


async def _ask_and_leave(host: str, port: int, path: str, free: asyncio.Semaphore) -> None:
    async with free:
        with suppress(OSError):
            _, out = await asyncio.open_connection(host, port)
            out.write(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
            await out.drain()
            await asyncio.sleep(LEAVES_AFTER)
            out.close()


def _ask(address: str, path: str, kind: str, felt: Felt) -> None:
    start = time.monotonic()
    connection = HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        felt.refused += answer.status != HTTPStatus.OK
    except (OSError, HTTPException):
        felt.refused += 1
    finally:
        connection.close()
    felt.took[kind].append((time.monotonic() - start) * 1e3)


def _row(felt: Felt) -> list[int]:
    worst = [round(max(felt.took[kind])) for kind in ("kept", "unkept", "health")]
    return [len(felt.took["kept"]), *worst, felt.refused]


def _result(rows: list[list[str | int]], memory: float) -> Result:
    _, asked, kept, unkept, health, refused = rows[-1]
    return Result(
        name="crowd",
        title="The desk under a crowd",
        summary=f"beside {IDLE:,} connections that send nothing, {SEARCHES:,} abandoned "
        f"searches and {STATEMENTS} abandoned statements a reader who asks {asked} times "
        f"waits {kept} ms at most for a kept page, {unkept} ms for another, {health} ms "
        f"for the desk's health, and is refused {refused} times; {memory:.0f} MB",
        code=("flows/web", "warehouse/sandbox"),
        tables=[
            Table(
                columns=[
                    "crowd",
                    "asked",
                    "kept page, worst ms",
                    "other page, worst ms",
                    "health, worst ms",
                    "refused",
                ],
                rows=rows,
            )
        ],
    )


if __name__ == "__main__":
    main()
