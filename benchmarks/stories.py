"""What story assignment costs: CPU, wall time and peak memory.

    python benchmarks/stories.py [--articles 30000] [--headlines FILE.jsonl[.gz]]

Two loads of invented headlines from few words, so that thousands share each key: a
first poll (nothing known, batches of 3,000) and a typical one (300 new articles beside
those). --headlines adds a file of real ones: JSON lines with ``title``, ``published``
(or ``first_seen``) and ``lang``, in batches of 300 and of 3,000. Each load runs in a
process of its own; reading, tagging and appending are not counted.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import multiprocessing
import platform
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from flows.steps.ingest.stories import find_stories
from transforms.models import Article
from transforms.stories import story_keys
from warehouse.articles import append_articles
from warehouse.file.connect import transaction, writer
from warehouse.stories import refresh_stories

BATCH, SMALL = 3_000, 300
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def main() -> None:
    """Run the loads and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=int, default=30_000)
    parser.add_argument("--headlines", type=Path)
    args = parser.parse_args()
    print(f"Python {platform.python_version()}\n")
    print("| load | articles | CPU s | wall s | CPU s per 1,000 | MB at most | more MB |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    loads = [("first", None, args.articles, BATCH), ("typical", None, args.articles, SMALL)]
    if args.headlines:
        loads += [("real", args.headlines, args.articles, n) for n in (BATCH, SMALL)]
    for load in loads:
        # Not forked: what one load leaves in memory would count for the next.
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            print(pool.apply(run, load), flush=True)


def run(name: str, file: Path | None, count: int, size: int) -> str:
    """Return the row of one load."""
    titles = _read(file) if file else _invented()
    articles = [article for article, _ in zip(titles, range(count + SMALL), strict=False)]
    known = count if name == "typical" else 0
    new = articles[known : known + (SMALL if known else count)]
    with tempfile.TemporaryDirectory() as folder:
        with writer(Path(folder) / "data", command="benchmark") as con:
            for start in range(0, known, BATCH):
                batch = articles[start : min(start + BATCH, known)]
                _append(con, [replace(a, story_id=f"s{a.article_id}") for a in batch])
        with writer(Path(folder) / "data", command="benchmark") as con:
            before, seconds, wall = _peak(), 0.0, 0.0
            for start in range(0, len(new), size):
                batch = new[start : start + size]
                began, clock = time.process_time(), time.perf_counter()
                stories = find_stories(con, batch, {}).stories
                seconds += time.process_time() - began
                wall += time.perf_counter() - clock
                _append(con, [replace(a, story_id=stories[a.article_id]) for a in batch])
    label = f"{name}, batches of {size}"
    return (
        f"| {label} | {len(new)} | {seconds:.2f} | {wall:.2f} "
        f"| {seconds / len(new) * 1000:.3f} | {_peak():.0f} | {_peak() - before:.0f} |"
    )


def _append(con: duckdb.DuckDBPyConnection, articles: list[Article]) -> None:
    with transaction(con):
        append_articles(con, articles)
        refresh_stories(con, {article.story_id for article in articles}, "benchmark")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def _invented() -> Iterator[Article]:
    """Make headlines of nine words out of three hundred, two in five of them Chinese."""
    dice = random.Random(1)
    latin = ["".join(dice.choices("bcdfglmnprst", k=3)) + "a" * (n % 3) for n in range(300)]
    han = ["".join(map(chr, dice.sample(range(0x4E00, 0x5200), 2))) for _ in range(230)]
    number = 0
    while True:
        is_chinese = dice.random() < 0.4
        words = dice.choices(han, k=8) if is_chinese else dice.choices(latin, k=9)
        title = ("" if is_chinese else " ").join(words)
        at = NOON + timedelta(seconds=dice.randrange(30_000))
        yield _article(title, at, "zh" if is_chinese else "en", number)
        number += 1


def _read(file: Path) -> Iterator[Article]:
    opener = gzip.open if file.suffix == ".gz" else open
    with opener(file, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            row = json.loads(line)
            at = datetime.fromisoformat(row.get("published") or row["first_seen"])
            at = at if at.tzinfo else at.replace(tzinfo=UTC)
            yield _article(row["title"], at, row.get("lang", ""), number)


def _article(title: str, at: datetime, language: str, number: int) -> Article:
    return Article(
        article_id=hashlib.sha256(str(number).encode()).hexdigest()[:20],
        feed_id="benchmark",
        url=f"https://outlet.example/{number}",
        title=title,
        summary="",
        content=None,
        language=language,
        script="latin",
        is_digest=False,
        publisher="Outlet",
        authors=(),
        published_at=at,
        published_raw="",
        published_from="published",
        first_seen_at=at,
        content_hash=str(number),
        search_text="",
        story_keys=story_keys(title),
    )


if __name__ == "__main__":
    main()
