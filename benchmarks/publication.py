"""What a run with a dozen new articles costs, and its publication, by how many are there.

    python benchmarks/publication.py [--sizes 300000 3000000] [--new 12] [--keep DIR]

The warehouses are those of ``views.py``, three years each that end now. The command polls
their 150 feeds on this machine, of which a dozen have an article more each time; CPU and
memory are of its whole process tree. Then a line is committed and published, over and over,
in this process. Medians of five, after two that are not counted: the first copies of a file
are whole ones.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from commit import HAN, LATIN
from measure import Cost, measure
from peers import Sinowire
from results import Result, Table, add_record_option
from results import publish as publish_result
from views import TOUCH, build

from flows.home import load_config
from flows.settings import load_settings
from warehouse.feeds import sync_feeds
from warehouse.file.connect import PRIVATE_NAME, transaction, writer
from warehouse.file.publish import publish
from warehouse.file.spare import REST

FEEDS, POLLS = 150, 600_000
WARM, REPEAT = 2, 5
ITEM = "<item><guid>{0}</guid><link>{0}</link><title>{1}</title><pubDate>{2}</pubDate>"
NAMES = ["Huawei", "BYD", "Tencent", "CATL", "华为", "比亚迪", "腾讯", "宁德时代"]


@dataclass
class Outlets:
    """The feeds, each with its newest articles."""

    chance: random.Random
    items: list[list[str]] = field(default_factory=lambda: [[] for _ in range(FEEDS)])

    def write(self, number: int, count: int) -> None:
        """Let *count* feeds have an article more."""
        for feed in range(count):
            chinese = feed % 2
            words = self.chance.sample((HAN if chinese else LATIN).split(), 5)
            title = ("" if chinese else " ").join((self.chance.choice(NAMES), *words))
            day = format_datetime(datetime.now(UTC) - timedelta(minutes=10))
            link = f"https://f{feed}.example/n{number}"
            self.items[feed] = [
                f"{ITEM.format(link, title, day)}</item>",
                *self.items[feed][:29],
            ]

    def document(self, path: str) -> bytes:
        """Return a feed as it is now."""
        items = "".join(self.items[int(path.rpartition("/")[2])])
        head = "<title>Outlet</title><link>https://x.example</link><description/>"
        return f'<rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


@dataclass(frozen=True)
class Measured:
    """Medians, of a warehouse of so many articles."""

    articles: int
    megabytes: float
    run: Cost
    publication: tuple[float, float, float]


def main() -> None:
    """Build, run, publish, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[300_000, 3_000_000])
    parser.add_argument("--new", type=int, default=12)
    parser.add_argument("--keep", type=Path, help="where warehouses are, or will be")
    add_record_option(parser)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = [
            _measure((args.keep or Path(folder)) / f"p{size}", size, args.new)
            for size in args.sizes
        ]
    publish_result(result(found, args.new), record=args.record)


def _measure(home: Path, size: int, new: int) -> Measured:
    data = home / "data"
    if not (data / PRIVATE_NAME).exists():
        polls = min(2 * size, POLLS)
        build(data, articles=size, named=3, years=3, polls=polls, end=datetime.now(UTC))
    outlets = Outlets(random.Random(size))
    with serving(outlets) as port:
        program = _program(home, port)
        # To count all stories anew, since outlets are called otherwise, is another matter.
        with writer(data, command="benchmark") as con:
            sync_feeds(con, load_config(load_settings(home)).feeds)
        costs = [_run(program, outlets, number, new) for number in range(WARM + REPEAT)]
    published = [_publish(data) for _ in range(WARM + REPEAT)]
    run = Cost(
        code=max(cost.code for cost in costs),
        wall=statistics.median(cost.wall for cost in costs[WARM:]),
        cpu=statistics.median(cost.cpu for cost in costs[WARM:]),
        peak_mb=statistics.median(cost.peak_mb for cost in costs[WARM:]),
        stdout=b"",
    )
    cpu, wall, written = map(statistics.median, zip(*published[WARM:], strict=True))
    megabytes = (data / PRIVATE_NAME).stat().st_size / 1e6
    return Measured(size, megabytes, run, (cpu, wall, written))


def _program(home: Path, port: int) -> Sinowire:
    urls = [f"http://127.0.0.1:{port}/{feed}" for feed in range(FEEDS)]
    kept = home.rename(home.with_suffix(".kept"))
    program = Sinowire(home, urls)
    (kept / "data").rename(home / "data")
    for file in kept.iterdir():
        file.unlink()
    kept.rmdir()
    return program


def _run(program: Sinowire, outlets: Outlets, number: int, new: int) -> Cost:
    outlets.write(number + time.time_ns(), new)
    time.sleep(REST + 1)
    cost = measure(program.command, env=program.env)
    if cost.code:
        raise SystemExit(f"run ended with {cost.code}; without --json it says why")
    done = json.loads(cost.stdout)
    sys.stderr.write(
        f"run: {done['new_articles']} new, {cost.cpu:.2f} s CPU, "
        f"{cost.wall:.2f} s wall, {cost.peak_mb:.0f} MB\n"
    )
    return cost


def _publish(data: Path) -> tuple[float, float, float]:
    """Return CPU and wall seconds of a publication, and the megabytes it wrote."""
    with writer(data, command="benchmark") as con, transaction(con):
        con.execute(TOUCH)
    time.sleep(REST + 1)
    clock, cpu, written = time.perf_counter(), time.process_time(), _written()
    publish(data)
    cost = (
        time.process_time() - cpu,
        time.perf_counter() - clock,
        (_written() - written) / 1e6,
    )
    sys.stderr.write("publish: {:.3f} s CPU, {:.3f} s wall, {:.1f} MB\n".format(*cost))
    return cost


def _written() -> int:
    """Return how many bytes this process has written, with every system call."""
    lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    return int(dict(line.split(": ") for line in lines)["wchar"])


@contextmanager
def serving(outlets: Outlets) -> Iterator[int]:
    """Serve the feeds on a port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = outlets.document(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()


def result(found: list[Measured], new: int) -> Result:
    """Return the table, and how much dearer the largest is than the smallest."""
    least, most = found[0], found[-1]
    slope = math.log(most.publication[0] / least.publication[0]) / math.log(
        most.articles / least.articles
    )
    return Result(
        name="publication",
        title=f"A run with {new} new articles, and its publication",
        summary=f"a run with {new} new articles costs {most.run.cpu / least.run.cpu:.2f} "
        f"times as much at {most.articles:,} articles as at {least.articles:,}; "
        f"publishing {1000 * most.publication[0]:.1f} ms of CPU beside "
        f"{1000 * least.publication[0]:.1f}, slope {slope:.2f}",
        code=("warehouse", "flows/steps"),
        tables=[
            Table(
                columns=[
                    *("articles", "MB", "run, CPU s", "wall s", "peak MB"),
                    *("publication, CPU ms", "wall ms", "MB written"),
                ],
                rows=[
                    [
                        *(m.articles, round(m.megabytes), m.run.cpu, m.run.wall),
                        round(m.run.peak_mb),
                        *(1000 * seconds for seconds in m.publication[:2]),
                        m.publication[2],
                    ]
                    for m in found
                ],
            )
        ],
        notes=[f"Medians of {REPEAT}.\n"],
    )


if __name__ == "__main__":
    main()
