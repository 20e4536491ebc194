"""Is an alert lost or doubled when processes are killed and receivers fail?

    python benchmarks/alerts.py [--moments 200] [--seed 1]

A feed gets new items all the time. `sinowire run` and `sinowire alerts deliver` are
killed with -9 at every boundary (see killed.py) that a clean run passes, then at random
moments. Two webhooks, one of them with a digest, fail three posts in ten: they answer
503, close the connection, take the alert and cut the connection, or answer too late. At
the end everything runs to its end and the books are compared: what the feed carried, what
the warehouse holds, what each receiver got by its own log.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cached_property
from pathlib import Path

from killed import Victims
from receivers import receivers

from flows.home import load_config
from flows.settings import load_settings
from flows.steps.cycle import run
from flows.steps.delivery import deliver
from flows.steps.summary import clock_at
from flows.steps.warehouse import open_writer, publish
from warehouse.alerting import outbox
from warehouse.file.connect import PUBLISHED_NAME, open_published, transaction
from warehouse.upkeep.checks import run_checks

FAIL = "0.3"
CHANNELS = ("file", "hook", "digest")
RUN, DELIVER = ("run",), ("alerts", "deliver")
ALERTS = """
[channel.file]
type = "file"
path = "alerts.jsonl"

[channel.hook]
type = "webhook"
private = true
url = "{url}/hook"

[channel.digest]
type = "webhook"
private = true
url = "{url}/digest"
rate = "20/1m"

[rule.ours]
companies = ["baidu"]
channels = ["file", "hook", "digest"]
"""
WATCHLIST = """
[company.baidu]
name = "Baidu"
kind = "company"
sector = "internet"
aliases = ["Baidu"]
"""


@dataclass
class Trial:
    """A home, its feed and its receivers, and what has been done to them."""

    home: Path
    url: str
    chance: random.Random
    items: list[tuple[str, str, datetime]] = field(default_factory=list)

    @cached_property
    def victims(self) -> Victims:
        """The processes that are killed."""
        return Victims(self.home)

    @property
    def kills(self) -> Counter[str]:
        """How often one was killed, by where."""
        return self.victims.kills

    def close(self) -> None:
        """Let the last process end."""
        self.victims.close()

    def set_up(self) -> None:
        """Write the files, and let the feed's first poll pass in silence."""
        (self.home / "alerts.toml").write_text(ALERTS.format(url=self.url), "utf-8")
        (self.home / "watchlist.toml").write_text(WATCHLIST, "utf-8")
        feed = f'[feed.f]\nurl = "{self.url}/feed"\npublisher = "F"\nlanguage = "en"\n'
        (self.home / "feeds.toml").write_text(feed, "utf-8")
        (self.home / "sinowire.toml").write_text(
            'allow_private_addresses = ["127.0.0.0/8"]\n', "utf-8"
        )
        self.put([("https://x.example/0", "Weather is fine", datetime.now(UTC))])
        self.execute(RUN)

    def publish_items(self, count: int) -> None:
        """Let the feed carry *count* more headlines, none like another."""
        now = datetime.now(UTC)
        for n in range(len(self.items) + 1, len(self.items) + count + 1):
            words = " ".join(self._word() for _ in range(5))
            self.items.append((f"https://x.example/{n}", f"Baidu {words}", now))
        self.put(self.items)

    def _word(self) -> str:
        return (
            "".join(self.chance.choices("bcdfghklmnprstvz", k=3))
            + "a"
            + "".join(self.chance.choices("aeiouklmnrst", k=4))
        )

    def put(self, items: Sequence[tuple[str, str, datetime]]) -> None:
        """Serve all *items*: what a feed drops meanwhile is lost to whoever is killed."""
        rows = "".join(
            f"<item><guid>{link}</guid><link>{link}</link><title>{title}</title>"
            f"<pubDate>{format_datetime(at)}</pubDate></item>"
            for link, title, at in items
        )
        body = f"<rss version='2.0'><channel><title>F</title>{rows}</channel></rss>"
        request = urllib.request.Request(
            f"{self.url}/feed", data=body.encode(), method="PUT"
        )
        urllib.request.urlopen(request, timeout=30).close()

    def execute(
        self, command: Sequence[str], *, at: int = 0, after: float | None = None
    ) -> list[str]:
        """Run a command, killed at a boundary or some seconds after its beginning.

        Returns the boundaries that it passed.
        """
        return self.victims.execute(command, at=at, after=after).passed

    def finish(self) -> None:
        """Run to the end: a last pass, then deliveries with a clock that goes on."""
        config = load_config(load_settings(self.home)).check()
        run(config, report=_quiet, progress=_quiet)
        clock = datetime.now(UTC)
        for _ in range(5_000):
            clock += timedelta(minutes=10)
            tried = deliver(config, clock_at(clock), report=_quiet)
            if not tried and not self._unparked(clock):
                break
        publish(load_settings(self.home))

    def _unparked(self, now: datetime) -> int:
        with open_writer(load_settings(self.home), "crash") as con, transaction(con):
            if con.execute("from messages where state = 'pending'").fetchone():
                return 1
            return outbox.retry(con, now, most_attempts=10)

    def books(self, log: Path) -> Books:
        """Compare what was carried, decided and received."""
        with closing(open_published(self.home / "data" / PUBLISHED_NAME)) as con:
            articles = {
                url for (url,) in con.execute("select url from articles").fetchall()
            }
            decided = dict(con.execute("select alert_id, url from alerts").fetchall())
            states = dict(
                con.execute("select state, count(*) from alerts group by 1").fetchall()
            )
            attempts = con.execute("select count(*) from alert_deliveries").fetchall()
            digests = con.execute(
                "select count(distinct bundle_id) from alert_ledger"
            ).fetchall()
            broken = [c.name for c in run_checks(con) if not c.ok]
        return Books(
            lost_articles=[i[0] for i in self.items if i[0] not in articles],
            lost_alerts=[i[0] for i in self.items if i[0] not in decided.values()],
            doubled_alerts=len(decided) - len(set(decided.values())),
            states=states,
            attempts=attempts[0][0],
            digests=digests[0][0],
            checks=broken,
            channels={
                name: _channel(got, set(decided))
                for name, got in self._received(log).items()
            },
        )

    def _received(self, log: Path) -> dict[str, list[tuple[str, list[str]]]]:
        got: dict[str, list[tuple[str, list[str]]]] = defaultdict(list)
        for line in log.read_text("utf-8").splitlines():
            path, key, ids = json.loads(line)
            got[path.strip("/")].append((key, ids))
        for line in (self.home / "alerts.jsonl").read_text("utf-8").splitlines():
            data = json.loads(line)
            got["file"].append((data["id"], [data["alert"]["alert_id"]]))
        return got


