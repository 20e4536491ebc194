"""How long does each step of the pipeline take, on generated articles?

    python benchmarks/speed.py [--articles 10000] [--rules 200] [--record]

Headlines and summaries in two languages, which name companies and topics of the shipped
watchlist, pass one step after the other, as in a run: normalized, tagged, put in stories
(in batches of 3,000 beside all that came before), alerts decided under rules of every
shape, and delivered to a file and three webhooks, whose receivers are another process.
Deciding is timed with every rule tried on every article as well, which must come to the
same. At last the whole warehouse is retagged and published.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TypeVar

from receivers import receivers
from results import Cell, Result, Table, arguments
from results import publish as publish_result

from flows.home import Config, load_config
from flows.settings import load_settings
from flows.steps.delivery import deliver
from flows.steps.ingest.stories import find_stories
from flows.steps.summary import clock_at
from flows.steps.upkeep.retag import retag
from transforms.alerts import (
    AlertRules,
    KnownStories,
    decide_alerts,
    items_of,
    messages_for,
)
from transforms.articles.normalize import normalize
from transforms.articles.reader import title_names
from transforms.models import Alert, Article, Entry, Feed, Mention, Tag
from transforms.models.findings import Findings
from transforms.names.rules.watchlist import Watchlist
from transforms.names.tagging import compile_tagger, tag_article
from warehouse.alerting import outbox
from warehouse.alerting.alerts import append_alerts
from warehouse.file.connect import transaction, writer
from warehouse.file.publish import publish
from warehouse.news.articles import append_new
from warehouse.news.findings import append_findings
from warehouse.news.stories import refresh_stories

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
FEED = Feed(feed_id="sample", url="https://x.example/feed", publisher="Sample")
BATCH = 3_000
LATIN = """
opens plant raises money says shares fall after report battery export model launch
lawsuit regulator data centre quarter profit supplier deal investor factory market
"""
HAN = """
发布 新品 融资 上市 工厂 出海 欧洲 市场 降价 财报 利润 增长 合作 监管 数据 中心 用户
投资 供应链 回应 起诉 公司 宣布
"""
SUMMED_UP = ("tag", "decide", "deliver", "retag")
CHANNELS = ("one", "two", "three")
T = TypeVar("T")
Named, Topics = dict[str, list[Mention]], dict[str, list[Tag]]


@dataclass
class Clock:
    """What was timed: rows of step, how many of what, seconds, CPU seconds and a rate."""

    rows: list[list[Cell]] = field(default_factory=list)

    def time(self, step: str, count: int, work: Callable[[], T]) -> T:
        """Return what *work* does with *count* things, and note how long it took."""
        wall, cpu = time.perf_counter(), time.process_time()
        done = work()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        self.rows.append([step, count, wall, cpu, round(count / wall)])
        return done


def main() -> None:
    """Pass the articles through every step."""
    parser = arguments(__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--rules", type=int, default=200)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        home, log = Path(work), Path(work) / "log"
        with receivers(log) as port:
            config = _configured(home, port, args.rules)
            clock = Clock()
            measure(config, clock, args.articles)
            _count_arrived(home, log, clock)
    publish_result(result(clock), record=args.record)


def measure(config: Config, clock: Clock, count: int) -> None:
    """Time every step."""
    dice = random.Random(1)
    entries = list(_entries(dice, config.watchlist, count))
    outlets = config.beat.outlets
    articles = clock.time(
        "normalize",
        count,
        lambda: [normalize(e, FEED, outlets, NOW).article for e in entries],
    )
    tagger = compile_tagger(config.watchlist, config.beat.tagging)
    tagged = clock.time("tag", count, lambda: [tag_article(a, tagger) for a in articles])
    mentions = {a.article_id: t.mentions for a, t in zip(articles, tagged, strict=True)}
    tags = {a.article_id: t.tags for a, t in zip(articles, tagged, strict=True)}
    articles = _clustered(config, clock, articles, mentions, tags)
    alerts = _decided(config.alerts, clock, articles, mentions, tags)
    messages = messages_for(alerts, config.alerts)
    with writer(config.settings.data, command="benchmark") as con, transaction(con):
        append_alerts(con, alerts)
        outbox.append_messages(con, messages)
    quiet: dict[str, Callable[[str], None]] = {"report": lambda _: None}
    now = clock_at(None)
    clock.time("deliver", len(messages), lambda: deliver(config, now, **quiet))
    quiet["progress"] = quiet["report"]
    clock.time(
        "retag", count, lambda: retag(config, dry_run=False, everything=True, **quiet)
    )
    clock.time("publish", count, lambda: publish(config.settings.data))


def _clustered(
    config: Config, clock: Clock, articles: Sequence[Article], mentions: Named, tags: Topics
) -> list[Article]:
    """Store the articles batch by batch; only the search for their stories is timed."""
    clustered: list[Article] = []
    for start in range(0, len(articles), BATCH):
        batch = articles[start : start + BATCH]
        ids = [a.article_id for a in batch]
        companies = {i: frozenset(m.company_id for m in mentions[i]) for i in ids}
        names = {i: title_names(mentions[i]) for i in ids}
        with writer(config.settings.data, command="benchmark") as con:
            stories = clock.time(
                f"stories, {len(batch):,} beside {start:,}",
                len(batch),
                lambda con=con, batch=batch, companies=companies, names=names: (
                    find_stories(con, batch, companies, names, config.beat.concepts).stories
                ),
            )
            told = [replace(a, story_id=stories[a.article_id]) for a in batch]
            with transaction(con):
                at = append_new(con, told, run_id="r1")
                found = Findings(
                    [m for i in ids for m in mentions[i]], [t for i in ids for t in tags[i]]
                )
                append_findings(con, found, at)
                refresh_stories(con, {a.story_id for a in told}, "w0")
        clustered += told
    return clustered


def _decided(
    rules: AlertRules,
    clock: Clock,
    articles: Sequence[Article],
    mentions: Named,
    tags: Topics,
) -> list[Alert]:
    def decide(world: AlertRules) -> list[Alert]:
        found = {a: Findings(mentions[a], tags[a]) for a in mentions}
        items = items_of(articles, found, world)
        return decide_alerts(items, world, KnownStories(), now=NOW, rules_version="w0")

    every = replace(rules)
    # The index that leaves nothing out.
    every.__dict__["index"] = SimpleNamespace(candidates=lambda _: rules.rules)
    count = len(articles)
    alerts = clock.time("decide", count, lambda: decide(rules))
    same = clock.time("decide, every rule tried", count, lambda: decide(every))
    if alerts != same:
        raise SystemExit("the look-up and the trial of each rule do not decide the same")
    return alerts


def _entries(dice: random.Random, watchlist: Watchlist, count: int) -> Iterator[Entry]:
    """Make entries that name up to four companies and topics, every other one Chinese."""
    names = [alias.text for alias in watchlist.aliases if alias.kind != "ticker"]
    names += [term for t in watchlist.topics for term in t.terms if term[:3] != "re:"]
    for number in range(count):
        joint, fillers = (" ", LATIN.split()) if number % 2 else ("", HAN.split())
        named = [n for n in dice.choices(names, k=6) if n.isascii() == bool(joint)]
        title = [*named[:2], *dice.choices(fillers, k=8)]
        summary = [*named, *dice.choices(fillers, k=30)]
        dice.shuffle(title)
        dice.shuffle(summary)
        url = f"https://x.example/{number}"
        yield Entry(
            guid=url,
            url=url,
            title=joint.join(title),
            summary=joint.join(summary),
            published_at=NOW - timedelta(seconds=dice.randrange(30_000)),
        )


def _configured(home: Path, port: int, rules: int) -> Config:
    """Write a home's files; returns what they say."""
    (home / "feeds.toml").write_text("", "utf-8")
    (home / "alerts.toml").write_text("", "utf-8")
    watchlist = load_config(load_settings(home)).watchlist
    channels = ['[channel.file]\ntype = "file"\npath = "alerts.jsonl"\n']
    channels += [
        f'[channel.{name}]\ntype = "webhook"\nprivate = true\n'
        f'url = "http://127.0.0.1:{port}/{name}"\n'
        for name in CHANNELS
    ]
    dice = random.Random(7)
    written = [_rule(dice, watchlist, number) for number in range(rules)]
    (home / "alerts.toml").write_text("\n".join([*channels, *written]), "utf-8")
    return load_config(load_settings(home)).check()


