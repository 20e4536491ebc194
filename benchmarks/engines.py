"""The same questions to DuckDB, SQLite and PostgreSQL, over the same rows.

    python benchmarks/engines.py [--data DIR] [--articles 1000000] [--postgres DSN]

Takes the warehouse that ``benchmarks/views.py --keep DIR`` built, else builds one. The
other two get its articles, mentions and groups with an index for each join and range,
and are analyzed. Each question is put once to warm up and five times to be timed, in
one text but for how an engine spells the calendar day; the answers must agree.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import duckdb
from views import build

from warehouse.file.connect import PUBLISHED_NAME, open_published

TIMES = 5
ROWS = 50_000
Rows = list[tuple[Any, ...]]
Ask = Callable[[str], Rows]

TABLES = {
    "articles": (
        "article_id text, story_id text, language text, publisher text, published bigint",
        """
            select article_id, story_id, language, publisher,
                epoch(published_at)::bigint as published
            from articles
            where not is_digest
        """,
    ),
    "mentions": (
        "article_id text, company_id text",
        """
            select article_id, company_id
            from mentions
            where field in ('title', 'summary')
        """,
    ),
    "company_groups": ("company_id text, group_id text", "from company_groups"),
}
INDEXES = """
create index articles_id on articles (article_id);
create index articles_published on articles (published);
create index articles_story on articles (story_id);
create index mentions_article on mentions (article_id, company_id);
create index mentions_company on mentions (company_id, article_id)
"""
# How each spells the day and the week of a moment, and a division without a rest.
CALENDAR = {
    "duckdb": {
        "day": "make_timestamp((published + 28800) * 1000000)::date",
        "week": "(published + 28800 - 345600) // 604800",
    },
    "sqlite": {
        "day": "date(published + 28800, 'unixepoch')",
        "week": "(published + 28800 - 345600) / 604800",
    },
    "postgres": {
        "day": "(to_timestamp(published + 28800) at time zone 'UTC')::date",
        "week": "(published + 28800 - 345600) / 604800",
    },
}
QUESTIONS = {
    "company days": """
        select {day} as day, company_id, count(*) as articles,
            count(distinct story_id) as stories, count(distinct publisher) as publishers
        from mentions join articles using (article_id)
        group by 1, 2
    """,
    "share of voice, every week": """
        with counted as (
            select {week} as week, group_id, count(distinct story_id) as stories
            from mentions
            join articles using (article_id)
            join company_groups using (company_id)
            group by 1, 2
        )
        select week, group_id, stories,
            stories * 1.0 / sum(stories) over (partition by week) as share
        from counted
    """,
    "movers, four weeks beside four": """
        select company_id,
            count(distinct case when published >= {until} - 28 * 86400 then story_id end),
            count(distinct case when published < {until} - 28 * 86400 then story_id end)
        from mentions join articles using (article_id)
        where published >= {until} - 56 * 86400
        group by company_id
    """,
    "co-mentions, all": """
        with named as (
            select distinct company_id, story_id
            from mentions join articles using (article_id)
        )
        select a.company_id, b.company_id, count(*) as stories
        from named as a
        join named as b on a.story_id = b.story_id and a.company_id < b.company_id
        group by 1, 2
        having count(*) >= 3
    """,
    "top stories of four weeks": """
        select story_id, count(distinct publisher) as publishers, count(*) as articles
        from articles
        where published >= {until} - 28 * 86400
        group by story_id
        order by publishers desc, articles desc, story_id
        limit 20
    """,
}


def main() -> None:
    """Load, ask, compare and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, help="a folder that views.py --keep filled")
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--postgres", help="postgresql://… of an empty database")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = args.data or Path(folder) / "data"
        if not (data / PUBLISHED_NAME).exists():
            build(data, articles=args.articles, named=3, polls=2 * args.articles)
        with open_published(data / PUBLISHED_NAME) as con:
            engines: dict[str, Ask] = {
                "sqlite": _sqlite(con, Path(folder) / "peer.sqlite"),
                **({"postgres": _postgres(con, args.postgres)} if args.postgres else {}),
            }
            engines = {"duckdb": _duckdb(con), **engines}
            compare(engines)
    if not args.postgres:
        print("\nPostgreSQL is absent: name an empty database with --postgres")