@dataclass(frozen=True, kw_only=True)
class Received:
    """What one receiver got: lost alerts, posts, repeats by key, alerts under two keys."""

    lost: int
    posts: int
    repeats: int
    twice: int


@dataclass(frozen=True, kw_only=True)
class Books:
    """All books of a trial, compared."""

    lost_articles: list[str]
    lost_alerts: list[str]
    doubled_alerts: int
    states: dict[str, int]
    attempts: int
    digests: int
    checks: list[str]
    channels: dict[str, Received]

    @property
    def is_well(self) -> bool:
        """Nothing lost, nothing twice for who honours the key, the data as it should be."""
        return (
            not (self.lost_articles or self.lost_alerts or self.doubled_alerts)
            and not self.checks
            and set(self.states) == {"delivered"}
            and set(self.channels) == set(CHANNELS)
            and all(not (c.lost or c.twice) for c in self.channels.values())
        )


def _channel(got: Sequence[tuple[str, list[str]]], decided: set[str]) -> Received:
    keys: dict[str, set[str]] = defaultdict(set)
    for key, ids in got:
        for alert_id in ids:
            keys[alert_id].add(key)
    return Received(
        lost=len(decided - keys.keys()),
        posts=len(got),
        repeats=len(got) - len({key for key, _ in got}),
        twice=sum(len(found) > 1 for found in keys.values()),
    )


def at_boundaries(trial: Trial, numbers: Iterable[int] | None = None) -> None:
    """Kill both commands at the boundaries of those numbers; default: at every one."""
    for command in (RUN, DELIVER):
        # What lies about would be boundaries as well, as many as there are messages.
        trial.finish()
        trial.publish_items(2)
        count = len(trial.execute(RUN))
        for n in numbers or range(1, count + 1):
            trial.publish_items(2)
            if command == DELIVER:
                trial.execute(RUN, at=count // 3)
            trial.execute(command, at=n)


def at_moments(trial: Trial, moments: int, longest: float) -> None:
    """Kill the commands in turn, at as many random moments; some end before theirs."""
    wanted = trial.kills.total() + moments
    for n in range(moments * 3):
        trial.publish_items(2)
        trial.execute(
            DELIVER if n % 3 == 2 else RUN, after=trial.chance.uniform(0, longest)
        )
        if trial.kills.total() >= wanted:
            break


def main() -> None:
    """Try, and print the books."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--moments", type=int, default=200)
    parser.add_argument("--no-boundaries", action="store_true")
    parser.add_argument("--longest", type=float, default=3.0, help="seconds to live")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as work:
        log = Path(work) / "log"
        with receivers(log, "--fail", FAIL, "--seed", str(args.seed)) as port:
            trial = Trial(Path(work), f"http://127.0.0.1:{port}", random.Random(args.seed))
            trial.set_up()
            if not args.no_boundaries:
                at_boundaries(trial)
            at_moments(trial, args.moments, args.longest)
            trial.finish()
            books = trial.books(log)
            trial.close()
    show(trial, books, time.perf_counter() - began)
    raise SystemExit(0 if books.is_well else 1)


def show(trial: Trial, books: Books, seconds: float) -> None:
    """Print what was done and what came of it."""
    print(f"{len(trial.items)} alerts due, {trial.kills.total()} kills, {seconds:.0f} s")
    for name, count in sorted(trial.kills.items()):
        print(f"  {count:4} at {name}")
    print(
        f"articles lost {len(books.lost_articles)}, alerts lost {len(books.lost_alerts)}, "
        f"decided twice {books.doubled_alerts}, states {books.states}, "
        f"{books.attempts} attempts on record, {books.digests} digests, "
        f"checks broken {books.checks or 'none'}\n"
    )
    print("| receiver | lost | received | repeats of a key | twice for who honours keys |")
    print("|---|---:|---:|---:|---:|")
    for name, got in sorted(books.channels.items()):
        print(f"| {name} | {got.lost} | {got.posts} | {got.repeats} | {got.twice} |")


def _quiet(_: str) -> None:
    return


if __name__ == "__main__":
    main()
