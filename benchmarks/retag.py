"""How long `sinowire retag` takes on many articles.

    python benchmarks/retag.py [--articles 100000] [--keep DIR]

Fills a home with invented headlines and summaries in two languages that name companies
of the shipped watchlist, then measures a first retag, a dry run, and another retag.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from flows.home import Config, load_config
from flows.settings import load_settings
from flows.steps.retag import Retagged, retag
from warehouse.file.connect import PRIVATE_NAME, REWRITING, transaction, writer
from warehouse.file.publish import publish

# As many different texts as keep a cache from helping, and few enough to make at once.
TEXTS = 20_000
ENGLISH = """
opens plant raises money says shares fall after report chips battery export model
launch robot phone lawsuit regulator cloud data centre electric cars quarter profit
supplier deal investor factory Europe market rival price cut software update
"""
CHINESE = """
发布 新品 机器人 大模型 芯片 融资 上市 工厂 出海 欧洲 市场 降价 财报 利润 增长 合作 监管
汽车 电池 手机 数据 中心 云 服务 用户 投资 供应链 回应 起诉 新能源 智能 驾驶 公司 宣布
"""
FILL = """
insert into articles by name
select
    md5(i::varchar)[:20] as article_id,
    i + 1 as seq,
    'r0' as run_id,
    'https://f.example/' || i as url,
    title || ' ' || i as title,
    summary,
    if(i % 20 = 0, repeat(summary || ' ', 8), null) as content,
    language,
    if(language = 'zh', 'hans', 'latin') as script,
    i % 50 = 0 as is_digest,
    'Outlet ' || (i % 150) as publisher,
    'f' || (i % 150) as feed_id,
    []::varchar[] as authors,
    timestamptz '2025-08-01 00:00:00+00' + to_seconds(
        i * (31536000 // $articles)
    ) as published_at,
    '' as published_raw,
    'published' as published_from,
    published_at as first_seen_at,
    's' || md5((i // 3)::varchar)[:20] as story_id,
    [] as story_keys,
    '' as content_hash,
    lower(title) as search_text
from range($articles) as numbers (i)
join texts on texts.n = (hash(i) % $texts)
"""


def main() -> None:
    """Fill, retag, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    print(
        f"duckdb {duckdb.__version__}, python {platform.python_version()}, "
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    with tempfile.TemporaryDirectory() as folder:
        home = options.keep or Path(folder)
        home.mkdir(exist_ok=True)
        config = load_config(load_settings(home))
        if not (config.settings.data / PRIVATE_NAME).exists():
            fill(config, options.articles)
        measure(config)


def fill(config: Config, articles: int) -> None:
    """Write *articles* rows."""
    names = [a.text for a in config.watchlist.aliases if a.kind != "ticker"]
    draw = random.Random(1)
    texts = [(n, *text(draw, names)) for n in range(TEXTS)]
    data = config.settings.data
    with writer(data, command="benchmark", memory=REWRITING) as con, transaction(con):
        con.execute(
            "create temp table texts (n bigint, language text, title text, summary text)"
        )
        for start in range(0, TEXTS, 1000):
            part = texts[start : start + 1000]
            marks = ", ".join(["(?, ?, ?, ?)"] * len(part))
            con.execute(
                f"insert into texts values {marks}", [v for row in part for v in row]
            )
        con.execute(FILL, {"articles": articles, "texts": TEXTS})


def text(draw: random.Random, names: list[str]) -> tuple[str, str, str]:
    """Return language, headline and summary: two in three name a company."""
    chinese = draw.random() < 0.5
    source, joint = (CHINESE, "") if chinese else (ENGLISH, " ")
    words = source.split()
    named = [n for n in draw.choices(names, k=4) if n.isascii() != chinese]
    title = joint.join(draw.sample([*named[:1], *draw.choices(words, k=8)], k=8))
    summary = joint.join(draw.sample([*named, *draw.choices(words, k=28)], k=26))
    return "zh" if chinese else "en", title, summary


def measure(config: Config) -> None:
    """Print the seconds of each way to retag."""
    line("first retag", config, lambda: run(config, dry_run=False))
    line("retag --dry-run", config, lambda: run(config, dry_run=True))
    line("retag", config, lambda: run(config, dry_run=False))
    start = time.perf_counter()
    publish(config.settings.data)
    print(f"{'publish':20} {time.perf_counter() - start:8.1f} s")


def run(config: Config, *, dry_run: bool) -> Retagged:
    """Retag with nobody listening."""
    return retag(config, dry_run=dry_run, report=print, progress=lambda _: None)


def line(name: str, config: Config, work: Callable[[], Retagged]) -> None:
    """Print one row: by the clock, CPU of all processes, most memory of this one."""
    start, cpu = time.perf_counter(), cpu_seconds()
    made = work()
    seconds, cpu = time.perf_counter() - start, cpu_seconds() - cpu
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    findings, _ = made.sentences(dry_run=False)
    size = (config.settings.data / PRIVATE_NAME).stat().st_size / 1e6
    print(
        f"{name:20} {seconds:7.1f} s {cpu:7.1f} s CPU {made.articles / seconds:7.0f}/s "
        f"{own:6.0f} MB, file {size:.0f} MB; {findings}",
        flush=True,
    )


def cpu_seconds() -> float:
    """Return what this process and its workers that ended have used."""
    return sum(os.times()[:4])


if __name__ == "__main__":
    main()