def _rule(dice: random.Random, watchlist: Watchlist, number: int) -> str:
    """Return a rule on companies, topics, terms, people or alternatives of these."""
    companies = json.dumps([c.company_id for c in dice.sample(watchlist.companies, 5)])
    topics = json.dumps([t.topic_id for t in dice.sample(watchlist.topics, 3)])
    words = dice.sample(LATIN.split(), 2)
    people = json.dumps([p.names[0] for p in dice.sample(watchlist.people, 3)])
    shapes = (
        f"companies = {companies}",
        f"companies = {companies}\nabout = true\ntopics = {topics}",
        f"topics = {topics}\nmin_publishers = 2",
        f'terms = ["{words[0]} {words[1]}"]',
        f"people = {people}",
        f"any = [{{ companies = {companies} }}, {{ people = {people} }}]",
    )
    channel = ("file", *CHANNELS)[number % 4]
    return f'[rule.r{number}]\n{shapes[number % len(shapes)]}\nchannels = ["{channel}"]\n'


def _count_arrived(home: Path, log: Path, clock: Clock) -> None:
    """Stop where receivers have not got what was sent."""
    posts = {tuple(json.loads(line)[:2]) for line in log.read_text("utf-8").splitlines()}
    arrived = Counter(path.strip("/") for path, _ in posts)
    arrived["file"] = len((home / "alerts.jsonl").read_text("utf-8").splitlines())
    [sent] = (row[1] for row in clock.rows if row[0] == "deliver")
    if arrived.total() != sent:
        raise SystemExit(f"{sent} messages were sent, and these arrived: {arrived}")


def result(clock: Clock) -> Result:
    """Return a row a step."""
    rates = {str(row[0]): row[4] for row in clock.rows}
    return Result(
        name="speed",
        title="Throughput of each pipeline step",
        summary=", ".join(f"{name} {rates[name]:,}" for name in SUMMED_UP),
        code=("transforms", "warehouse", "flows/steps", "connectors/sinks"),
        tables=[Table(columns=["step", "n", "s", "CPU s", "a second"], rows=clock.rows)],
    )


if __name__ == "__main__":
    main()
