"""How long it takes to decide the alerts of many new articles under many rules.

    python benchmarks/alerts_decide.py [--articles 10000] [--rules 200] [--runs 5]

Invented headlines that name companies of the shipped watchlist, a third of them told by
several outlets, under rules of every shape. Beside it stands the same with every rule
tried on every article, and both must decide the same.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from transforms.alerts import AlertRules, Coverage, Item, Known, decide_alerts, items_of
from transforms.models import Alert, Article, Condition, Mention, Rule, Tag, Updates
from transforms.watchlist import Watchlist, parse_watchlist

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
SYLLABLES = [*"芯片云车机器人智能网", *(a + b for a in "bdfghklmnprstvxz" for b in "aou")]
# As many words as headlines have: a rule's term stands in few of them.
WORDS = [f"{a}{b}{c}" for a in SYLLABLES for b in SYLLABLES for c in SYLLABLES[::3]]


@dataclass
class EveryRule:
    """The index that leaves nothing out, to compare with."""

    rules: tuple[Rule, ...]

    def candidates(self, item: Item) -> tuple[Rule, ...]:
        """Return all rules."""
        del item
        return self.rules


def main() -> None:
    """Make articles and rules, decide, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--rules", type=int, default=200)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    chance = random.Random(7)
    root = Path(__file__).resolve().parents[1]
    watchlist = parse_watchlist((root / "watchlist.toml").read_text(encoding="utf-8"))
    rules = tuple(_rule(n, chance, watchlist) for n in range(options.rules))
    articles = [_article(n, chance) for n in range(options.articles)]
    mentions = {a.article_id: _mentions(a, chance, watchlist) for a in articles}
    tags = {a.article_id: _tags(a, chance, watchlist) for a in articles}
    coverage = {a.story_id: Coverage(publishers=chance.randint(1, 6)) for a in articles}
    known = Known(coverage=coverage)

    def decide(every: bool) -> list[Alert]:
        world = AlertRules(rules=rules)
        if every:
            world.__dict__["index"] = EveryRule(rules)
        items = items_of(articles, mentions, tags, world)
        return decide_alerts(items, world, known, now=NOW, rules_version="w1")

    quick, alerts = _timed(lambda: decide(False), options.runs)
    slow, same = _timed(lambda: decide(True), 1)
    if alerts != same:
        raise SystemExit("the look-up and the trial of each rule do not decide the same")
    print(f"{options.articles:,} articles, {options.rules} rules: {len(alerts):,} alerts")
    print(f"  with the look-up      {quick:7.2f} s   median of {options.runs}")
    print(f"  every rule tried      {slow:7.2f} s   {slow / quick:.0f} times as long")


def _timed(work: Callable[[], list[Alert]], runs: int) -> tuple[float, list[Alert]]:
    times, found = [], []
    for _ in range(runs):
        start = time.perf_counter()
        found = work()
        times.append(time.perf_counter() - start)
    return median(times), found


def _article(n: int, chance: random.Random) -> Article:
    title = " ".join(chance.choices(WORDS, k=9))
    return Article(
        article_id=f"a{n}",
        feed_id=f"f{n % 120}",
        url=f"https://x.example/{n}",
        title=title,
        summary=" ".join(chance.choices(WORDS, k=40)),
        content=None,
        language=chance.choice(("en", "zh")),
        script="latin",
        is_digest=False,
        publisher=f"Outlet {n % 90}",
        authors=(),
        published_at=NOW - timedelta(minutes=chance.randint(0, 1000)),
        published_raw="",
        published_from="published",
        first_seen_at=NOW,
        content_hash="",
        search_text=title,
        story_id=f"s{n - n % 3 * (n % 9 < 3)}",
        story_keys=(),
    )


def _mentions(a: Article, chance: random.Random, watchlist: Watchlist) -> list[Mention]:
    found = chance.sample(watchlist.companies, chance.choice((0, 1, 1, 2, 3)))
    return [
        Mention(
            article_id=a.article_id,
            company_id=company.company_id,
            field=chance.choice(("title", "summary")),
            alias=company.name,
            start=5,
            length=6,
            rules_version="w1",
            is_about=chance.random() < 0.5,
        )
        for company in found
    ]


def _tags(a: Article, chance: random.Random, watchlist: Watchlist) -> list[Tag]:
    return [
        Tag(
            article_id=a.article_id,
            topic_id=topic.topic_id,
            kind=topic.kind,
            term="t",
            score=2.0,
            rules_version="w1",
        )
        for topic in chance.sample(watchlist.topics, chance.choice((0, 1, 2, 3)))
    ]


def _rule(n: int, chance: random.Random, watchlist: Watchlist) -> Rule:
    """Return a rule on companies, topics, terms, people or alternatives of these."""
    companies = frozenset(
        c.company_id for c in chance.sample(watchlist.companies, chance.randint(1, 12))
    )
    topics = frozenset(t.topic_id for t in chance.sample(watchlist.topics, 3))
    words = tuple(chance.sample(WORDS, 2))
    terms = (f"{words[0]} {words[1]}", chance.choice(WORDS))
    people = frozenset(name for p in chance.sample(watchlist.people, 3) for name in p.names)
    shapes = (
        Condition(companies=companies),
        Condition(companies=companies, about=True, topics=topics),
        Condition(topics=topics),
        Condition(terms=terms[:1]),
        Condition(people=people),
        Condition(
            any_of=(Condition(companies=companies), Condition(terms=terms[:1])),
            none_of=(Condition(topics=topics),),
        ),
    )
    return Rule(
        rule_id=f"r{n:03}",
        wanted=shapes[n % len(shapes)],
        min_publishers=1 + n % 2,
        cooldown=timedelta(hours=n % 3),
        updates=Updates(publishers=(3, 6), languages=True),
        channels=("c",),
    )


if __name__ == "__main__":
    main()
