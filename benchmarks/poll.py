"""What does a poll of local feeds cost, beside other feed readers in the same run?

    python benchmarks/poll.py [--feeds 1000] [--repeat 3] [--load DIR] [--record]

The load is ``../shared/bench/load`` (or --load). READER_PY names a Python that has
``reader[cli]`` and ``sgmllib3k``; miniflux is measured where it is on the path and
PostgreSQL is installed (Debian has both). Medians are of CPU and wall seconds of the
whole process tree, a database server's included, and its sampled peak memory.

Phases: first (nothing known), all-304 (nothing changed), typical (a tenth of the feeds
have three new entries each), and trouble: a first poll where 5 % of the feeds answer
after two seconds and 5 % are broken. Before anything is timed each program polls once,
so that its bytecode is there.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from measure import Cost, measure
from peers import Miniflux, Peer, Reader, Sinowire
from results import Cell, Result, Table, arguments, publish

LOAD = Path(__file__).resolve().parents[2] / "shared" / "bench" / "load"
PORT = 18181
PHASES = ("first", "all-304", "typical", "trouble")
TROUBLE, CALM = "set?slow=0.05&broken=0.05", "set?slow=0&broken=0"

Costs = dict[tuple[str, str], list[Cost]]


def main() -> None:
    """Measure the peers in turn and print the medians."""
    parser = arguments(__doc__)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--load", type=Path, default=LOAD)
    parser.add_argument("--only", help="one peer: sinowire, reader or miniflux")
    parser.add_argument("--phases", default=",".join(PHASES), help="default: all of them")
    args = parser.parse_args()
    if not args.load.is_dir():
        raise SystemExit(f"no load at {args.load}; name it with --load")
    kinds = [kind for kind in _peers() if args.only in (None, kind.name)]
    costs: Costs = defaultdict(list)
    with tempfile.TemporaryDirectory() as work, serving(args.load, args.feeds):
        urls = control("urls").split()
        for kind in kinds:
            _poll(kind(Path(work) / kind.name, urls[:20]), ["first"], defaultdict(list))
        for _ in range(args.repeat):
            for kind in kinds:
                for phases in (PHASES[:3], PHASES[3:]):
                    if wanted := [p for p in phases if p in args.phases.split(",")]:
                        control("reset")
                        _poll(kind(Path(work) / kind.name, urls), wanted, costs)
    publish(result(costs, args), record=args.record)


def _peers() -> list[type[Sinowire | Reader | Miniflux]]:
    return [
        Sinowire,
        *([Reader] if os.environ.get("READER_PY") else []),
        *([Miniflux] if shutil.which("miniflux") else []),
    ]


def _poll(peer: Peer, phases: Iterable[str], costs: Costs) -> None:
    try:
        for phase in phases:
            if phase == "typical":
                control("bump?frac=0.1")
            control(TROUBLE if phase == "trouble" else CALM)
            peer.prepare()
            cost = measure(peer.command, env=peer.env, server_pid=peer.server_pid)
            costs[peer.name, phase].append(cost)
            note(peer.name, phase, cost)
    finally:
        control(CALM)
        peer.close()


def result(costs: Costs, args: argparse.Namespace) -> Result:
    """Return the medians with their ratios to reader, where it ran, else to ours."""
    names = list(dict.fromkeys(name for name, _ in costs))
    base = "reader" if "reader" in names else names[0]
    rows = [
        _row(phase, name, costs[name, phase], costs[base, phase])
        for phase in PHASES
        for name in names
        if costs[name, phase]
    ]
    ours = {row[0]: row for row in rows if row[1] == "sinowire"}
    said = ", ".join(
        f"{phase} {row[5]}" for phase, row in ours.items() if phase in PHASES[:3]
    )
    return Result(
        name="poll" if args.feeds == 1000 else f"poll-{args.feeds}",
        title=f"A poll of {args.feeds:,} feeds of 30 entries",
        summary=f"CPU of sinowire, {base} = 1: {said}; "
        f"peak {max(int(row[4]) for row in ours.values())} MB",
        code=("connectors", "flows/steps", "transforms", "warehouse", "watchlist.toml"),
        tables=[
            Table(
                columns=["phase", "program", "CPU s", "wall s", "MB", f"CPU, {base} = 1"],
                rows=rows,
            )
        ],
        notes=[f"Medians of {args.repeat} runs of the whole process tree, in turn.\n"],
    )


def _row(phase: str, name: str, runs: list[Cost], base: list[Cost]) -> list[Cell]:
    cpu, wall, peak = medians(runs)
    return [phase, name, cpu, wall, round(peak), f"{cpu / medians(base)[0]:.2f}"]


def medians(runs: list[Cost]) -> tuple[float, float, float]:
    """Return the medians of CPU, wall and peak memory."""
    return (
        statistics.median(run.cpu for run in runs),
        statistics.median(run.wall for run in runs),
        statistics.median(run.peak_mb for run in runs),
    )


def note(name: str, phase: str, cost: Cost) -> None:
    """Say on standard error how one run went, so that a peer that skipped work shows."""
    said = ""
    if name == "sinowire" and cost.stdout:
        done = json.loads(cost.stdout)
        said = f"{done['outcomes']} {done['new_articles']} new"
    sys.stderr.write(
        f"{name:9} {phase:8} exit {cost.code} cpu {cost.cpu:6.2f} wall {cost.wall:6.2f} "
        f"peak {cost.peak_mb:4.0f} MB {said}\n"
    )


def control(command: str) -> str:
    """Send a command to the load server."""
    url = f"http://127.0.0.1:{PORT}/__ctl/{command}"
    with urllib.request.urlopen(url, timeout=300) as answer:
        return answer.read().decode()


@contextmanager
def serving(load: Path, feeds: int) -> Iterator[None]:
    """Run the load server."""
    command = [sys.executable, str(load / "server.py"), "--feeds", str(feeds)]
    process = subprocess.Popen([*command, "--port", str(PORT)], stdout=subprocess.DEVNULL)
    try:
        for _ in range(240):
            try:
                control("stats")
                break
            except OSError:
                time.sleep(0.5)
        yield
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
