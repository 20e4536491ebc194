"""Run sinowire commands, each in a process of its own that is killed with -9.

    python benchmarks/killed.py EVENTS

Each line of standard input is a JSON list, [N, COMMAND…]. A process is forked for it,
from one that has the program loaded and nothing open, and killed at its Nth boundary.
Its process id is printed as it begins, and its exit code when it is no more.

`publish` and `maintain [DAY]`, which are steps and no commands, are run as well.

A boundary is a moment just before or just after something that cannot be taken back: a
commit, a request to a receiver and its answer, a file made safe on disk, put in place or
given a second name.
They are caught where Python meets DuckDB and the system, in this process only. N = 0
kills nothing. The names of the boundaries passed are lines of the file EVENTS. Leases are
short, so that the next may go on, publications are made of those before the last, and
retags have turns of few articles.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, Self

import duckdb

from flows.beats import load_beat
from flows.console.cli import command_line, main
from flows.settings import Settings, load_settings
from flows.steps import delivery, parcels
from flows.steps.summary import clock_at
from flows.steps.upkeep import retag
from flows.steps.upkeep.maintenance import maintain
from flows.steps.warehouse import publish
from transforms.articles.reader import EntryReader
from transforms.models import Entry, Feed
from transforms.names.rules.file import parse_watchlist
from warehouse.file import writes
from warehouse.upkeep import retag as retag_store

COMPANY = '[company.baidu]\nname = "Baidu"\nkind = "company"\nsector = "internet"\n'
LEASE, SENDING, TIMEOUT_SECONDS = timedelta(seconds=2), timedelta(seconds=1), 1.0


class Ended(NamedTuple):
    """How a command ended: its exit code, and the boundaries that it passed."""

    code: int
    passed: list[str]

    @property
    def killed(self) -> bool:
        """Whether it was killed before its end."""
        return self.code == -signal.SIGKILL


class Victims:
    """Processes of commands in *home*, one after another, and how often each was killed."""

    def __init__(self, home: Path) -> None:
        self.home, self.events = home, home / "events"
        self.kills: Counter[str] = Counter()
        root = Path(__file__).parents[1]
        command = [sys.executable, __file__, str(self.events)]
        env = {**os.environ, "SINOWIRE_HOME": str(home), "PYTHONPATH": str(root)}
        pipe = subprocess.PIPE
        with (home / "stderr").open("ab") as errors:
            self._forker = subprocess.Popen(
                command, env=env, stdin=pipe, stdout=pipe, stderr=errors, text=True
            )

    def execute(
        self, command: Sequence[str], *, at: int = 0, after: float | None = None
    ) -> Ended:
        """Run a command, killed at a boundary or some seconds after its beginning."""
        self.events.write_text("")
        assert self._forker.stdin is not None
        assert self._forker.stdout is not None
        self._forker.stdin.write(json.dumps([at, *command]) + "\n")
        self._forker.stdin.flush()
        pid = int(self._forker.stdout.readline())
        if after is not None:
            time.sleep(after)
            # It is not waited for yet, so the number is nobody else's.
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        code = int(self._forker.stdout.readline())
        ended = Ended(code, self.events.read_text().splitlines())
        if ended.killed:
            self.kills[ended.passed[-1] if at else "a random moment"] += 1
        return ended

    def close(self) -> None:
        """Let the forker end."""
        self._forker.communicate(timeout=30)


class Boundaries:
    """Counts what passes, and ends the process at its turn."""

    def __init__(self, last: int, events: str) -> None:
        self.last, self.count = last, 0
        self.events = os.open(events, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.lock = threading.Lock()

    def pass_by(self, name: str) -> None:
        """Note a boundary; at the last one this process is no more."""
        with self.lock:
            self.count += 1
            os.write(self.events, f"{name}\n".encode())
            if self.count == self.last:
                os.kill(os.getpid(), signal.SIGKILL)


class Connection:
    """A DuckDB connection whose commits are boundaries."""

    def __init__(self, con: Any, passed: Callable[[str], None]) -> None:
        self._con, self._passed = con, passed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._con, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._con.close()

    def commit(self) -> None:
        """Commit, between two boundaries."""
        self._passed("before commit")
        self._con.commit()
        self._passed("after commit")


def watch(passed: Callable[[str], None]) -> None:
    """Put a boundary before and after what cannot be taken back."""
    connect, sent, received = duckdb.connect, socket.socket.send, socket.socket.recv
    fsync = os.fsync
    posting: set[int] = set()

    def do_connect(*args: Any, **options: Any) -> Connection:
        return Connection(connect(*args, **options), passed)

    def do_send(self: socket.socket, data: Any, *args: Any) -> int:
        if bytes(data[:5]) == b"POST ":
            posting.add(self.fileno())
            passed("before post")
        return sent(self, data, *args)

    def do_receive(self: socket.socket, *args: Any) -> bytes:
        data = received(self, *args)
        if self.fileno() in posting:
            posting.discard(self.fileno())
            passed("after answer")
        return data

    def do_sync(fd: int) -> None:
        passed("before fsync")
        fsync(fd)
        passed("after fsync")

    def bounded(name: str) -> Callable[..., None]:
        done = getattr(os, name)

        def do(*args: Any, **options: Any) -> None:
            passed(f"before {name}")
            done(*args, **options)
            passed(f"after {name}")

        return do

    duckdb.connect = do_connect
    socket.socket.send = do_send  # type: ignore[method-assign]
    socket.socket.recv = do_receive  # type: ignore[method-assign]
    os.fsync = do_sync
    for name in ("replace", "rename", "link"):
        setattr(os, name, bounded(name))


def run(number: int, events: str, command: list[str]) -> int:
    """Run a command to its end; returns the exit code."""
    watch(Boundaries(number, events).pass_by)
    sys.stdin = open(os.devnull)  # noqa: PTH123, SIM115  for as long as it lives
    sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115
    sys.argv = ["sinowire", *command]
    try:
        if step := STEPS.get(command[0]):
            step(load_settings(None), *command[1:])
        else:
            main()
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def _maintain(settings: Settings, day: str | None = None) -> None:
    moment = datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
    if failed := maintain(settings, clock_at(moment), report=lambda _: None):
        raise SystemExit(f"checks failed: {failed}")


STEPS: dict[str, Callable[..., None]] = {"publish": publish, "maintain": _maintain}


def load() -> None:
    """Load what commands do, and what the first headline has read: a second in each."""
    command_line()
    import pytz  # noqa: F401, PLC0415  DuckDB's, once it returns a moment

    url = "https://x.example/1"
    # Words of no language: what is told by statistics alone has their model read.
    title = "Baidu lakrova finsetu obvanik tirkela zundapi"
    headline = Entry(guid="1", url=url, title=title)
    feed = Feed(feed_id="x", url=url)
    reader = EntryReader(parse_watchlist(COMPANY), load_beat())
    reader.read([headline], feed, datetime.now(UTC))


def take_spares_of_any_size() -> None:
    """Have small warehouses published as large ones are, without clones."""
    writes.WORTHWHILE, writes.CLONE = 0, 0


def retag_in_small_parts() -> None:
    """Have few articles retagged as many are, in turns that follow at once."""
    retag_store.PART, retag.PAUSE, retag.TURN = 10, 0.0, 0.0


def serve(events: str) -> None:
    """Fork a process for each line, and say what became of it."""
    load()
    delivery.LEASE, delivery.SENDING = LEASE, SENDING
    take_spares_of_any_size()
    retag_in_small_parts()
    parcels.SEND_TIMEOUT_SECONDS = TIMEOUT_SECONDS
    for line in sys.stdin:
        number, *command = json.loads(line)
        if not (pid := os.fork()):
            try:
                os._exit(run(number, events, command))
            finally:
                os._exit(70)
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    serve(sys.argv[1])
