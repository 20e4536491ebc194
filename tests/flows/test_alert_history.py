"""What a story had before counts for rules that wait for outlets, and is read only then."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from builders import append_articles

from flows.steps.ingest.alerting import alerts_of, coverage_of, told_of
from flows.steps.ingest.arrivals import Arrivals
from flows.steps.warehouse import open_writer, sync_rules
from transforms.alerts import KnownStories, decide_alerts, items_of
from transforms.alerts.decisions.decide import SAME_NEWS
from transforms.models.findings import Findings, joined
from transforms.names.tagging import tag_article
from warehouse.alerting import alerts as alert_store
from warehouse.news import articles as article_store
from warehouse.news import findings as finding_store

pytestmark = pytest.mark.slow

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
CHANNEL = '\n[channel.file]\ntype = "file"\npath = "alerts.jsonl"\n'
NAMED = """
[rule.two]
companies = ["baidu"]
min_publishers = 2
updates = { publishers = [3, 4], languages = true }
channels = ["file"]

[rule.three]
companies = ["baidu", "roborock"]
topics = ["robotics"]
min_publishers = 3
updates = { publishers = [4], companies = false }
cooldown = "2h"
channels = ["file"]
"""
WORDS = """
[rule.said]
terms = ["record"]
min_publishers = 2
max_age = "24h"
channels = ["file"]
"""


class Counted:
    """A connection that counts the statements run over it."""

    def __init__(self, con):
        self.con, self.statements = con, []

    def __getattr__(self, name):
        return getattr(self.con, name)

    def execute(self, statement, *args):
        self.statements.append(statement)
        return self.con.execute(statement, *args)


@pytest.fixture
def opened(home, config):
    """Open the warehouse of a home with these rules: a connection and the configuration."""

    def open_with(rules):
        (home / "alerts.toml").write_text(rules + CHANNEL, encoding="utf-8")
        found = config()
        return open_writer(found.settings, "test"), found

    return open_with


def store(con, config, articles):
    """Store *articles* with what is found in them; return them as arrivals."""
    found = {a.article_id: tag_article(a, config.tagger) for a in articles}
    found = {key: Findings(each.mentions, each.tags) for key, each in found.items()}
    at = append_articles(con, articles)
    finding_store.append_findings(con, joined(found.values()), at)
    return Arrivals(new=articles, changed=(), before=(), found=found)


def everything(con, config, arrivals, now):
    """Return what is decided when all that the stories had before is known."""
    stories = {article.story_id for article in arrivals.new}
    new = {article.article_id for article in arrivals.new}
    at = article_store.places_of_stories(con, stories, since=NOW - 1000 * HOUR)
    earlier = {}
    found = finding_store.of_articles(con, at.values())
    before = article_store.get_articles(con, [i for i in at if i not in new])
    for item in items_of(before, found, config.alerts):
        earlier.setdefault(item.article.story_id, []).append(item)
    return decide_alerts(
        items_of(arrivals.new, arrivals.found, config.alerts),
        config.alerts,
        KnownStories(
            coverage=coverage_of(con, stories),
            told=told_of(con, stories),
            last_alert_at=alert_store.last_alert_at(con),
            news=alert_store.news(con, now - SAME_NEWS),
            earlier=earlier,
        ),
        now=now,
        rules_version=config.watchlist.rules_version,
    )


@pytest.fixture
def draw(make_article):
    """Return some articles of a few stories, as a seed has it."""

    def articles(seed, batch, now):
        pick = random.Random(f"{seed} {batch}")
        for number in range(pick.randint(1, 6)):
            outlet = pick.choice(["one", "two", "three", "four"])
            words = pick.sample(["Baidu", "Roborock", "robot", "record", "weather"], 2)
            title = " ".join([*words, str(number)])
            yield make_article(
                article_id=f"a{seed}-{batch}-{number}",
                feed_id=outlet,
                publisher=outlet.title(),
                title=title,
                language=pick.choice(["en", "en", "zh"]),
                story_id=f"s{seed}-{pick.randint(1, 3)}",
                published_at=now - pick.choice([1, 5, 30, 80]) * HOUR,
                first_seen_at=now,
            )

    return articles


@pytest.mark.parametrize(
    "rules", [NAMED, WORDS, NAMED + WORDS], ids=["named", "words", "all"]
)
def test_nothing_is_left_out_by_reading_less(opened, draw, rules):
    """Alerts and updates are those of a decision that knows all earlier articles."""
    decided = 0
    writer, config = opened(rules)
    with writer as con:
        sync_rules(con, config)
        for seed, batch in itertools.product(range(3), range(10)):
            now = NOW + (seed * 1000 + batch) * HOUR
            arrivals = store(con, config, list(draw(seed, batch, now)))
            # Every fourth pass is an outlet's first: nothing is told of it.
            silent = frozenset({"one"}) if batch % 4 == 3 else frozenset()
            heard = [a for a in arrivals.new if a.feed_id not in silent]
            wanted = everything(con, config, replace(arrivals, new=heard), now)

            alerts = alerts_of(con, arrivals, config, now=now, silent=silent)

            assert alerts == wanted
            alert_store.append_alerts(con, alerts)
            decided += len(alerts)
    assert decided >= 8


def test_silent_feeds_ask_nothing(opened, draw):
    """A first poll decides nothing, so nothing is read for it."""
    writer, config = opened(NAMED + WORDS)
    with writer as con:
        arrivals = store(con, config, list(draw(1, 1, NOW)))
        counted = Counted(con)
        silent = frozenset(article.feed_id for article in arrivals.new)

        assert alerts_of(counted, arrivals, config, now=NOW, silent=silent) == []
        assert counted.statements == []


def test_articles_on_which_no_waiting_rule_can_fire_are_not_read(opened, make_article):
    """A story of many outlets that names nobody asked for costs no look at its articles."""
    writer, config = opened(NAMED)
    with writer as con:
        fields = {"title": "Fine weather", "story_id": "s1"}
        names = [f"p{n}" for n in range(20)]
        store(
            con, config, [make_article(article_id=n, publisher=n, **fields) for n in names]
        )
        arrivals = store(con, config, [make_article(article_id="new", **fields)])
        counted = Counted(con)

        assert alerts_of(counted, arrivals, config, now=NOW, silent=frozenset()) == []
        assert not [s for s in counted.statements if "content" in s]
