"""Backtest of today's rules over the history: the alerts they would have raised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import chain
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from flows.home import Config
from flows.steps.ingest.alerting import coverage_of, settled_of
from flows.steps.trends import standing_bursts
from transforms.alerts import (
    AlertRules,
    Rehearsal,
    TaggedArticle,
    Watched,
    decide_watched,
    items_of,
)
from transforms.alerts.decisions.watch import WatchKey
from transforms.models import Alert, Article, Findings
from transforms.text.lengths import counted
from warehouse import appends
from warehouse.news import articles as article_store
from warehouse.news import stories as affair_store
from warehouse.news import verdicts as verdict_store
from warehouse.news.verdicts import Verdicts
from warehouse.numbers import trends as signal_store

# Articles seen within such a time are decided together, as those of a run are.
BATCH = timedelta(minutes=10)
SAMPLES = 3
AT_ONCE = 100


def backtest(
    con: duckdb.DuckDBPyConnection,
    config: Config,
    *,
    since: datetime,
    rule_id: str | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[list[dict[str, Any]], int]:
    """Return a row per day and rule, and of how many articles they are.

    Rows have alerts, updates, suppressed ones, and samples. Articles are replayed as they
    were first seen, under today's watchlist and rules, with the present stories and what
    settles claims now, but only the outlets that had reported them by then. Articles of
    the first poll of a feed are silent, as they were. ``about`` counts the alerts whose
    article is about the company: what the rule would keep with ``about = true``. Bursts
    are those on record. Rules of the kinds shift and silence are left out: how far back
    a level or a feed's state was known is not on record. With *rule_id* that rule alone
    is replayed. No rule is muted until a day here.
    """
    alerts = _rehearsed(config, rule_id)
    zone = ZoneInfo(config.settings.reporting_zone)
    rehearsal = Rehearsal(rules=alerts, rules_version=config.watchlist.rules_version)
    days: dict[tuple[str, str], dict[str, Any]] = defaultdict(_nothing)
    seeds = article_store.first_arrivals(con)
    said = verdict_store.of_articles(con)
    about: dict[str, TaggedArticle] = {}
    count = 0
    # What was known when articles came is asked for many of them at once.
    for batches in appends.batches(_batches(con, since), AT_ONCE):
        articles = list(chain.from_iterable(batches))
        items, found = _read(articles, config, said)
        about |= {item.article.article_id: item for item in items}
        silent = {a.article_id for a in articles if seeds.get(a.feed_id) == a.first_seen_at}
        then = coverage_of(con, [a.article_id for a in articles], is_then=True)
        affairs = affair_store.affairs_of(con, {a.story_id for a in articles})
        heard = [a for a in articles if a.article_id not in silent]
        settled = settled_of(con, alerts, heard, found)
        for batch in batches:
            now = max(article.first_seen_at for article in batch)
            day = now.astimezone(zone).date().isoformat()
            for alert in rehearsal.take(
                [about[a.article_id] for a in batch],
                {a.story_id: then[a.article_id] for a in batch},
                now=now,
                silent=silent,
                affairs=affairs,
                settled=settled,
            ):
                _count(days[day, alert.rule_id], alert, about)
        count += len(articles)
        progress(f"{counted(count, 'article')}, until {day}")
    for alert in _on_bursts(con, alerts, since.astimezone(zone).date(), zone):
        day = alert.created_at.date().isoformat()
        _count(days[day, alert.rule_id], alert, {})
    rows = [
        {"day": day, "rule_id": rule_id, **row, "sample": " | ".join(row["sample"])}
        for (day, rule_id), row in sorted(days.items(), key=itemgetter(0))
    ]
    return rows, count


def _rehearsed(config: Config, rule_id: str | None) -> AlertRules:
    """Return the rules to replay, none of them muted."""
    rules = config.alerts
    kept = [rule for rule in rules.rules if rule_id in (None, rule.rule_id)]
    return replace(rules, rules=tuple(replace(rule, mute_until=None) for rule in kept))


def _batches(con: duckdb.DuckDBPyConnection, since: datetime) -> Iterator[list[Article]]:
    """Yield the articles since then in batches that arrived together."""
    batch: list[Article] = []
    for articles in article_store.iterate_articles(con, since=since):
        for article in articles:
            if batch and abs(article.first_seen_at - batch[0].first_seen_at) > BATCH:
                yield batch
                batch = []
            batch.append(article)
    if batch:
        yield batch


def _on_bursts(
    con: duckdb.DuckDBPyConnection, asked: AlertRules, since: date, zone: ZoneInfo
) -> Iterator[Alert]:
    """Yield the alerts on bursts, each on its day, one for a burst of several days."""
    rules = asked.of_kind("burst")
    rows = signal_store.bursts(con, since, date.max) if rules else []
    watched: dict[WatchKey, Watched] = {}
    for back in range((rows[-1]["day"] - since).days + 1 if rows else 0):
        today = since + timedelta(days=back)
        now = datetime.combine(today, time(12), zone)
        signals = standing_bursts(rows, today)
        alerts, over = decide_watched(
            {rule.rule_id: signals for rule in rules},
            asked,
            watched,
            now=now,
            rules_version="",
            back={},
        )
        for key, last in watched.items():
            if last.alert_id in over:
                watched[key] = replace(last, phase="resolved")
        for alert in alerts:
            key = (alert.rule_id, alert.company_id or alert.topic_id or "")
            watched[key] = Watched(alert_id=alert.alert_id, phase="fired", created_at=now)
            yield alert


def _read(
    articles: Sequence[Article], config: Config, said: Verdicts
) -> tuple[list[TaggedArticle], dict[str, Findings]]:
    """Return articles in the form that rules test, and what was found in each of them."""
    read = config.reader.tag_stored(articles, verdicts=said)
    found = {each.article.article_id: each.found for each in read}
    return items_of(articles, found, config.alerts), found


def _nothing() -> dict[str, Any]:
    return {"alerts": 0, "updates": 0, "about": 0, "suppressed": 0, "sample": []}


def _count(day: dict[str, Any], alert: Alert, items: dict[str, TaggedArticle]) -> None:
    """Add an alert to the counts of its rule and day."""
    if alert.state == "suppressed":
        day["suppressed"] += 1
    elif alert.updates_alert_id:
        day["updates"] += 1
    else:
        day["alerts"] += 1
        item = items.get(alert.article_id or "")
        named = item.mentions if item else ()
        day["about"] += any(m.is_about and m.company_id in alert.companies for m in named)
        if len(day["sample"]) < SAMPLES:
            day["sample"].append(alert.title)