def compare(engines: dict[str, Ask]) -> None:
    """Put every question to every engine; print medians and their ratios."""
    [(articles, until)] = engines["duckdb"](
        "select count(*), max(published) + 1 from articles"
    )
    [(mentions,)] = engines["duckdb"]("select count(*) from mentions")
    print(
        f"\nduckdb {duckdb.__version__}, sqlite {sqlite3.sqlite_version}, "
        f"python {platform.python_version()}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}, {articles:,} articles, {mentions:,} mentions\n"
    )
    others = [name for name in engines if name != "duckdb"]
    print(f"| question | {' s | '.join(engines)} s | {' times | '.join(others)} times |")
    print(f"|---|{'---:|' * (len(engines) + len(others))}")
    for question, template in QUESTIONS.items():
        seconds, answers = {}, {}
        for name, ask in engines.items():
            sql = template.format(until=until, **CALENDAR[name])
            answers[name] = _plain(ask(sql))
            seconds[name] = statistics.median(_timed(ask, sql) for _ in range(TIMES))
        for name in others:
            if answers[name] != answers["duckdb"]:
                raise SystemExit(f"{name} answers otherwise: {question}")
        cells = [f"{seconds[name]:.3f}" for name in engines]
        cells += [f"{seconds[name] / seconds['duckdb']:.1f}" for name in others]
        print(f"| {question} | {' | '.join(cells)} |", flush=True)


def _timed(ask: Ask, sql: str) -> float:
    began = time.perf_counter()
    ask(sql)
    return time.perf_counter() - began


def _plain(rows: Rows) -> list[tuple[str, ...]]:
    """Return rows as any engine would print them, in one order."""
    return sorted(
        tuple(
            str(v) if isinstance(v, (str, int)) or hasattr(v, "year") else f"{float(v):.9f}"
            for v in row
        )
        for row in rows
    )


def _duckdb(con: duckdb.DuckDBPyConnection) -> Ask:
    """Ask the published file itself: nothing is copied, and there are no indexes."""
    for table in ("articles", "mentions"):
        select = TABLES[table][1].replace(f"from {table}", f"from sinowire.main.{table}")
        con.execute(f"create temp view {table} as {select}")
    return lambda sql: con.execute(sql).fetchall()


def _sqlite(con: duckdb.DuckDBPyConnection, file: Path) -> Ask:
    """Fill a SQLite file, with a gigabyte to keep it in memory."""
    peer = sqlite3.connect(file)
    peer.execute("pragma cache_size = -1000000")
    for table, (columns, select) in TABLES.items():
        peer.execute(f"create table {table} ({columns})")
        places = ", ".join("?" * len(columns.split(",")))
        for rows in _rows(con, select):
            peer.executemany(f"insert into {table} values ({places})", rows)
    for index in INDEXES.split(";"):
        peer.execute(index)
    peer.execute("analyze")
    peer.commit()
    return lambda sql: peer.execute(sql).fetchall()


def _postgres(con: duckdb.DuckDBPyConnection, dsn: str) -> Ask:
    """Fill an empty PostgreSQL database."""
    loop = asyncio.new_event_loop()

    async def fill() -> asyncpg.Connection:
        peer = await asyncpg.connect(dsn)
        for table, (columns, select) in TABLES.items():
            await peer.execute(f"create table {table} ({columns})")
            for rows in _rows(con, select):
                await peer.copy_records_to_table(table, records=rows)
        for index in INDEXES.split(";"):
            await peer.execute(index)
        await peer.execute("vacuum analyze")
        return peer

    peer = loop.run_until_complete(fill())
    return lambda sql: [tuple(row) for row in loop.run_until_complete(peer.fetch(sql))]


def _rows(con: duckdb.DuckDBPyConnection, select: str) -> Iterator[Rows]:
    cursor = con.execute(select)
    while rows := cursor.fetchmany(ROWS):
        yield rows


if __name__ == "__main__":
    main()
