"""What a lake costs: commits, publications and upkeep, and what kills leave behind.

    python benchmarks/lake.py [--sizes 10000 1000000] [--commits 100] [--kills 20]
        [--keep DIR]

PostgreSQL is a throwaway one on this machine, without fsync, and the lake's folder is on
its disk. Each warehouse is one of ``views.py``, moved into an empty lake; then batches of
300 articles are committed as a poll's are (``commit.py``), each in a turn of its own, the
copy is published after every fourth, and after the last one upkeep is done. CPU and wall
are of our process; PostgreSQL's own are beside it.

Then a process that commits batch after batch is killed with -9 at random moments. After
each kill the next one has to have the turn at once, to find each batch that was told to be
in, whole and once, and to begin with the one that was not.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from commit import NOW, batch_of
from results import ROOT, Result, Table, add_record_option
from results import publish as publish_result
from views import build

from flows.home import Config, load_config
from flows.settings import load_settings
from flows.steps.ingest.batch import Batch
from flows.steps.ingest.load import load_batch
from flows.steps.published import published
from flows.steps.upkeep.move import Place, move
from flows.steps.warehouse import open_writer, publish, warehouse_of
from warehouse.file.connect import PRIVATE_NAME
from warehouse.upkeep.checks import run_checks

sys.path[:0] = [str(ROOT / "tests")]
from postgres import Postgres  # noqa: E402  the one that tests have

SIZES = [10_000, 1_000_000]
NEW = 300
OFTEN = 4  # commits between two publications
SOON = 2.0  # seconds in which the next one has to have the turn
OPENED = 3.0  # and those that it takes to open a lake
COUNTS = """
    select
        count(*),
        count(distinct seq),
        count(distinct article_id),
        coalesce(max(seq) - min(seq) + 1, 0)
    from articles
"""


@dataclass(frozen=True)
class Cost:
    """Seconds of our CPU and of the clock."""

    cpu: float
    wall: float


@dataclass(frozen=True)
class Measured:
    """What was found beside so many articles."""

    articles: int
    move: Cost
    commit: Cost
    publish: Cost
    upkeep: Cost
    figures: str


def main() -> None:
    """Measure, kill, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--commits", type=int, default=100)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--keep", type=Path, help="where warehouses are, or will be")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--victim", type=Path, help=argparse.SUPPRESS)
    add_record_option(parser)
    args = parser.parse_args()
    if args.victim:
        commit_for_ever(args.victim, args.seed)
    with tempfile.TemporaryDirectory() as folder, Postgres() as postgres:
        found = []
        for size in args.sizes:
            with lake_of(postgres, Path(folder), f"w{size}") as config:
                fill(config.settings.data, size, args.keep)
                found.append(measure(config, size, args.commits))
        with lake_of(postgres, Path(folder), "killed") as config:
            wrong = kill(config, args.kills, args.seed) if args.kills else []
    publish_result(result(found, args, wrong), record=args.record)
    sys.exit(bool(wrong))


@contextmanager
def lake_of(postgres: Postgres, folder: Path, name: str) -> Iterator[Config]:
    """Give a home a lake of that name, until another one has its own."""
    home, rows = folder / name, folder / f"{name}-rows"
    home.mkdir()
    rows.mkdir()
    os.environ["SINOWIRE_WAREHOUSE"] = f"ducklake:postgres:{postgres.make_database(name)}"
    os.environ["SINOWIRE_LAKE"] = str(rows)
    yield load_config(load_settings(home))


def fill(data: Path, size: int, keep: Path | None) -> None:
    """Put a warehouse of *size* articles into *data*: that of *keep*, built there once."""
    made = keep / f"w{size}" / "data" if keep else data
    if not (made / PRIVATE_NAME).exists():
        polls = min(2 * size, 600_000)
        build(made, articles=size, named=3, years=3, polls=polls)
    if keep:
        data.mkdir()
        shutil.copy(made / PRIVATE_NAME, data)


def measure(config: Config, size: int, commits: int) -> Measured:
    """Move *size* articles into the lake, and commit to it so often."""
    settings, chance = config.settings, random.Random(size)
    moved = cost(partial(move, settings, Place.lake))
    commit_costs, publish_costs = [], []
    for number in range(commits):
        batch = batch_of(config, chance, NEW, number)
        commit_costs.append(cost(partial(_commit, config, batch, number)))
        if number % OFTEN == OFTEN - 1:
            publish_costs.append(cost(partial(publish, settings)))
    figures: list[str] = []
    wait = settings.writer_wait_seconds
    kept = cost(lambda: figures.append(warehouse_of(settings).keep_in_order(wait=wait)))
    publish(settings)
    return Measured(
        size, moved, _median(commit_costs), _median(publish_costs), kept, figures[0]
    )


