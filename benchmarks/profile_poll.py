"""What one entry costs on its way from the socket into the warehouse, step by step.

    python benchmarks/profile_poll.py [--feeds 200] [--load DIR] [--record]

The load's feeds of 30 entries are polled as ``sinowire run`` does, first with nothing
known and then with three new entries in a tenth of the feeds, but all in one process: a
parser answers where it is asked, and its messages are still packed and unpacked. Each
step's CPU seconds leave out those of the steps within it; what no step accounts for
(the event loop, sockets, what DuckDB does in threads of its own) is the last row.

A second table has the floor: what the same entries cost feedparser alone, which a reader
that asks it for every document cannot go below.
"""

from __future__ import annotations

import argparse
import functools
import io
import pickle
import tempfile
import threading
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import feedparser
from poll import CALM, LOAD, control, serving
from results import Cell, Result, Table, add_record_option, publish

from connectors.feeds.poll.workers.process import answer_in_time
from flows.home import Config, load_config
from flows.settings import load_settings
from flows.steps.cycle import run

PER_FEED = 30
REST = "the rest: loop, sockets, second threads"
# Feeds that feedparser reads whole, for the floor.
FLOOR_FEEDS = 50
FLOORS: dict[str, dict[str, bool]] = {
    "as it comes": {},
    "without its sanitiser and links": {
        "sanitize_html": False,
        "resolve_relative_uris": False,
    },
}
TRIED = """\
A first poll of 1,000 feeds costs more CPU an entry than one of 200: each batch is compared
with all headlines of three days. Tried, and not taken:

- trying a pattern of a topic only where its first literals stand: Python's engine leaps
  from one to the next as fast, and tagging costs what it did;
- a checkpoint at 64 MB of log in place of DuckDB's 16: 20 commits of 1,500 articles took
  36.9 CPU seconds either way, side by side in one kept turn, and 18 MB more;
- no look for cycles during a commit: 26.2 CPU seconds of 16 commits in place of 26.0;
- automata with tables of all steps: of the four large ones two are slower, two a quarter
  faster at most, and all take 79 MB more.
"""
POOL = "connectors.feeds.poll.workers.pool.ParserPool"


class Step(NamedTuple):
    """A step by name, and what it calls: functions where they are looked up."""

    name: str
    calls: tuple[str, ...]


STEPS = (
    Step("keep the raw document", ("flows.steps.ingest.ingest._kept",)),
    Step("split and parse", ("connectors.feeds.poll.workers.process.parse_document",)),
    Step("normalize", ("transforms.articles.reader.normalize",)),
    Step("keys of stories", ("transforms.articles.normalize.story_keys",)),
    Step("is it a round-up", ("transforms.articles.normalize.is_digest",)),
    Step("tag: fold", ("transforms.tagging.tag.read_document",)),
    Step("tag: names", ("transforms.tagging.tag.mentions_in",)),
    Step("tag: topics and events", ("transforms.tagging.tag.tags_in",)),
    Step("tag: people", ("transforms.tagging.tag.people_in",)),
    Step(
        "tag: relevance", ("transforms.tagging.tag.gather", "transforms.tagging.tag.score")
    ),
    Step("facts of the headline", ("transforms.articles.reader.read_headline",)),
    Step("compile the watchlist", ("transforms.articles.reader.compile_tagger",)),
    Step("pipe", ("pickle.dumps", "pickle.loads")),
    Step("known and changed", ("flows.steps.ingest.load.split",)),
    Step("stories: candidates", ("flows.steps.ingest.stories.recent_headlines",)),
    Step(
        "stories: compare",
        (
            "flows.steps.ingest.load.find_stories",
            "flows.steps.ingest.stories.assign_stories",
        ),
    ),
    Step("stories: rows", ("warehouse.news.stories.refresh_stories",)),
    Step("affairs", ("flows.steps.ingest.load.refresh_affairs",)),
    Step(
        "rows and insert",
        ("flows.steps.ingest.load._append", "warehouse.news.articles.append_versions"),
    ),
    Step(
        "alerts",
        (
            "flows.steps.ingest.load.alerts_of",
            "flows.steps.ingest.load.corrections_of",
            "flows.steps.ingest.load.put_out",
        ),
    ),
    Step("polls and cursors", ("warehouse.feeds.record_polls",)),
    Step("open, commit, checkpoint", ("flows.steps.ingest.ingest._load",)),
    Step("begin: files, feeds, watchlist", ("flows.steps.cycle.begin",)),
    Step(
        "trends and what is watched",
        ("flows.steps.cycle.refresh_trends", "flows.steps.cycle.watch"),
    ),
    Step("publication", ("flows.steps.cycle.publish_pass",)),
)


class Meter:
    """CPU seconds and calls by step; a step within another counts for itself alone."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._open = threading.local()

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return *function*, its CPU seconds noted under *name*."""

        @functools.wraps(function)
        def call(*args: Any, **named: Any) -> Any:
            stack: list[float] = self._open.__dict__.setdefault("within", [])
            stack.append(0.0)
            began = time.thread_time()
            try:
                return function(*args, **named)
            finally:
                took = time.thread_time() - began
                self.seconds[name] += took - stack.pop()
                if stack:
                    stack[-1] += took

        return call


