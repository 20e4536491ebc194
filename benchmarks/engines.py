"""The same questions on the same rows in DuckDB, SQLite and PostgreSQL, in one run.

    python benchmarks/engines.py [--articles 1000000] [--keep DIR] [--record]

The rows are those of the warehouse that ``views.py`` builds: what is counted, headlines
and polls. SQLite and PostgreSQL get the indexes that one would give them for these
questions, and PostgreSQL its workers and statistics; DuckDB has neither keys nor indexes.
PostgreSQL is a cluster of its own in a temporary folder, as Debian installs it; it is left
out, with a word, where it is not. All must give the same rows. Wall seconds, medians of
three after one that warms up.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import date
from pathlib import Path

import duckdb
from results import Result, Table, add_record_option
from results import publish as publish_result
from views import build

from warehouse.file.connect import PUBLISHED_NAME

REPEAT = 3
PORT = 54331
# Column and type, which all three understand, and where it comes from.
TABLES = {
    "counted": (
        """kind varchar, subject_id varchar, article_id varchar, story_id varchar, day date,
        published bigint, language varchar, publisher varchar""",
        """select kind, subject_id, article_id, story_id, day, epoch_us(published_at),
        language, publisher from coverage""",
    ),
    "headlines": (
        "article_id varchar, title varchar, day date",
        "select article_id, title, published_at::date from articles",
    ),
    "polls": (
        "feed_id varchar, seq bigint, outcome varchar",
        "select feed_id, seq, outcome from feed_polls",
    ),
}
INDEXES = (
    "create index counted_kind_day on counted (kind, day)",
    "create index counted_article on counted (article_id)",
    "create index polls_feed on polls (feed_id, seq)",
    "analyze",
)
STORIES = "select subject_id, count(distinct story_id) from counted where kind = 'company'"
TOGETHER = """
select a.subject_id, b.subject_id, count(distinct a.story_id)
from counted as a
join counted as b on a.article_id = b.article_id
where a.kind = 'company' and a.day >= '{since}' and b.day >= '{since}'
"""
# {since} is twelve weeks ago.
QUESTIONS = {
    "stories of each company, 12 weeks": f"{STORIES} and day >= '{{since}}' group by 1",
    "stories of each company, all": f"{STORIES} group by 1",
    "stories of each company by day, 12 weeks": """
        select subject_id, day, count(distinct story_id) from counted
        where kind = 'company' and day >= '{since}' group by 1, 2
    """,
    "articles by outlet and language, all": """
        select publisher, language, count(*), count(distinct story_id) from counted
        where kind = 'article' group by 1, 2
    """,
    "companies named together, 12 weeks": f"""{TOGETHER}
        and b.kind = 'company' and a.subject_id < b.subject_id group by 1, 2
    """,
    "companies by topic, 12 weeks": f"{TOGETHER} and b.kind = 'topic' group by 1, 2",
    "how long stories were told, all": """
        select count(*), max(told) from (
            select story_id, max(published) - min(published) as told
            from counted where kind = 'article' group by story_id
            having count(*) >= 4 and count(distinct publisher) >= 2
        ) as spread
    """,
    "a rare word in headlines": """
        select article_id from headlines where title like '%c4ca4238a0b923820dcc509a%'
    """,
    "polls by feed and outcome": """
        select feed_id, outcome, count(*), max(seq) from polls group by 1, 2
    """,
}

Ask = Callable[[str], tuple[float, list[str]]]


def main() -> None:
    """Build, load, ask, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--polls", type=int, default=2_000_000)
    parser.add_argument("--keep", type=Path, help="where a warehouse is, or will be")
    add_record_option(parser)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        data = args.keep or Path(folder) / "data"
        if not (data / PUBLISHED_NAME).exists():
            build(data, articles=args.articles, named=3, years=3, polls=args.polls)
        # PostgreSQL is another user, and must reach what it is to read.
        Path(folder).chmod(0o755)
        since, files = exported(data, Path(folder))
        engines: dict[str, Ask] = {"DuckDB": stack.enter_context(duck(files, Path(folder)))}
        engines["SQLite"] = stack.enter_context(lite(files, Path(folder)))
        if shutil.which("psql") and list(Path("/usr/lib/postgresql").glob("*/bin")):
            engines["PostgreSQL"] = stack.enter_context(postgres(files, Path(folder)))
        else:
            sys.stderr.write("PostgreSQL is not installed (apt: postgresql): left out\n")
        costs = {
            question: measure(" ".join(sql.format(since=since).split()), engines)
            for question, sql in QUESTIONS.items()
        }
    publish_result(result(costs, args.articles), record=args.record)


def measure(sql: str, engines: dict[str, Ask]) -> dict[str, float]:
    """Return the median seconds of each engine, asked in turn; all must say the same."""
    spent: dict[str, list[float]] = {name: [] for name in engines}
    for number in range(REPEAT + 1):
        said = {}
        for name, ask in engines.items():
            seconds, said[name] = ask(sql)
            if number:
                spent[name].append(seconds)
        first = said["DuckDB"]
        if differing := [name for name, rows in said.items() if rows != first]:
            raise SystemExit(f"{', '.join(differing)} and DuckDB do not agree on: {sql}")
    for name, seconds_of in spent.items():
        sys.stderr.write(f"{name:12}{statistics.median(seconds_of):9.3f} s  {sql[:70]}\n")
    return {name: statistics.median(seconds_of) for name, seconds_of in spent.items()}