def kill(config: Config, kills: int, seed: int) -> list[str]:
    """Kill a process that commits so often; return what was wrong afterwards."""
    chance, wrong, told = random.Random(seed), [], 0
    for number in range(kills):
        told = _commit_until_killed(config, told, chance.uniform(0, 3))
        begun = time.perf_counter()
        with open_writer(config.settings, "benchmark") as con:
            waited = time.perf_counter() - begun
            [(rows, *others)] = con.execute(COUNTS).fetchall()
        problems = {
            f"the turn came after {waited:.1f} s": waited > OPENED + SOON,
            f"{rows} rows with {others} places, ids and span": others != [rows] * 3,
            f"{rows} rows after {told} batches": rows // NEW not in (told, told + 1),
            f"{rows} rows are half a batch too many": bool(rows % NEW),
        }
        wrong += [
            f"kill {number}: {told_of}" for told_of, is_so in problems.items() if is_so
        ]
    publish(config.settings)
    with published(config.settings) as con:
        wrong += [check.name for check in run_checks(con) if not check.ok]
    return wrong


def _commit_until_killed(config: Config, first: int, seconds: float) -> int:
    """Commit from batch *first* on in a process, killed so long after its first commit.

    Returns how many batches it said were in.
    """
    command = [sys.executable, __file__, "--victim", str(config.settings.home)]
    victim = subprocess.Popen(
        [*command, "--seed", str(first)], stdout=subprocess.PIPE, text=True
    )
    with victim:
        said = victim.stdout.readline() if victim.stdout else ""
        time.sleep(seconds)
        victim.send_signal(signal.SIGKILL)
        said += victim.stdout.read() if victim.stdout else ""
    return int(said.split()[-1])


def commit_for_ever(home: Path, first: int) -> None:
    """Commit batch after batch, and say after each how many are in."""
    config = load_config(load_settings(home))
    for number in range(first, 1_000_000):
        # The same batch has the same articles, whoever commits it.
        _commit(config, batch_of(config, random.Random(number), NEW, number), number)
        sys.stdout.write(f"{number + 1}\n")
        sys.stdout.flush()


def _commit(config: Config, batch: Batch, number: int) -> None:
    with open_writer(config.settings, "benchmark") as con:
        load_batch(con, batch, config, run_id=f"b{number}", now=NOW, silent=frozenset())


def cost(work: Callable[[], object]) -> Cost:
    """Return what *work* took."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return Cost(time.process_time() - cpu, time.perf_counter() - wall)


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(
        statistics.median(each.cpu for each in costs),
        statistics.median(each.wall for each in costs),
    )


def result(
    found: Sequence[Measured], args: argparse.Namespace, wrong: Sequence[str]
) -> Result:
    """Return the table of costs, and what kills left."""
    most = found[-1]
    outcome = "nothing lost, doubled or half written" if not wrong else "; ".join(wrong)
    is_usual = args.sizes == SIZES
    of_so_many = "" if is_usual else f" of {most.articles:,} articles"
    return Result(
        name="lake" if is_usual else f"lake-{most.articles}",
        title=f"A lake{of_so_many}: a commit of {NEW}, a publication, a night's upkeep",
        summary=f"In a lake of {most.articles:,} articles {NEW} more take "
        f"{most.commit.wall:.1f} s, and to publish {OFTEN} such commits "
        f"{most.publish.wall:.1f} s; {args.kills} kills: {outcome}",
        code=("warehouse/lake", "warehouse/dialect.py", "flows/steps/ingest"),
        tables=[
            Table(
                columns=["articles", "what", "CPU s", "wall s"],
                rows=[
                    [each.articles, what, spent.cpu, spent.wall]
                    for each in found
                    for what, spent in (
                        ("move it there, and publish", each.move),
                        (f"commit {NEW} articles, in a turn of its own", each.commit),
                        (f"publish {OFTEN} commits", each.publish),
                        (f"upkeep after {args.commits} commits", each.upkeep),
                    )
                ],
            )
        ],
        notes=[
            (
                f"Medians; PostgreSQL without fsync on the same machine; {outcome} after "
                f"{args.kills} kills.\n"
            ),
            *(f"{each.figures}.\n" for each in found),
        ],
    )


if __name__ == "__main__":
    main()
