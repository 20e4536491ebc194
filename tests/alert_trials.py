"""Trials of alerts whose processes are killed and whose receivers fail.

A feed gets new items all the time. `sinowire run` and `sinowire alerts deliver` are
killed with -9 at boundaries (see benchmarks/killed.py) that a clean run passes, then at
random moments. Two webhooks, one of them with a digest, fail three posts in ten: they
answer 503, close the connection, take the alert and cut the connection, or answer too
late. At the end everything runs to its end and the books are compared: what the feed
carried, what the warehouse holds, what each receiver got by its own log.
"""

from __future__ import annotations

import random
import urllib.request
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from killed import COMPANY, Victims
from results import json_lines

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
LETTERS = "bcdfghklmnprstvzaeiou"


class Trial:
    """A home, its feed and its receivers, and what has been done to them."""

    def __init__(self, home: Path, url: str, chance: random.Random) -> None:
        """Have processes ready that can be killed."""
        self.home, self.url, self.chance = home, url, chance
        self.items: list[tuple[str, str, datetime]] = []
        self.victims = Victims(home)
        self.kills, self.close = self.victims.kills, self.victims.close

    def set_up(self) -> None:
        """Write the files, and let the feed's first poll pass in silence."""
        feed = f'[feed.f]\nurl = "{self.url}/feed"\npublisher = "F"\nlanguage = "en"\n'
        for name, text in {
            "alerts.toml": ALERTS.format(url=self.url),
            "watchlist.toml": COMPANY + 'aliases = ["Baidu"]\n',
            "feeds.toml": feed,
            "sinowire.toml": 'allow_private_addresses = ["127.0.0.0/8"]\n',
        }.items():
            (self.home / name).write_text(text, "utf-8")
        self.put([("https://x.example/0", "Weather is fine", datetime.now(UTC))])
        self.execute(RUN)

    def publish_items(self, count: int) -> None:
        """Let the feed carry *count* more headlines, none like another."""
        now = datetime.now(UTC)
        for n in range(len(self.items) + 1, len(self.items) + count + 1):
            words = " ".join(
                "a".join("".join(self.chance.choices(LETTERS, k=k)) for k in (3, 4))
                for _ in range(5)
            )
            self.items.append((f"https://x.example/{n}", f"Baidu {words}", now))
        self.put(self.items)

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

            def rows(sql: str) -> list[tuple[Any, ...]]:
                return con.execute(sql).fetchall()

            articles = {url for (url,) in rows("select url from articles")}
            decided = dict(rows("select alert_id, url from alerts"))
            states = dict(rows("select state, count(*) from alerts group by 1"))
            attempts = rows("select count(*) from alert_deliveries")[0][0]
            digests = rows("select count(distinct bundle_id) from alert_ledger")[0][0]
            broken = [c.name for c in run_checks(con) if not c.ok]
        return Books(
            lost_articles=[i[0] for i in self.items if i[0] not in articles],
            lost_alerts=[i[0] for i in self.items if i[0] not in decided.values()],
            doubled_alerts=len(decided) - len(set(decided.values())),
            states=states,
            attempts=attempts,
            digests=digests,
            checks=broken,
            channels={
                name: _channel(got, set(decided))
                for name, got in self._received(log).items()
            },
        )

    def _received(self, log: Path) -> dict[str, list[tuple[str, list[str]]]]:
        got: dict[str, list[tuple[str, list[str]]]] = defaultdict(list)
        for path, key, ids in json_lines(log):
            got[path.strip("/")].append((key, ids))
        for data in json_lines(self.home / "alerts.jsonl"):
            got["file"].append((data["id"], [data["alert"]["alert_id"]]))
        return got


# Of one receiver: lost alerts, posts, repeats by key, alerts under two keys.
Received = tuple[int, int, int, int]


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
            and all(not (lost or twice) for lost, _, _, twice in self.channels.values())
        )


def _channel(got: Sequence[tuple[str, list[str]]], decided: set[str]) -> Received:
    keys: dict[str, set[str]] = defaultdict(set)
    for key, ids in got:
        for alert_id in ids:
            keys[alert_id].add(key)
    repeats = len(got) - len({key for key, _ in got})
    twice = sum(len(found) > 1 for found in keys.values())
    return len(decided - keys.keys()), len(got), repeats, twice


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


def _quiet(_: str) -> None:
    return
