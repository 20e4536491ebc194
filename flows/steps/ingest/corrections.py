"""Correct alerts on articles that their own outlets took over from another feed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

import duckdb

from flows.home import Config
from flows.steps.ingest.alerting import Arrivals, coverage_of
from transforms.alerts import items_of
from transforms.alerts.decisions.corrections import ToldHeadline, correct
from transforms.models import Alert
from transforms.names.tagging import tag_document
from warehouse.alerting import alerts as alert_store
from warehouse.news import verdicts as verdict_store


def corrections_of(
    con: duckdb.DuckDBPyConnection, arrivals: Arrivals, config: Config, *, now: datetime
) -> list[Alert]:
    """Return corrections of what was told of the articles that were taken over.

    The outlet's feed may be new here, and so raise no alert: a mistake is corrected.
    """
    told = _headlines(con, config, arrivals.taken)
    taken = [a for a in arrivals.changed if a.article_id in told]
    coverage = coverage_of(con, {a.story_id for a in taken}) if taken else {}
    return [
        alert
        for item in items_of(taken, arrivals.mentions, arrivals.tags, config.alerts)
        for alert in correct(
            told[item.article.article_id],
            item,
            config.alerts,
            coverage[item.article.story_id],
            now=now,
            rules_version=config.watchlist.rules_version,
        )
    ]


def _headlines(
    con: duckdb.DuckDBPyConnection, config: Config, article_ids: Collection[str]
) -> dict[str, list[ToldHeadline]]:
    """Return the headlines that alerts told of articles, the earliest first."""
    told: dict[str, list[ToldHeadline]] = defaultdict(list)
    verdicts = verdict_store.of_articles(con) if article_ids else {}
    for row in alert_store.headlines_of(con, article_ids):
        article_id, title = row["article_id"], row["title"]
        document = config.tagger.read(title, "")
        said = verdicts.get(article_id, ())
        mentions = tag_document(document, config.tagger, article_id, verdicts=said).mentions
        told[article_id].append(
            ToldHeadline(
                alert_id=row["alert_id"],
                rule_id=row["rule_id"],
                title=title,
                companies=tuple(row["companies"]),
                topic_id=row["topic_id"],
                mentions=mentions,
            )
        )
    return told
