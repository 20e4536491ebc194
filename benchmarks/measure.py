"""Run commands: what one cost in its whole process tree, and servers to ask."""

from __future__ import annotations

import os
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SAMPLE_SECONDS = 0.05
PATIENCE = 120  # seconds that a server may take to answer


@dataclass(frozen=True)
class Cost:
    """What one run of a command cost."""

    code: int
    wall: float
    cpu: float
    peak_mb: float
    stdout: bytes


def measure(command: Sequence[str], *, env: Mapping[str, str] | None = None) -> Cost:
    """Run *command* to its end and measure it.

    CPU is user and system time of the command and all children it waited for; memory is
    the sampled sum of proportional sets: of a page that several processes share, each has
    its share.
    """
    start = time.perf_counter()
    with (
        subprocess.Popen(
            command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process,
        _peak(process.pid) as peak,
    ):
        assert process.stdout is not None
        stdout = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(
        code=process.returncode,
        wall=time.perf_counter() - start,
        cpu=usage.ru_utime + usage.ru_stime,
        peak_mb=max(peak) * 1024 / 1e6,
        stdout=stdout,
    )


@contextmanager
def serving(
    command: Sequence[str], url: str, *, env: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server, from its first answer at *url* until the body ends."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=env, stdout=quiet, stderr=quiet) as process:
        try:
            for _ in range(4 * PATIENCE):
                try:
                    urllib.request.urlopen(url, timeout=PATIENCE).close()
                    break
                except OSError:
                    time.sleep(0.25)
            else:
                raise SystemExit(f"there is no answer at {url}")
            yield process
        finally:
            process.terminate()


@contextmanager
def _peak(pid: int) -> Iterator[list[int]]:
    peak, stop = [0], threading.Event()

    def watch() -> None:
        while not stop.wait(SAMPLE_SECONDS):
            peak.append(max(peak.pop(), sum(map(resident, tree(pid)))))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        stop.set()
        thread.join()


def tree(pid: int) -> set[int]:
    """Return a process and all below it."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text(errors="replace")
            except OSError:
                continue
            parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    found, more = {pid}, {pid}
    while more:
        more = {child for child, parent in parents.items() if parent in more} - found
        found |= more
    return found


def resident(pid: int) -> int:
    """Return the kilobytes of a process's proportional set."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return sum(
        int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")
    )
