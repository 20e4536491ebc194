"""Backtest of today's rules over the history: the alerts they would have raised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from flows.home import Config
from flows.steps.ingest.alerting import coverage_of, retold, settled_of
from flows.steps.trends import standing_bursts
from transforms.alerts import (
    AlertRules,
    Rehearsal,
    TaggedArticle,
    Watched,
    decide_watched,
)
from transforms.alerts.decisions.watch import WatchKey
from transforms.articles.reader import claims_of
from transforms.models import Alert, Article, ArticleClaim
from transforms.names.tagging import tag_article
from warehouse.news import articles as article_store
from warehouse.news import stories as affair_store
from warehouse.news import verdicts as verdict_store
from warehouse.news.verdicts import Verdicts
from warehouse.numbers import trends as signal_store

# Articles seen within such a time are decided together, as those of a run are.
BATCH = timedelta(minutes=10)
SAMPLES = 3


def backtest(
    con: duckdb.DuckDBPyConnection,
    config: Config,
    *,
    since: datetime,
    rule_id: str | None = None,
) -> list[dict[str, Any]]:
    """Return a row per day and rule: alerts, updates, suppressed ones, and samples.

    Articles are replayed as they were first seen, under today's watchlist and rules, with
    the present stories but only the outlets that had reported them by then. Articles of the
    first poll of a feed are silent, as they were. ``about`` counts the alerts whose
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
    for articles in _batches(con, since):
        now = max(article.first_seen_at for article in articles)
        day = now.astimezone(zone).date().isoformat()
        items, claims = _read(articles, config, said)
        about = {item.article.article_id: item for item in items}
        silent = {a.article_id for a in articles if seeds.get(a.feed_id) == a.first_seen_at}
        coverage = coverage_of(
            con, {a.story_id for a in articles}, last=articles[-1].article_id
        )
        affairs = affair_store.affairs_of(con, coverage)
        heard = [a for a in articles if a.article_id not in silent]
        settled = settled_of(con, alerts, heard, claims, last=articles[-1].article_id)
        for alert in rehearsal.take(
            items, coverage, now=now, silent=silent, affairs=affairs, settled=settled
        ):
            _count(days[day, alert.rule_id], alert, about)
    for alert in _on_bursts(con, alerts, since.astimezone(zone).date(), zone):
        day = alert.created_at.date().isoformat()
        _count(days[day, alert.rule_id], alert, {})
    return [
        {"day": day, "rule_id": rule_id, **row, "sample": " | ".join(row["sample"])}
        for (day, rule_id), row in sorted(days.items(), key=itemgetter(0))
    ]


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
) -> tuple[list[TaggedArticle], dict[str, list[ArticleClaim]]]:
    """Return articles in the form that rules test, and what each of them claims."""
    tagged = {
        a.article_id: tag_article(a, config.tagger, verdicts=said.get(a.article_id, ()))
        for a in articles
    }
    claims = {
        a.article_id: claims_of(
            a.article_id, tagged[a.article_id], config.watchlist, is_digest=a.is_digest
        )
        for a in articles
    }
    return retold(articles, tagged, config.alerts, config.watchlist), claims


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
