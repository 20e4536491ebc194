"""Poll 1,000 local feeds of 30 entries: sinowire beside the reader library, in one run.

    python benchmarks/poll.py [--feeds 1000] [--repeat 3] [--load DIR]

The load is ``../shared/bench/load`` (or --load). READER_PY names a Python that has
``reader[cli]`` and ``sgmllib3k``; without it only sinowire is measured. Medians are of
CPU and wall seconds of the whole process tree, and its sampled peak memory.

Phases: first (nothing known), all-304 (nothing changed), typical (a tenth of the feeds
have three new entries each).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from measure import Cost, measure

LOAD = Path(__file__).resolve().parents[2] / "shared" / "bench" / "load"
PORT = 18181
PHASES = ("first", "all-304", "typical")


class Sinowire:
    """Our own command, in a home with the load's feeds."""

    name = "sinowire"

    def __init__(self, folder: Path, urls: list[str]) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        feeds = (
            f'[feed.f{i}]\nurl = "{url}"\npublisher = "Outlet {i}"\n'
            for i, url in enumerate(urls)
        )
        (folder / "feeds.toml").write_text("\n".join(feeds))
        self.env = {
            **os.environ,
            "SINOWIRE_HOME": str(folder),
            "SINOWIRE_ALLOW_PRIVATE_ADDRESSES": "127.0.0.0/8",
            "SINOWIRE_TIMEOUT_SECONDS": "10",
        }
        self.env.pop("PREFECT_API_URL", None)
        self.command = [str(Path(sys.executable).with_name("sinowire")), "run", "--json"]


class Reader:
    """The reader library's own command line, eight workers."""

    name = "reader"

    def __init__(self, folder: Path, urls: list[str]) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        python, db = os.environ["READER_PY"], str(folder / "db.sqlite")
        code = (
            "import sys; from reader import make_reader; r = make_reader(sys.argv[1]);"
            "[r.add_feed(u) for u in sys.stdin.read().split()]"
        )
        subprocess.run(
            [python, "-c", code, db], input="\n".join(urls), text=True, check=True
        )
        self.env = dict(os.environ)
        update = ["update", "--no-scheduled", "--workers", "8"]
        self.command = [python, "-m", "reader", "--db", db, *update]


def main() -> None:
    """Measure the peers in turn and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--load", type=Path, default=LOAD)
    args = parser.parse_args()
    if not args.load.is_dir():
        raise SystemExit(f"no load at {args.load}; name it with --load")
    peers = [Sinowire, Reader] if os.environ.get("READER_PY") else [Sinowire]
    costs: dict[tuple[str, str], list[Cost]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as work, serving(args.load, args.feeds):
        urls = control("urls").split()
        for _ in range(args.repeat):
            for kind in peers:
                control("reset")
                peer = kind(Path(work) / kind.name, urls)
                for phase in PHASES:
                    if phase == "typical":
                        control("bump?frac=0.1")
                    cost = measure(peer.command, env=peer.env)
                    costs[kind.name, phase].append(cost)
                    note(kind.name, phase, cost)
    report(costs, args)


def report(costs: dict[tuple[str, str], list[Cost]], args: argparse.Namespace) -> None:
    """Print the medians as a Markdown table, with ratios to reader where it ran."""
    print(
        f"\n{args.feeds} feeds x 30 entries, medians of {args.repeat}; "
        f"Python {platform.python_version()}, {os.cpu_count()} cores\n"
    )
    print("| phase | program | CPU s | wall s | peak MB | CPU ratio to reader |")
    print("|---|---|---:|---:|---:|---:|")
    for phase in PHASES:
        base = costs.get(("reader", phase))
        for name in sorted({name for name, _ in costs}):
            runs = costs[name, phase]
            cpu = statistics.median(run.cpu for run in runs)
            wall = statistics.median(run.wall for run in runs)
            peak = statistics.median(run.peak_mb for run in runs)
            ratio = (
                f"{cpu / statistics.median(run.cpu for run in base):.2f}" if base else "-"
            )
            print(f"| {phase} | {name} | {cpu:.2f} | {wall:.2f} | {peak:.0f} | {ratio} |")


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
