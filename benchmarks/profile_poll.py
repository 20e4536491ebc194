"""Which step of a poll takes how much CPU, from the socket into the warehouse?

    python benchmarks/profile_poll.py [--feeds 200] [--load DIR] [--record]

The load's feeds of 30 entries are polled as ``sinowire run`` does, first with nothing known
and then with three new entries in a tenth of the feeds, but all in one process, which looks
for cycles as seldom as the command does. A step's CPU seconds leave out those of the steps
within it; what no step accounts for (the event loop, sockets, what DuckDB does in threads
of its own) is the last row but one. It tells where to look; what a poll costs tells
poll.py.
"""

from __future__ import annotations

import functools
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from pkgutil import resolve_name
from typing import Any
from unittest.mock import patch

from poll import CALM, LOAD, control, serving, sinowire
from results import Cell, Result, Table, arguments, publish

import flows.console  # noqa: F401  it sets how seldom cycles are looked for
from connectors.errors import FeedError
from connectors.feeds.poll.parser_process import answer_in_time
from connectors.feeds.poll.pool import ParserPool
from flows.home import Config, load_config
from flows.settings import load_settings
from flows.steps.cycle import run

REST = "the rest: loop, sockets, second threads"
# By name, the functions of a step where they are looked up.
STEPS = {
    "split and parse": "connectors.feeds.poll.parser_process:parse_document",
    "normalize": "transforms.articles.normalize:normalize",
    "tag: fold": "transforms.names.tagging:read_document",
    "tag: names": "transforms.names.tagging:mentions_in",
    "tag: early rejection": "transforms.names.tagging:_without_topics",
    "tag: topics and events": "transforms.names.tagging:tags_in",
    "tag: people": "transforms.names.tagging:people_in",
    "tag: measures": "transforms.names.tagging:read_measure",
    "tag: claims": "transforms.claims.read:ClaimReader.read",
    "tag: relevance": "transforms.names.tagging:gather transforms.names.tagging:score",
    "tag: weight and score": "transforms.names.tagging:_weighed",
    "facts of the headline": "transforms.headlines.facts:read_headline",
    "keys of stories": "transforms.articles.reader:keys_of",
    "keep the raw document": "flows.steps.ingest.ingest:keep_document",
    "known and changed": "flows.steps.ingest.load:arrivals_of",
    "stories: candidates": "flows.steps.ingest.stories:recent_headlines",
    "stories: compare": "flows.steps.ingest.load:find_stories",
    "stories: rows": "warehouse.news.stories:refresh_stories",
    "affairs": "flows.steps.ingest.load:refresh_affairs",
    "coverage": "warehouse.news.coverage:refresh_coverage"
    " warehouse.news.coverage:refresh_story_days",
    "rows and insert": "flows.steps.ingest.load:_append flows.steps.ingest.load:_update",
    "alerts": "flows.steps.ingest.load:alerts_of flows.steps.ingest.load:put_out",
    "polls and cursors": "warehouse.feeds:record_polls",
    "coverage, open, commit": "flows.steps.ingest.ingest:_load",
    "begin: files, feeds, watchlist": "flows.steps.cycle:begin",
    "trends": "flows.steps.cycle:refresh_trends flows.steps.cycle:watch",
    "publication": "flows.steps.cycle:publish_pass",
}
# CPU seconds by step.
Costs = Mapping[str, float]


def main() -> None:
    """Poll twice and print where the time went."""
    parser = arguments(__doc__)
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--load", type=Path, default=LOAD)
    args = parser.parse_args()
    if not args.load.is_dir():
        raise SystemExit(f"no load at {args.load}; name it with --load")
    with tempfile.TemporaryDirectory() as work, serving(args.load, args.feeds):
        control(CALM)
        home = Path(work) / "home"
        _, env = sinowire(home, control("urls").split())
        with patch.dict("os.environ", env):
            first, entries = polled(load_config(load_settings(home)))
            control("bump?frac=0.1")
            typical, news = polled(load_config(load_settings(home)))
    publish(result(first, entries, typical, news), record=args.record)


def polled(config: Config) -> tuple[Costs, int]:
    """Make one pass with every step timed; return the costs, and how many were new."""
    seconds: dict[str, float] = defaultdict(float)
    with ExitStack() as patched:
        for step, paths in STEPS.items():
            for path in paths.split():
                timed = _timed(resolve_name(path), step, seconds)
                patched.enter_context(patch(path.replace(":", "."), timed))
        patched.enter_context(patch.object(ParserPool, "_answer", _answer_here(config)))
        began = time.process_time()
        done = run(config, report=str, progress=str)
        whole = time.process_time() - began
    return {**seconds, REST: whole - sum(seconds.values()), "all": whole}, done.new_articles


def _timed(
    function: Callable[..., Any], step: str, seconds: dict[str, float]
) -> Callable[..., Any]:
    """Return *function*, its CPU seconds without those of steps within it noted."""

    @functools.wraps(function)
    def call(*args: Any, **named: Any) -> Any:
        stack: list[float] = _open.__dict__.setdefault("within", [])
        stack.append(0.0)
        began = time.thread_time()
        try:
            return function(*args, **named)
        finally:
            took = time.thread_time() - began
            seconds[step] += took - stack.pop()
            if stack:
                stack[-1] += took

    return call


_open = threading.local()


def _answer_here(config: Config) -> Callable[..., Any]:
    async def answer(_pool: ParserPool, request: Any) -> Any:
        answered = answer_in_time(request, config.reader)
        if isinstance(answered, FeedError):
            raise answered
        return answered

    return answer


def result(first: Costs, entries: int, typical: Costs, news: int) -> Result:
    """Return a row a step, the costliest of a first poll at the top."""
    steps = sorted(STEPS, key=lambda step: -first.get(step, 0.0))
    rows: list[list[Cell]] = [
        [
            step,
            round(1e6 * first.get(step, 0.0) / entries),
            f"{100 * first.get(step, 0.0) / first['all']:.1f}",
            round(1e6 * typical.get(step, 0.0) / news),
        ]
        for step in (*steps, REST, "all")
    ]
    return Result(
        name="profile_poll",
        title="Where an entry's time goes",
        summary=f"an entry costs {rows[-1][1]:,} µs of a first poll, all in one process",
        code=("connectors", "flows/steps", "transforms", "warehouse", "watchlist.toml"),
        tables=[
            Table(
                columns=["µs of CPU", "first: an entry", "%", "typical: a new entry"],
                rows=rows,
            )
        ],
    )


if __name__ == "__main__":
    main()
