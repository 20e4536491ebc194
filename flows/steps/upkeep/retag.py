"""Find anew what all stored articles say, and say what differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import duckdb

from flows.home import Config
from flows.steps.affairs import refresh_all_affairs
from flows.steps.ingest.alerting import coverage_of
from flows.steps.ingest.tagging import tag_chunks
from flows.steps.summary import Report
from flows.steps.warehouse import open_writer, sync_rules
from transforms.alerts import KnownStories, Told, decide_alerts, items_of
from transforms.models import Alert, Article, Mention, Tag
from transforms.text.plural import counted
from warehouse.alerting import alerts as alert_store
from warehouse.file.connect import REWRITING, transaction
from warehouse.news import articles as article_store
from warehouse.news import findings as finding_store
from warehouse.news import stories as story_store
from warehouse.news.search import sign_articles
from warehouse.queries import Row
from warehouse.upkeep import retag as retag_store

Findings = tuple[Sequence[Mention], Sequence[Tag]]


@dataclass(kw_only=True)
class Retagged:
    """What a retagging changes: findings by company, topic or event, alerts by rule.

    ``lost_alerts`` rest on a finding that goes; ``new_matches`` would have been alerts
    of the last days. Neither is sent, and neither is taken back.
    """

    articles: int = 0
    changes: list[Row] = field(default_factory=list)
    lost_alerts: dict[str, Row] = field(default_factory=dict)
    new_matches: dict[str, list[Alert]] = field(default_factory=dict)

    def rows(self) -> list[Row]:
        """Return a row per company or topic that changes, then one per rule."""
        rules = sorted(self.lost_alerts.keys() | self.new_matches.keys())
        return [*self.changes, *map(self._rule, rules)]

    def sentences(self, *, dry_run: bool) -> list[str]:
        """Return the whole of it in words."""
        verb = "would be" if dry_run else "were"
        added, removed = (sum(row[key] for row in self.changes) for key in _COUNTS)
        lost = sum(row["alerts"] for row in self.lost_alerts.values())
        matches = sum(map(len, self.new_matches.values()))
        findings = (
            f"{counted(self.articles, 'article')} read; findings that {verb} added: "
            f"{added:,}, removed: {removed:,}"
        )
        alerts = (
            f"past alerts that rest on a removed finding: {lost:,}; further alerts that "
            f"would have fired in the last {retag_store.ALERT_DAYS} days: {matches:,}; "
            "none is sent or taken back"
        )
        return [findings, alerts]

    def _rule(self, rule_id: str) -> Row:
        lost = self.lost_alerts.get(rule_id)
        new = self.new_matches.get(rule_id, [])
        return {
            "kind": "alerts of rule",
            "id": rule_id,
            "added": len(new),
            "removed": lost["alerts"] if lost else 0,
            "example": new[0].title if new else lost["example"] if lost else "",
        }


_COUNTS = ("added", "removed")


def retag(
    config: Config, *, dry_run: bool, report: Report, progress: Callable[[str], None]
) -> Retagged:
    """Tag all articles anew in one transaction; readers go on with the published file.

    With *dry_run* nothing is written. Past articles raise no alert.

    Raises:
        ConfigError: An alias that is new would match far too much.
    """
    turn = open_writer(config.settings, "retag", report, memory=REWRITING)
    with turn as con, transaction(con):
        if not dry_run:
            sync_rules(con, config)
        made = Retagged(articles=_stage(con, config, progress))
        progress("comparing")
        made.changes = retag_store.changes(con)
        made.lost_alerts = {row["rule_id"]: row for row in retag_store.lost_alerts(con)}
        made.new_matches = _new_matches(con, config)
        if not dry_run:
            progress("writing")
            retag_store.exchange(con)
            story_store.refresh_all_stories(con, config.watchlist.rules_version)
            refresh_all_affairs(con)
            retag_store.list_anew(con)
            # What is in no chunk: nothing, unless it came by another way.
            sign_articles(con)
    return made


def _stage(
    con: duckdb.DuckDBPyConnection, config: Config, progress: Callable[[str], None]
) -> int:
    total = article_store.count_articles(con)
    retag_store.begin(con)
    done = 0
    for found in tag_chunks(config.watchlist, retag_store.texts(con), total=total):
        retag_store.stage(con, found)
        done += found.articles
        progress(f"{done} of {total} articles")
    return done


def _new_matches(con: duckdb.DuckDBPyConnection, config: Config) -> dict[str, list[Alert]]:
    """Return by rule what it would say under the new findings and not under the old."""
    ids = retag_store.lately_gaining(con)
    articles = article_store.get_articles(con, ids)
    at = article_store.places(con, ids)
    before = finding_store.mentions_of(con, at), finding_store.tags_of(con, at)
    after = retag_store.staged_mentions(con, ids), retag_store.staged_tags(con, ids)
    known = {_key(alert) for alert in _alerts(con, config, articles, before)}
    matches: dict[str, list[Alert]] = defaultdict(list)
    for alert in _alerts(con, config, articles, after):
        if _key(alert) not in known:
            matches[alert.rule_id].append(alert)
    return dict(matches)


def _alerts(
    con: duckdb.DuckDBPyConnection,
    config: Config,
    articles: Sequence[Article],
    findings: Findings,
) -> list[Alert]:
    """Decide day by day, since a rule looks only so far back from its clock."""
    days: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        days[article.first_seen_at.date().isoformat()].append(article)
    mentions, tags = defaultdict(list), defaultdict(list)
    for mention in findings[0]:
        mentions[mention.article_id].append(mention)
    for tag in findings[1]:
        tags[tag.article_id].append(tag)
    stories = {article.story_id for article in articles}
    told = {
        (row["rule_id"], row["story_id"]): Told(alert_id=row["alert_id"], is_open=False)
        for row in alert_store.told(con, stories)
    }
    known = KnownStories(coverage=coverage_of(con, stories), told=told)
    return [
        alert
        for day in days.values()
        for alert in decide_alerts(
            items_of(day, mentions, tags, config.alerts),
            config.alerts,
            known,
            now=max(article.first_seen_at for article in day),
            rules_version=config.watchlist.rules_version,
        )
    ]


def _key(alert: Alert) -> tuple[str, str | None]:
    return alert.rule_id, alert.story_id
