"""What does the desk cost beside a million articles: first views, cached pages, memory?

    python benchmarks/desk.py [--articles 1000000] [--rounds 5] [--seconds 5] [--keep DIR]

The warehouse is that of ``views.py``, with masks for searches. A first view is made of a
publication that was just opened, each round of another story or company; kept pages are
asked of ``sinowire web`` on loopback, by one reader and by fifty at once, from a loop of
ours that takes a core away from the desk.
"""

from __future__ import annotations

import asyncio
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
from measure import PATIENCE, resident, serving, tree
from results import ROOT, Result, Table, arguments
from results import publish as publish_result
from views import build

from flows.settings import Settings, load_settings
from flows.web.answers import Stop
from flows.web.asked import DeskAsk
from flows.web.maker import Maker
from flows.web.pages import PAGES
from flows.web.server import LOOPBACK, address_of, bound
from flows.web.shelf import Shelf
from warehouse.file.connect import PUBLISHED_NAME, REWRITING, open_published, writer
from warehouse.file.publish import publish
from warehouse.news.search import sign_articles

READERS = 50
FIRST = ("first view of", "CPU ms", "worst", "ms", "aim", "KB gzip", "requests")
ASKED_BY_ONE = 300
BY_PATH = {page.path: page for page in PAGES}
# What each round asks for; the words of a search are those that a headline of ours has.
STORIES = """
select story_id from stories
where last_published_at > (select max(published_at) from articles) - interval 20 hour
order by publishers desc, story_id limit $rounds
"""
WORDS = "select right(title, 32) from articles order by hash(seq) limit $rounds"
REQUEST = "GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n"


@dataclass(frozen=True)
class View:
    """A page: what it is called here, its route, and what each round asks of it."""

    name: str
    path: str
    places: Sequence[Mapping[str, str]] = ({},)
    queries: Sequence[Mapping[str, str]] = ({},)
    aim_ms: int | None = None


