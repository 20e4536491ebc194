"""Find anew what all stored articles say, and say what differs."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import itemgetter

import duckdb

from flows.home import Config
from flows.steps.affairs import refresh_all_affairs
from flows.steps.ingest.alerting import coverage_of
from flows.steps.ingest.tagging import tag_chunks
from flows.steps.summary import Report
from flows.steps.warehouse import open_writer, sync_rules
from transforms.alerts import KnownStories, Told, decide_alerts, items_of
from transforms.config import ConfigError
from transforms.models import Alert, Article, Mention, Tag
from transforms.release import VERSION
from transforms.text.plural import counted
from warehouse.alerting import alerts as alert_store
from warehouse.file.connect import REWRITING, transaction
from warehouse.news import articles as article_store
from warehouse.news import findings as finding_store
from warehouse.news import verdicts as verdict_store
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

    def add(self, part: Retagged) -> None:
        """Add what some further articles change, which came after those before."""
        self.articles += part.articles
        known = {(row["kind"], row["id"]): row for row in self.changes}
        for row in part.changes:
            before = known.get((row["kind"], row["id"]))
            if before is None:
                self.changes.append(row)
                continue
            first = min(before, row, key=itemgetter("article_id"))
            totals = {name: before[name] + row[name] for name in _COUNTS}
            before |= {**first, **totals}
        for rule_id, row in part.lost_alerts.items():
            alerts = row["alerts"] + self.lost_alerts.get(rule_id, {"alerts": 0})["alerts"]
            self.lost_alerts[rule_id] = {**row, "alerts": alerts}
        for rule_id, alerts in part.new_matches.items():
            told = self.new_matches.setdefault(rule_id, [])
            keys = {_key(alert) for alert in told}
            told += [alert for alert in alerts if _key(alert) not in keys]

    def rows(self) -> list[Row]:
        """Return a row per company or topic that changes, then one per rule."""
        rules = sorted(self.lost_alerts.keys() | self.new_matches.keys())
        return [*map(_change, self._sorted()), *map(self._rule, rules)]

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

    def _sorted(self) -> list[Row]:
        """Return the greatest change first."""
        return sorted(
            self.changes,
            key=lambda row: (-row["added"] - row["removed"], row["kind"], row["id"]),
        )

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
# Whoever waits for the turn looks ten times a second.
_PAUSE = 0.3


def _change(row: Row) -> Row:
    return {name: row[name] for name in ("kind", "id", *_COUNTS, "example")}


def retag(
    config: Config, *, dry_run: bool, report: Report, progress: Callable[[str], None]
) -> Retagged:
    """Tag all articles anew, so many in a turn; readers go on with the published file.

    Each turn's are one transaction, with all that is derived from them, and others may
    write between two: so one that is ended anywhere goes on where it was, and
    :func:`finish_retag` says that it is at its end. With *dry_run* nothing is written.
    Past articles raise no alert.

    Raises:
        ConfigError: An alias that is new would match far too much, or another watchlist
            became the warehouse's meanwhile.
    """
    made, done, last = Retagged(), None, 0
    while done is None or done < last:
        with _turn(config, report) as con:
            if done is None:
                done, last = _begin(con, config, report, dry_run=dry_run)
            elif not dry_run:
                _check_goes_on(con, config, done)
            until = min(done + retag_store.PART, last)
            articles = _stage(con, config, done, until, total=last, progress=progress)
            progress("comparing")
            made.add(_compared(con, config, articles, done, until))
            if not dry_run:
                progress("writing")
                _write(con, config, done, until)
            done = until
        time.sleep(_PAUSE if done < last else 0.0)
    if not dry_run:
        progress("linking stories")
        with _turn(config, report) as con:
            retag_store.finish(con)
            refresh_all_affairs(con)
            # What is in no chunk: nothing, unless it came by another way.
            sign_articles(con)
    return made


def finish_retag(config: Config, report: Report) -> None:
    """Record that nothing is left to be made anew."""
    with _turn(config, report) as con:
        retag_store.record(con, rules_of(config), None)


def rules_of(config: Config) -> str:
    """Return by which rules a retag of today finds."""
    return f"{VERSION} {config.watchlist.rules_version}"


@contextmanager
def _turn(config: Config, report: Report) -> Iterator[duckdb.DuckDBPyConnection]:
    turn = open_writer(config.settings, "retag", report, memory=REWRITING)
    with turn as con, transaction(con):
        yield con


def _begin(
    con: duckdb.DuckDBPyConnection, config: Config, report: Report, *, dry_run: bool
) -> tuple[int, int]:
    """Return where to go on, and where to end: what comes later is tagged as it comes."""
    last = article_store.last_place(con)
    if dry_run:
        return 0, last
    sync_rules(con, config)
    done = retag_store.begun(con, rules_of(config))
    if done:
        report(f"going on after {done:,} of {last:,} articles: so far it was before")
    retag_store.record(con, rules_of(config), done or 0)
    return done or 0, last


def _check_goes_on(con: duckdb.DuckDBPyConnection, config: Config, done: int) -> None:
    if retag_store.begun(con, rules_of(config)) != done:
        raise ConfigError(
            "watchlist.toml",
            "another watchlist, or another retag, came in between",
            "see that one alone is left, and run: sinowire retag",
        )


def _stage(
    con: duckdb.DuckDBPyConnection,
    config: Config,
    after: int,
    until: int,
    *,
    total: int,
    progress: Callable[[str], None],
) -> int:
    """Find anew what a range of articles says; return how many these are."""
    retag_store.begin(con)
    articles = 0
    chunks = retag_store.texts(con, after, until)
    verdicts = verdict_store.of_articles(con)
    for found in tag_chunks(config.watchlist, chunks, verdicts, total=until - after):
        retag_store.stage(con, found)
        articles += found.articles
        progress(f"{after + articles} of {total} articles")
    return articles


def _compared(
    con: duckdb.DuckDBPyConnection, config: Config, articles: int, after: int, until: int
) -> Retagged:
    changes, lost = retag_store.changes(con, after, until)
    return Retagged(
        articles=articles,
        changes=changes,
        lost_alerts={row["rule_id"]: row for row in lost},
        new_matches=_new_matches(con, config),
    )


def _write(con: duckdb.DuckDBPyConnection, config: Config, after: int, until: int) -> None:
    version = config.watchlist.rules_version
    retag_store.exchange(con, after, until, rules_version=version)
    retag_store.record(con, rules_of(config), until)


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
