"""What does committing a poll's articles cost, by size of the warehouse?

    python benchmarks/commit.py [--sizes 10000 300000 1000000] [--new 300] [--keep DIR]

The warehouses are those of ``views.py``, three years each. A batch is as a poll brings it:
headlines in two languages that name companies, published within the last hours, and a
tenth as many of the batch before in other words. It is opened, committed and closed as in
a run, five times with other articles; medians, CPU of both threads, and how often a commit
had to be made again with more memory.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import duckdb
from results import Result, Table, arguments
from results import publish as publish_result
from views import build

from flows.home import Config, load_config
from flows.settings import load_settings
from flows.steps.ingest.load import load_batch
from flows.steps.warehouse import open_writer
from transforms.articles.reader import ReadEntry
from transforms.models import Entry, Feed
from warehouse.errors import WarehouseCramped
from warehouse.file.connect import APPENDING, PRIVATE_NAME, REWRITING

NOW = datetime(2026, 7, 31, 4, tzinfo=UTC)
REPEAT = 5
LATIN = "opens cuts doubles plant revenue battery export model chip fund in Berlin Hangzhou"
HAN = "发布 新 模型 芯片 工厂 营收 增长 出口 电池 基金 合作 起诉 杭州 柏林 降价 裁员"
POLLS = 600_000


class Measured(NamedTuple):
    """Medians of a commit into a warehouse of so many articles."""

    articles: int
    megabytes: float
    cpu: float
    wall: float
    turn: float
    repeats: int


def main() -> None:
    """Build, commit, print."""
    parser = arguments(__doc__)
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[10_000, 300_000, 1_000_000]
    )
    parser.add_argument("--new", type=int, default=300)
    parser.add_argument("--keep", type=Path, help="where warehouses are, or will be")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = [
            measure((args.keep or Path(folder)) / f"w{size}", size, args.new)
            for size in args.sizes
        ]
    publish_result(result(found, args.new), record=args.record)


def measure(home: Path, size: int, new: int) -> Measured:
    """Return what commits into a warehouse of *size* articles cost."""
    config = load_config(load_settings(home))
    made = config.settings.data / PRIVATE_NAME
    if not made.exists():
        polls = min(2 * size, POLLS)
        build(config.settings.data, articles=size, named=3, years=3, polls=polls)
    chance = random.Random(size)
    costs = [
        commit(config, batch_of(config, chance, new, number))
        for number in range(REPEAT + 1)
    ]
    *columns, again = zip(*costs[1:], strict=True)
    cpu, wall, turn = map(statistics.median, columns)
    return Measured(size, made.stat().st_size / 1e6, cpu, wall, turn, sum(again))


def commit(config: Config, readings: list[ReadEntry]) -> tuple[float, float, float, int]:
    """Return CPU and wall seconds of a commit, CPU of its turn beside it, and repeats."""
    clock, cpu = time.perf_counter(), time.process_time()
    try:
        inside, repeats = _commit(config, readings, APPENDING), 0
    except WarehouseCramped:
        inside, repeats = _commit(config, readings, REWRITING), 1
    whole = time.process_time() - cpu
    return whole, time.perf_counter() - clock, whole - inside, repeats


def _commit(config: Config, readings: list[ReadEntry], memory: str) -> float:
    with open_writer(config.settings, "benchmark", memory=memory) as con:
        begun = time.process_time()
        load_batch(con, readings, config, run_id="b", now=NOW, silent=frozenset())
        return time.process_time() - begun


def batch_of(
    config: Config, chance: random.Random, new: int, number: int
) -> list[ReadEntry]:
    """Return *new* articles, and a tenth as many of the batch before, some reworded."""
    reader = config.reader
    fresh = [_entry(config, chance, f"{number}-{n}") for n in range(new)]
    again = [
        replace(_entry(config, chance, f"{number - 1}-{n}"), summary="In other words.")
        for n in range(new // 10 if number else 0)
    ]
    read = (reader.read([entry], _feed(entry), NOW) for entry in (*fresh, *again))
    return [_of_the_warehouse(reading) for [reading] in read]


def _of_the_warehouse(reading: ReadEntry) -> ReadEntry:
    """Return *reading* with one of the warehouse's 400 companies for each that it names."""
    mentions = [
        mention._replace(company_id=f"c{crc32(mention.company_id.encode()) % 400}")
        for mention in reading.found.mentions
    ]
    return replace(reading, found=reading.found._replace(mentions=mentions))


def _entry(config: Config, chance: random.Random, name: str) -> Entry:
    company = chance.choice(config.watchlist.companies)
    is_han = chance.random() < 0.5 and company.name_zh
    words = chance.sample((HAN if is_han else LATIN).split(), 5)
    title = (
        company.name_zh + "".join(words) if is_han else f"{company.name} {' '.join(words)}"
    )
    return Entry(
        guid=name,
        url=f"https://f{name.partition('-')[2]}.example/{name}",
        title=title,
        summary="Some words of a summary. " * 8,
        published_at=NOW - timedelta(minutes=chance.randrange(600)),
    )


def _feed(entry: Entry) -> Feed:
    feed = int(entry.guid.partition("-")[2]) % 150
    return Feed(feed_id=f"f{feed}", url=entry.url, publisher=f"Outlet {feed}")


def result(found: Sequence[Measured], new: int) -> Result:
    """Return the table, and how much dearer the largest is than the smallest."""
    least, most = found[0], found[-1]
    return Result(
        name="commit",
        title=f"Cost of committing {new} articles",
        summary=f"Committing {new} articles takes {most.cpu:.2f} s of CPU beside "
        f"{most.articles:,} and {least.cpu:.2f} s beside {least.articles:,}",
        code=("flows/steps/ingest", "warehouse", "transforms/stories"),
        tables=[
            Table(
                ["articles", "MB", "CPU s", "wall s", "of it to open and close", "repeats"],
                [[m.articles, round(m.megabytes), *m[2:]] for m in found],
            )
        ],
        notes=[f"Medians of {REPEAT}; DuckDB {duckdb.__version__}.\n"],
    )


if __name__ == "__main__":
    main()