def main() -> None:
    """Build what is missing, look at every page, print."""
    parser = arguments(__doc__)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5, help="that fifty readers read")
    parser.add_argument("--keep", type=Path, help="a home to build once and use again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = options.keep or Path(folder)
        settings = load_settings(home)
        if not (settings.data / PUBLISHED_NAME).exists():
            prepare(settings.data, options.articles)
        result = measure(settings, rounds=options.rounds, seconds=options.seconds)
        publish_result(result, record=options.record)


def prepare(data: Path, articles: int) -> None:
    """Fill a warehouse in *data*, sign its articles and publish it."""
    data.mkdir(parents=True, exist_ok=True)
    build(data, articles=articles, named=3, years=3, polls=2 * articles)
    # A batch a transaction: a million in one is more than DuckDB takes.
    with writer(data, command="benchmark", memory=REWRITING) as con:
        sign_articles(con)
    publish(data)


def views(settings: Settings, rounds: int) -> list[View]:
    """Return the pages to look at, each with what its rounds ask for."""
    with open_published(settings.data / PUBLISHED_NAME) as con:
        stories = con.execute(STORIES, {"rounds": rounds}).fetchall()
        words = con.execute(WORDS, {"rounds": rounds}).fetchall()
        [(day,)] = con.execute("select max(day) - 40 from article_days").fetchall()
    told = [{"story_id": story_id} for (story_id,) in stories]
    named = [{"id": f"c{40 + at}"} for at in range(rounds)]
    topics = [{"id": f"t{at}"} for at in range(rounds)]
    rare = [{"q": word} for (word,) in words]
    return [
        View("today", "/", aim_ms=150),
        View("a past day", "/{day:day}", [{"day": str(day)}], aim_ms=1000),
        View("a story", "/stories/{story_id}", told, aim_ms=150),
        View("the company named most", "/companies/{id}", [{"id": "c0"}], aim_ms=300),
        View("a company", "/companies/{id}", named, aim_ms=300),
        View("a topic", "/topics/{id}", topics, aim_ms=300),
        View("search, a rare word", "/search", queries=rare, aim_ms=150),
        View(
            "search, words of all", "/search", queries=[{"q": "summary words"}], aim_ms=150
        ),
        View("trends, 7 days", "/trends", aim_ms=300),
        View("all companies", "/companies"),
        View("feeds", "/feeds"),
        View("alerts", "/alerts"),
    ]


def measure(settings: Settings, *, rounds: int, seconds: int) -> Result:
    """Return what every page costs at first, and how kept ones are served."""
    found = views(settings, rounds)
    rows: list[list[str | int | float]] = []
    worst: dict[str, float] = {}
    for view in found:
        # A desk that has run for a while has its templates and patterns compiled.
        first_view(settings, view, 0)
        costs = [first_view(settings, view, at) for at in range(rounds)]
        cpu = [cost[0] * 1e3 for cost in costs]
        body, packed = costs[-1][2], costs[-1][3]
        worst[view.name] = max(cpu)
        asked = requests_of(body)
        rows.append(
            [view.name, round(statistics.median(cpu)), round(max(cpu)),
             round(statistics.median(cost[1] for cost in costs) * 1e3),
             view.aim_ms or "", round(len(packed) / 1e3, 1), asked]
        )  # fmt: skip
        sys.stderr.write(f"{view.name:36} {max(cpu):7.0f} ms CPU\n")
    with bound(LOOPBACK, 0) as sock:
        address = address_of(sock)
    port = address.rpartition(":")[2]
    command = [sys.executable, "-m", "flows.console.cli", "web", "--port", port]
    env = {**os.environ, "SINOWIRE_HOME": str(settings.home), "PYTHONPATH": str(ROOT)}
    with serving(command, f"{address}/healthz", env=env) as desk:
        p50, p95, a_second, errors, mb = kept_pages(address, desk.pid, seconds)
    late = [v.name for v in found if v.aim_ms and worst[v.name] > v.aim_ms]
    return Result(
        name="desk",
        title="Cost of the desk, 1,000,000 articles",
        summary=f"first views: today {worst['today']:.0f} ms, a story "
        f"{worst['a story']:.0f}, a company {worst['a company']:.0f}, a search "
        f"{worst['search, a rare word']:.0f}; "
        f"cached pages {p95:.1f} ms, {a_second:,.0f} a second for fifty "
        f"readers with {errors} errors; {mb:.0f} MB",
        code=("flows/web", "transforms/pages", "warehouse"),
        tables=[
            Table(
                ["first view of", "CPU ms", "worst", "ms", "aim", "KB gzip", "requests"],
                rows,
            ),
            Table(
                columns=["cached pages", "", "aim"],
                rows=[
                    ["one reader, p50 ms", p50, ""],
                    ["one reader, p95 ms", p95, "10"],
                    [f"{READERS} readers, pages a second", round(a_second), "500"],
                    ["of these failed", errors, "0"],
                    ["process tree, MB (PSS)", round(mb), "400"],
                ],
            ),
        ],
        notes=[f"Above their aim: {', '.join(late) or 'none'}.\n"],
    )


def first_view(
    settings: Settings, view: View, at: int
) -> tuple[float, float, bytes, bytes]:
    """Make a page of a publication just opened; return CPU and clock, seconds, and it."""
    maker = Maker(settings, Shelf(settings))
    maker.shelf.current()
    place = view.places[at % len(view.places)]
    path = view.path.replace(":day}", "}").format(**place)
    ask = DeskAsk(path=path, place=place, query=view.queries[at % len(view.queries)])
    clock, cpu = time.perf_counter(), time.process_time()
    answer, _, _ = maker.make(BY_PATH[view.path], ask, Stop())
    cost = time.process_time() - cpu, time.perf_counter() - clock
    return *cost, answer.body, answer.packed


def requests_of(body: bytes) -> int:
    """Return how many requests there are before a browser paints."""
    return 1 + len(re.findall(rb'<link rel="stylesheet"|<img |<script src="[^"]*">', body))


def kept_pages(
    address: str, pid: int, seconds: int
) -> tuple[float, float, float, int, float]:
    """Ask for today's page again and again, as one reader and as fifty.

    Returns one reader's p50 and p95 (ms), pages a second of fifty, their errors, and MB.
    """
    took = []
    with httpx.Client(base_url=address, trust_env=False, timeout=PATIENCE) as client:
        for path in ("/", "/companies/c0", "/topics/t0", "/trends", "/search?q=summary"):
            client.get(path)
        for _ in range(ASKED_BY_ONE):
            start = time.perf_counter()
            client.get("/").raise_for_status()
            took.append((time.perf_counter() - start) * 1e3)
    count, errors = asyncio.run(by_loop(address, seconds))
    mb = sum(map(resident, tree(pid))) * 1024 / 1e6
    p95 = statistics.quantiles(took, n=20)[-1]
    return statistics.median(took), p95, count / seconds, errors, mb


async def by_loop(address: str, seconds: int) -> tuple[int, int]:
    """Return how many pages fifty readers got, and how many they did not."""
    host, port = address.removeprefix("http://").split(":")
    ends = time.perf_counter() + seconds
    counts = await asyncio.gather(*(_reader(host, port, ends) for _ in range(READERS)))
    return sum(good for good, _ in counts), sum(bad for _, bad in counts)


async def _reader(host: str, port: str, ends: float) -> tuple[int, int]:
    good = bad = 0
    into, out = await asyncio.open_connection(host, int(port))
    while time.perf_counter() < ends:
        out.write(REQUEST.format(path="/", host=f"{host}:{port}").encode())
        head = (await into.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = int(head.partition("content-length: ")[2].partition("\r\n")[0] or 0)
        await into.readexactly(length)
        good, bad = (good + 1, bad) if " 200 " in head[:15] else (good, bad + 1)
    out.close()
    return good, bad


if __name__ == "__main__":
    main()
