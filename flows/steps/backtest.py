"""Run today's rules over the history: what would have fired."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from flows.home import Config
from transforms.alerts import decide_alerts
from transforms.models import Alert, Article, Mention, Tag
from transforms.tagging import tag_article
from warehouse import alerts as alert_store
from warehouse import articles as article_store

Tagged = Mapping[str, tuple[list[Mention], list[Tag]]]


def backtest(
    con: duckdb.DuckDBPyConnection, config: Config, *, since: datetime
) -> list[dict[str, Any]]:
    """Return a row per day and rule: alerts, suppressed ones, and a sample headline.

    Articles are replayed day by day as they were first seen, under today's watchlist
    and rules and with the stories as they stand. ``about`` counts the alerts whose
    article is about the company: what the rule would keep with ``about = true``.
    """
    zone = ZoneInfo(config.settings.reporting_zone)
    by_day: dict[str, list[Article]] = defaultdict(list)
    for articles in article_store.iterate_articles(con):
        for article in articles:
            if article.first_seen_at >= since:
                day = article.first_seen_at.astimezone(zone).date().isoformat()
                by_day[day].append(article)
    alerted: set[tuple[str, str | None, str]] = set()
    last: dict[tuple[str, str | None], datetime] = {}
    rows: list[dict[str, Any]] = []
    for day, articles in sorted(by_day.items()):
        tagged = {a.article_id: tag_article(a, config.tagger) for a in articles}
        alerts = _decide(con, config, articles, tagged, alerted=alerted, last=last)
        for alert in alerts:
            alerted.add((alert.rule_id, alert.company_id, alert.story_id or ""))
            last[(alert.rule_id, alert.company_id)] = alert.created_at
        rows += _rows(day, alerts, _subjects(tagged))
    return rows


def _decide(
    con: duckdb.DuckDBPyConnection,
    config: Config,
    articles: list[Article],
    tagged: Tagged,
    *,
    alerted: set[tuple[str, str | None, str]],
    last: dict[tuple[str, str | None], datetime],
) -> list[Alert]:
    return decide_alerts(
        articles,
        {key: mentions for key, (mentions, _) in tagged.items()},
        {key: tags for key, (_, tags) in tagged.items()},
        config.alerts,
        now=max(article.first_seen_at for article in articles),
        silent_feeds=frozenset(),
        publishers=alert_store.publishers_of(con, {a.story_id for a in articles}),
        alerted=alerted,
        last_alert_at=last,
        rules_version=config.watchlist.rules_version,
    )


def _subjects(tagged: Tagged) -> set[tuple[str | None, str | None]]:
    """Return which articles are about which companies."""
    mentions = (mention for found, _ in tagged.values() for mention in found)
    return {(m.article_id, m.company_id) for m in mentions if m.is_about}


def _rows(
    day: str,
    alerts: Iterable[Alert],
    subjects: Collection[tuple[str | None, str | None]],
) -> list[dict[str, Any]]:
    fired: Counter[str] = Counter()
    about: Counter[str] = Counter()
    held: Counter[str] = Counter()
    sample: dict[str, str] = {}
    for alert in alerts:
        (held if alert.state == "suppressed" else fired)[alert.rule_id] += 1
        is_subject = (alert.article_id, alert.company_id) in subjects
        about[alert.rule_id] += is_subject and alert.state != "suppressed"
        sample.setdefault(alert.rule_id, alert.title)
    return [
        {
            "day": day,
            "rule_id": rule_id,
            "alerts": fired[rule_id],
            "about": about[rule_id],
            "suppressed": held[rule_id],
            "sample": sample[rule_id],
        }
        for rule_id in sorted(sample)
    ]
