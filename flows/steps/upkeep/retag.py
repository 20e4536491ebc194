"""Retag of all stored articles by today's rules, and the differences."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime

import duckdb

from flows.home import Config
from flows.steps.affairs import refresh_all_affairs
from flows.steps.ingest.alerting import by_article, coverage_of
from flows.steps.regroup import regroup_part
from flows.steps.summary import Report
from flows.steps.upkeep.findings import Retagged, alert_key, tag_chunks
from flows.steps.warehouse import as_taught, open_writer, sync_rules
from transforms.alerts import KnownStories, Told, decide_alerts, items_of
from transforms.config import ConfigError
from transforms.models import Alert, Article, Mention, Tag
from transforms.release import VERSION
from warehouse.alerting import alerts as alert_store
from warehouse.file.connect import REWRITING, transaction, undone
from warehouse.news import articles as article_store
from warehouse.news import findings as finding_store
from warehouse.news import verdicts as verdict_store
from warehouse.news.search import sign_articles
from warehouse.upkeep import regroup as regroup_store
from warehouse.upkeep import retag as retag_store
from warehouse.upkeep.regroup import StoryCounts
from warehouse.upkeep.retag import Progress

Findings = tuple[Sequence[Mention], Sequence[Tag]]

# A process that waits for the lock polls it ten times a second.
_PAUSE = 0.3


def retag(
    config: Config, *, dry_run: bool, report: Report, progress: Callable[[str], None]
) -> Retagged:
    """Tag all articles again, then rebuild their stories, in parts under a lock each.

    Readers go on with the published file. Each turn's are one transaction, with all that
    is derived from them, and others may write between two: so one that is ended anywhere
    goes on where it was, and :func:`finish_retag` says that it is at its end. With
    *dry_run* nothing is written. Past articles raise no alert.

    Raises:
        ConfigError: An alias that is new would match far too much, or another watchlist
            became the warehouse's meanwhile.
    """
    retagged = Retagged()
    with _open(config, report) as con:
        config = as_taught(con, config)
    reached, last = _begun(config, report, dry_run=dry_run)
    while reached.seq < last:
        with _turn(config, reached, report, dry_run=dry_run) as con:
            done, until = reached.seq, min(reached.seq + retag_store.PART, last)
            articles = _stage(con, config, done, until, total=last, progress=progress)
            progress("comparing")
            retagged.add(_compared(con, config, articles, done, until))
            reached = reached._replace(seq=until)
            if not dry_run:
                progress("writing")
                version = config.watchlist.rules_version
                retag_store.exchange(con, done, until, rules_version=version)
                retag_store.record(con, rules_of(config), reached)
        time.sleep(_PAUSE)
    for stories in _regrouped(config, reached, report, progress, dry_run=dry_run):
        retagged.add(Retagged(stories=stories))
        time.sleep(_PAUSE)
    if not dry_run:
        progress("linking stories")
        with _open(config, report) as con, transaction(con):
            retag_store.finish(con)
            refresh_all_affairs(con, config.beat.concepts)
            # What is in no chunk: nothing, unless it came by another way.
            sign_articles(con)
    return retagged


def finish_retag(config: Config, report: Report) -> None:
    """Record that the retag is complete."""
    with _open(config, report) as con, transaction(con):
        retag_store.record(con, rules_of(config), None)


def rules_of(config: Config) -> str:
    """Return the version of the rules that a retag applies."""
    return f"{VERSION} {config.rules_version}"


def _begun(config: Config, report: Report, *, dry_run: bool) -> tuple[Progress, int]:
    """Return the start and the end of the retag; later articles have the new rules."""
    with _open(config, report) as con, _held(con, dry_run=dry_run):
        last = article_store.last_place(con)
        reached = None if dry_run else retag_store.begun(con, rules_of(config))
        if reached and reached.seq:
            report(f"resuming {_after(reached, last)}")
        if not dry_run:
            sync_rules(con, config)
            retag_store.record(con, rules_of(config), reached or Progress(0))
    return reached or Progress(0), last


def _after(reached: Progress, last: int) -> str:
    if reached.grouped_until:
        return f"with stories from {reached.grouped_until:%Y-%m-%d} on"
    return f"after {reached.seq:,} of {last:,} articles"


def _regrouped(
    config: Config,
    reached: Progress,
    report: Report,
    progress: Callable[[str], None],
    *,
    dry_run: bool,
) -> Iterator[StoryCounts]:
    """Rebuild stories by month or less under one lock; yield counts."""
    while True:
        with _turn(config, reached, report, dry_run=dry_run) as con:
            part = regroup_store.next_part(con, reached.grouped_until)
            if part is None:
                return
            progress(f"stories of {part.since:%Y-%m-%d} to {part.until:%Y-%m-%d}")
            counts = regroup_part(con, config, part, now=datetime.now(UTC))
            reached = reached._replace(grouped_until=part.until)
            retag_store.record(con, rules_of(config), reached)
        yield counts


@contextmanager
def _turn(
    config: Config, reached: Progress, report: Report, *, dry_run: bool
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse for one part, committed whole, or not at all in a dry run."""
    with _open(config, report) as con, _held(con, dry_run=dry_run):
        if not dry_run and retag_store.begun(con, rules_of(config)) != reached:
            raise ConfigError(
                "watchlist.toml",
                "another watchlist, or another retag, came in between",
                "see that one alone is left, and run: sinowire retag",
            )
        yield con


def _open(
    config: Config, report: Report
) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    return open_writer(config.settings, "retag", report, memory=REWRITING)


def _held(con: duckdb.DuckDBPyConnection, *, dry_run: bool) -> AbstractContextManager[None]:
    return undone(con) if dry_run else transaction(con)


def _stage(
    con: duckdb.DuckDBPyConnection,
    config: Config,
    after: int,
    until: int,
    *,
    total: int,
    progress: Callable[[str], None],
) -> int:
    """Stage new findings for a range of articles; return the number of articles."""
    retag_store.begin(con)
    articles = 0
    chunks = retag_store.texts(con, after, until)
    verdicts = verdict_store.of_articles(con)
    for found in tag_chunks(config.reader, chunks, verdicts, total=until - after):
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


def _new_matches(con: duckdb.DuckDBPyConnection, config: Config) -> dict[str, list[Alert]]:
    """Return alerts by rule that fire under the new findings but not the old."""
    ids = retag_store.lately_gaining(con)
    articles = article_store.get_articles(con, ids)
    at = article_store.places(con, ids)
    before = finding_store.mentions_of(con, at), finding_store.tags_of(con, at)
    after = retag_store.staged_mentions(con, ids), retag_store.staged_tags(con, ids)
    known = {alert_key(alert) for alert in _alerts(con, config, articles, before)}
    matches: dict[str, list[Alert]] = defaultdict(list)
    for alert in _alerts(con, config, articles, after):
        if alert_key(alert) not in known:
            matches[alert.rule_id].append(alert)
    return dict(matches)


def _alerts(
    con: duckdb.DuckDBPyConnection,
    config: Config,
    articles: Sequence[Article],
    findings: Findings,
) -> list[Alert]:
    """Return alerts decided day by day, since rules look back a limited time."""
    days: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        days[article.first_seen_at.date().isoformat()].append(article)
    mentions, tags = by_article(findings[0]), by_article(findings[1])
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