def exported(data: Path, folder: Path) -> tuple[date, dict[str, Path]]:
    """Write the rows of each table as CSV; return the first of the last days, and where."""
    files = {table: folder / f"{table}.csv" for table in TABLES}
    # Not as readers open it: that connection may write no file.
    with duckdb.connect(data / PUBLISHED_NAME, read_only=True) as con:
        [(since,)] = con.execute("select max(day) - 83 from coverage").fetchall()
        for table, (_, query) in TABLES.items():
            con.execute(f"copy ({query}) to '{files[table]}' (header false)")
    return since, files


@contextmanager
def duck(files: dict[str, Path], folder: Path) -> Iterator[Ask]:
    """Load the rows into a DuckDB file; yield what asks it."""
    with duckdb.connect(folder / "engine.duckdb") as con:
        for table, (columns, _) in TABLES.items():
            con.execute(f"create table {table} ({columns})")
            # Not guessed: the first rows have no quotes.
            options = "header false, delimiter ',', quote '\"', escape '\"'"
            con.execute(f"copy {table} from '{files[table]}' ({options})")
        con.execute("checkpoint")
        yield lambda sql: timed(lambda: con.execute(sql).fetchall())


@contextmanager
def lite(files: dict[str, Path], folder: Path) -> Iterator[Ask]:
    """Load the rows into an SQLite file; yield what asks it."""
    with closing(sqlite3.connect(folder / "engine.sqlite")) as con:
        con.execute("pragma journal_mode = off")
        con.execute("pragma cache_size = -1000000")
        for table, (columns, _) in TABLES.items():
            con.execute(f"create table {table} ({columns})")
            marks = ", ".join("?" * (columns.count(",") + 1))
            with files[table].open(encoding="utf-8", newline="") as rows:
                con.executemany(f"insert into {table} values ({marks})", csv.reader(rows))
        for statement in INDEXES:
            con.execute(statement)
        con.commit()
        yield lambda sql: timed(lambda: con.execute(sql).fetchall())


@contextmanager
def postgres(files: dict[str, Path], folder: Path) -> Iterator[Ask]:
    """Load the rows into a PostgreSQL cluster of its own; yield what asks it."""
    home = folder / "postgres"
    home.mkdir()
    shutil.chown(home, "postgres")
    tools = max(Path("/usr/lib/postgresql").glob("*/bin"))

    def run(tool: str, *options: str) -> None:
        command = [str(tools / tool), "-D", str(home / "data"), *options]
        subprocess.run(command, user="postgres", check=True, stdout=subprocess.DEVNULL)

    settings = (
        f"-p {PORT} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home} "
        "-c shared_buffers=1GB -c work_mem=256MB -c fsync=off -c max_wal_size=8GB"
    )
    run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8")
    run("pg_ctl", "-w", "-l", str(home / "log"), "-o", settings, "start")
    try:
        for table, (columns, _) in TABLES.items():
            psql(f"create unlogged table {table} ({columns})")
            psql(f"\\copy {table} from '{files[table]}' with (format csv)")
        for statement in (*INDEXES, "vacuum"):
            psql(statement)
        yield ask_postgres
    finally:
        run("pg_ctl", "-m", "fast", "-w", "stop")


def ask_postgres(sql: str) -> tuple[float, list[str]]:
    """Return the seconds that PostgreSQL took, by its own client, and the rows."""
    *lines, said = psql("\\timing on", sql).splitlines()
    [milliseconds] = re.findall(r"Time: ([\d.]+) ms", said)
    rows = [line for line in lines if line != "Timing is on."]
    return float(milliseconds) / 1000, sorted(rows)


def psql(*commands: str) -> str:
    """Return what PostgreSQL's client prints."""
    url = f"host=127.0.0.1 port={PORT} user=postgres dbname=postgres"
    options = [part for command in commands for part in ("-c", command)]
    return subprocess.run(
        ["psql", url, "-qAtX", "-v", "ON_ERROR_STOP=1", *options],
        check=True,
        text=True,
        stdout=subprocess.PIPE,
        env={"PATH": os.environ["PATH"]},
    ).stdout


def timed(work: Callable[[], Iterable[tuple[object, ...]]]) -> tuple[float, list[str]]:
    """Return how long *work* took, and its rows as ``psql`` prints them."""
    begun = time.perf_counter()
    rows = work()
    seconds = time.perf_counter() - begun
    return seconds, sorted("|".join(map(str, row)) for row in rows)


def result(costs: dict[str, dict[str, float]], articles: int) -> Result:
    """Return the table, with how many times as long the others took."""
    others = [name for name in next(iter(costs.values())) if name != "DuckDB"]
    ratios = {
        name: {question: each[name] / each["DuckDB"] for question, each in costs.items()}
        for name in others
    }
    said = ", ".join(
        f"{name} {min(of.values()):.0f} to {max(of.values()):.0f} times"
        for name, of in ratios.items()
    )
    versions = f"DuckDB {duckdb.__version__}, SQLite {sqlite3.sqlite_version}"
    return Result(
        name="engines",
        title="The same questions in other engines",
        summary=f"On {articles:,} articles, as long as DuckDB: {said}",
        code=("warehouse/sql",),
        tables=[
            Table(
                columns=["question", "DuckDB, s", *(f"{name}, times" for name in others)],
                rows=[
                    [
                        question,
                        f"{each['DuckDB']:.3f}",
                        *(f"{ratios[name][question]:.1f}" for name in others),
                    ]
                    for question, each in costs.items()
                ],
            )
        ],
        notes=[f"Medians of {REPEAT}; {versions}.\n"],
    )


if __name__ == "__main__":
    main()