def main() -> None:
    """Poll twice and print where the time went."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--load", type=Path, default=LOAD)
    add_record_option(parser)
    args = parser.parse_args()
    if not args.load.is_dir():
        raise SystemExit(f"no load at {args.load}; name it with --load")
    with tempfile.TemporaryDirectory() as work, serving(args.load, args.feeds):
        control(CALM)
        config = _configured(Path(work), control("urls").split())
        bodies = _bodies(control("urls").split()[:FLOOR_FEEDS])
        floors = {name: _floor(bodies, **how) for name, how in FLOORS.items()}
        first = _polled(config)
        control("bump?frac=0.1")
        typical = _polled(load_config(config.settings))
    publish(result(first, typical, floors, args.feeds), record=args.record)


class Cost(NamedTuple):
    """CPU seconds by step, with those of the whole pass, and how many entries it read."""

    seconds: dict[str, float]
    entries: int


def _polled(config: Config) -> Cost:
    """Make one pass with every step timed."""
    meter = Meter()
    with ExitStack() as patched:
        for step in STEPS:
            for call in step.calls:
                timed = meter.timed(step.name, _at(call))
                patched.enter_context(patch(call, timed))
        patched.enter_context(patch(f"{POOL}._answer", _answer_here(config)))
        began = time.process_time()
        done = run(config, report=_quiet, progress=_quiet)
        whole = time.process_time() - began
    rest = whole - sum(meter.seconds.values())
    return Cost({**meter.seconds, REST: rest, "all": whole}, done.new_articles)


def _bodies(urls: Sequence[str]) -> list[bytes]:
    bodies = []
    for url in urls:
        with urllib.request.urlopen(url, timeout=30) as answer:
            bodies.append(answer.read())
    return bodies


def _floor(bodies: Sequence[bytes], **how: bool) -> float:
    """Return the CPU seconds an entry that feedparser takes for *bodies*."""
    began = time.process_time()
    entries = sum(len(feedparser.parse(io.BytesIO(body), **how).entries) for body in bodies)
    return (time.process_time() - began) / entries


def _answer_here(config: Config) -> Callable[..., Any]:
    async def answer(_pool: object, request: object) -> Any:
        sent = pickle.loads(pickle.dumps(request, pickle.HIGHEST_PROTOCOL))
        made = answer_in_time(sent, config.reader)
        answered = pickle.loads(pickle.dumps(made, pickle.HIGHEST_PROTOCOL))
        if isinstance(answered, Exception):
            raise answered
        return answered

    return answer


def _at(path: str) -> Any:
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)


def _configured(home: Path, urls: Sequence[str]) -> Config:
    feeds = (
        f'[feed.f{i}]\nurl = "{url}"\npublisher = "Outlet {i}"\n'
        for i, url in enumerate(urls)
    )
    (home / "feeds.toml").write_text("\n".join(feeds), encoding="utf-8")
    (home / "sinowire.toml").write_text(
        # One process reads and answers: on a busy machine an answer waits for long.
        'allow_private_addresses = "127.0.0.0/8"\ntimeout_seconds = 300\n',
        encoding="utf-8",
    )
    return load_config(load_settings(home)).check()


def result(first: Cost, typical: Cost, floors: Mapping[str, float], feeds: int) -> Result:
    """Return a row a step, of both passes, and the floors."""
    names = [*(step.name for step in STEPS), REST, "all"]
    rows: list[list[Cell]] = [
        [
            name,
            *(
                round(1e6 * cost.seconds.get(name, 0.0) / count)
                for cost in (first, typical)
                for count in (cost.entries, feeds)
            ),
            f"{100 * first.seconds.get(name, 0.0) / first.seconds['all']:.1f}",
        ]
        for name in names
    ]
    an_entry = rows[-1][1]
    return Result(
        name="profile_poll",
        title="Where an entry's time goes",
        summary=f"an entry costs {an_entry:,} µs of a first poll, from the socket into "
        f"the warehouse; a feed {rows[-1][4]:,} µs of a typical one",
        code=("connectors", "flows/steps", "transforms", "warehouse", "watchlist.toml"),
        tables=[
            Table(
                columns=[
                    "µs of CPU",
                    "first: an entry",
                    "first: a feed",
                    "typical: a new entry",
                    "typical: a feed",
                    "% of a first poll",
                ],
                rows=rows,
            ),
            Table(
                columns=["feedparser alone, µs of CPU", "an entry"],
                rows=[[name, round(1e6 * cost)] for name, cost in floors.items()],
            ),
        ],
        notes=[f"{feeds:,} feeds of {PER_FEED} entries, all in one process.\n", TRIED],
    )


def _quiet(_: str) -> None:
    return


if __name__ == "__main__":
    main()
