"""What does a poll of local feeds cost, beside other feed readers in the same run?

    python benchmarks/poll.py [--feeds 1000] [--repeat 3] [--load DIR] [--record]

The load is ``../shared/bench/load`` (or --load). READER_PY names a Python that has
``reader[cli]`` and ``sgmllib3k``. ASSEMBLED_PY names one that has what
``../shared/bench/peers/assembled.py`` imports: most of our job, put together from
libraries in a day, over our own watchlist. Medians are of CPU and wall seconds of the
whole process tree, and its sampled peak memory. miniflux was compared once:
docs/measured/polls.md.

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
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import measure
from measure import Cost
from results import ROOT, SHARED, Result, Table, arguments, publish

ASSEMBLED = SHARED / "bench" / "peers" / "assembled.py"
LOAD = SHARED / "bench" / "load"
PORT = 18181
CONTROL = f"http://127.0.0.1:{PORT}/__ctl/"
# Seconds that every peer waits for an answer.
TIMEOUT = 10
PHASES = ("first", "all-304", "typical", "trouble")
TROUBLE, CALM = "set?slow=0.05&broken=0.05", "set?slow=0&broken=0"

# A program with a database in a folder of its own: its command and environment.
Peer = tuple[Sequence[str], dict[str, str]]
Costs = dict[tuple[str, str], list[Cost]]


def main() -> None:
    """Measure the peers in turn and print the medians."""
    parser = arguments(__doc__)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--load", type=Path, default=LOAD)
    parser.add_argument("--only", help="one program: sinowire, reader or assembled")
    parser.add_argument("--phases", default=",".join(PHASES), help="default: all of them")
    args = parser.parse_args()
    if not args.load.is_dir():
        raise SystemExit(f"no load at {args.load}; name it with --load")
    peers = [
        name
        for name in PEERS
        if args.only in (None, name)
        and (name == "sinowire" or os.environ.get(f"{name.upper()}_PY"))
    ]
    costs: Costs = defaultdict(list)
    with tempfile.TemporaryDirectory() as work, serving(args.load, args.feeds):
        urls = control("urls").split()
        for name in peers:
            _poll(name, PEERS[name](Path(work) / name, urls[:20]), ["first"])
        for _ in range(args.repeat):
            for name in peers:
                for phases in (PHASES[:3], PHASES[3:]):
                    if wanted := [p for p in phases if p in args.phases.split(",")]:
                        control("reset")
                        peer = PEERS[name](Path(work) / name, urls)
                        for phase, cost in _poll(name, peer, wanted):
                            costs[name, phase].append(cost)
    publish(result(costs, args), record=args.record)


def sinowire(folder: Path, urls: list[str]) -> Peer:
    """Return our own command, in a home with the load's feeds."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    feeds = (
        f'[feed.f{i}]\nurl = "{url}"\npublisher = "Outlet {i}"\n'
        for i, url in enumerate(urls)
    )
    (folder / "feeds.toml").write_text("\n".join(feeds))
    env = _environment() | {
        "SINOWIRE_HOME": str(folder),
        "SINOWIRE_ALLOW_PRIVATE_ADDRESSES": "127.0.0.0/8",
        "SINOWIRE_TIMEOUT_SECONDS": str(TIMEOUT),
    }
    return [str(Path(sys.executable).with_name("sinowire")), "run", "--json"], env


def reader(folder: Path, urls: list[str]) -> Peer:
    """Return the reader library's own command line, eight workers."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    python, db = os.environ["READER_PY"], str(folder / "db.sqlite")
    code = (
        "import sys; from reader import make_reader; r = make_reader(sys.argv[1]);"
        "[r.add_feed(u) for u in sys.stdin.read().split()]"
    )
    env = _environment()
    command = [python, "-c", code, db]
    subprocess.run(command, input="\n".join(urls), text=True, check=True, env=env)
    update = ["update", "--no-scheduled", "--workers", "8"]
    return [python, "-m", "reader", "--db", db, *update], env


def assembled(folder: Path, urls: list[str]) -> Peer:
    """Return the same job without roles, relevance, events, alerts and publication."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "urls.txt").write_text("\n".join(urls))
    places = (ASSEMBLED, folder / "urls.txt", folder / "db.duckdb", ROOT / "watchlist.toml")
    return [os.environ["ASSEMBLED_PY"], *map(str, places)], _environment()


PEERS: dict[str, Callable[[Path, list[str]], Peer]] = {
    "sinowire": sinowire,
    "reader": reader,
    "assembled": assembled,
}


def _environment() -> dict[str, str]:
    """Return this environment, without what would make a program slower than it is."""
    dropped = {"PREFECT_API_URL", "PYTHONDONTWRITEBYTECODE"}
    return {name: value for name, value in os.environ.items() if name not in dropped}


def _poll(name: str, peer: Peer, phases: Iterable[str]) -> list[tuple[str, Cost]]:
    command, env = peer
    done = []
    try:
        for phase in phases:
            if phase == "typical":
                control("bump?frac=0.1")
            control(TROUBLE if phase == "trouble" else CALM)
            cost = measure.measure(command, env=env)
            done.append((phase, cost))
            note(name, phase, cost)
    finally:
        control(CALM)
    return done


def result(costs: Costs, args: argparse.Namespace) -> Result:
    """Return the medians, and how many times the CPU of each other program ours took."""
    names = list(dict.fromkeys(name for name, _ in costs))
    others = [name for name in names if name != "sinowire"]
    phases = [phase for phase in PHASES if (names[0], phase) in costs]
    shown = {key: medians(runs) for key, runs in costs.items()}

    def ratio(name: str, phase: str, base: str) -> str:
        return f"{shown[name, phase][0] / shown[base, phase][0]:.2f}"

    rows = [
        [
            phase,
            name,
            cpu,
            wall,
            round(peak),
            *(ratio(name, phase, base) for base in others),
        ]
        for phase in phases
        for name in names
        for cpu, wall, peak in [shown[name, phase]]
    ]
    said = [
        f"CPU of sinowire, {base} = 1: "
        + ", ".join(f"{phase} {ratio('sinowire', phase, base)}" for phase in phases)
        for base in others
    ]
    peak = max(round(shown[name, phase][2]) for name, phase in shown if name == "sinowire")
    return Result(
        name="poll" if args.feeds == 1000 else f"poll-{args.feeds}",
        title=f"Cost of polling {args.feeds:,} feeds of 30 entries",
        summary="; ".join((*said, f"peak {peak} MB")),
        code=("connectors", "flows/steps", "transforms", "warehouse", "watchlist.toml"),
        tables=[
            Table(
                columns=[
                    *("phase", "program", "CPU s", "wall s", "MB"),
                    *(f"CPU, {base} = 1" for base in others),
                ],
                rows=rows,
            )
        ],
        notes=[f"Medians of {args.repeat} runs of the whole process tree, in turn.\n"],
    )


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
    with urllib.request.urlopen(CONTROL + command, timeout=300) as answer:
        return answer.read().decode()


def serving(load: Path, feeds: int) -> AbstractContextManager[object]:
    """Run the load server."""
    command = [sys.executable, str(load / "server.py"), "--feeds", str(feeds)]
    return measure.serving([*command, "--port", str(PORT)], f"{CONTROL}stats")


if __name__ == "__main__":
    main()
