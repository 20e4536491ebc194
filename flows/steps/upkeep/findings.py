"""Findings of stored articles: recomputed in processes, and compared with the old."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any

import duckdb
import orjson

from flows.home import Config
from flows.steps.ingest.alerting import coverage_of
from flows.steps.processes import at_hand, in_processes
from flows.steps.reach import Scope
from transforms.alerts import KnownStories, Told, decide_alerts, items_of
from transforms.articles.normalize import content_hash, headline_of
from transforms.articles.reader import EntryReader, keys_of
from transforms.grouping import grouped
from transforms.headlines.digests import is_digest as tells_many
from transforms.models import Alert, Article, Findings
from transforms.models.findings import joined
from transforms.models.verdicts import Verdict
from transforms.names.tagging import Tagger, Untagged, read_lead, tag_all
from transforms.search.query import signature
from transforms.text.fold import search_text
from transforms.text.lengths import counted
from warehouse import appends
from warehouse.alerting import alerts as alert_store
from warehouse.news import articles as article_store
from warehouse.news.findings import FINDINGS, of_articles
from warehouse.queries import Row
from warehouse.upkeep import retag as retag_store
from warehouse.upkeep.regroup import StoryCounts
from warehouse.upkeep.retag import (
    ALERT_DAYS,
    BEAT_FIELDS,
    KEY_FIELDS,
    SIGN_FIELDS,
    TITLE_FIELDS,
    Columns,
    StagedFindings,
    StoredText,
)

# A process takes half a second to start, which tags two thousand articles right here.
FEWEST = 5_000
Rows = Sequence[tuple[Any, ...]]
Verdicts = Mapping[str, Sequence[Verdict]]
_readers: list[tuple[EntryReader, Verdicts]] = []
_COUNTS = ("added", "removed")


def tag_chunks(
    reader: EntryReader, chunks: Iterable[Rows], verdicts: Verdicts, *, total: int
) -> Iterator[StagedFindings]:
    """Yield the findings of each chunk of articles, in order, subject to *verdicts*.

    *chunks* is only read in this process and thread, as it is asked for.
    """
    if total < FEWEST or at_hand() == 1:
        yield from (_found(reader, rows, verdicts) for rows in chunks)
        return
    yield from in_processes(_find, chunks, begin=_begin, given=(reader, verdicts))


def _begin(reader: EntryReader, verdicts: Verdicts) -> None:
    _readers.append((reader, verdicts))


def _find(rows: Rows) -> StagedFindings:
    [(reader, verdicts)] = _readers
    return _found(reader, rows, verdicts)


def _found(reader: EntryReader, rows: Rows, verdicts: Verdicts) -> StagedFindings:
    stored = list(map(StoredText._make, rows))
    texts = list(map(_by_rules_of_today, stored))
    found = tag_all(
        (_untagged(text, reader.tagger, verdicts) for text in texts),
        reader.tagger,
        rejects=not reader.looks_always(),
    )
    rows_found: list[Findings] = []
    beats: list[tuple[Any, ...]] = []
    titles: list[tuple[Any, ...]] = []
    keys: list[tuple[Any, ...]] = []
    signs: list[tuple[Any, ...]] = []
    for before, text, tagged in zip(stored, texts, found, strict=True):
        article_id, title, is_digest = text.article_id, text.title, text.is_digest
        rows_found.append(reader.findings(text, tagged))
        weighed = tagged.headline_weight, tagged.report_score
        beats.append((article_id, *tagged.beat, *weighed))
        found_by = keys_of(
            title,
            tagged.mentions,
            reader.rules.concepts,
            language=text.language,
            is_on_beat=tagged.beat.is_on_beat,
        )
        if orjson.dumps(found_by).decode() != text.keys:
            keys.append((text.seq, found_by))
        searched = text.words or ""
        if text != before:
            searched = search_text(title, text.summary)
            hashed = content_hash(title, text.summary)
            titles.append((article_id, title, is_digest, hashed, searched))
        if text.words is not None:
            signs.append((text.seq, signature(searched)))
    return StagedFindings(
        articles=len(rows),
        columns={
            **_staged(joined(rows_found)),
            "beats": _columns(beats, BEAT_FIELDS),
            "titles": _columns(titles, TITLE_FIELDS),
            "keys": _columns(keys, KEY_FIELDS),
            "signs": _columns(signs, SIGN_FIELDS),
        },
    )


def _by_rules_of_today(text: StoredText) -> StoredText:
    title = headline_of(text.title, (text.publisher,))
    return text._replace(title=title, is_digest=tells_many(title))


def _untagged(text: StoredText, tagger: Tagger, verdicts: Verdicts) -> Untagged:
    page = text.page or ""
    return Untagged(
        tagger.read(text.title, text.summary, page or text.content),
        text.article_id,
        text.is_digest,
        text.day,
        (text.feed_id, text.publisher),
        read_lead(tagger, text.title, text.summary, page),
        verdicts.get(text.article_id, ()),
    )


def _staged(found: Findings) -> Mapping[str, Columns]:
    """Return what was found as columns of each table.

    With whether a summary's mention repeats a name of the title.
    """
    of_table = zip(FINDINGS.items(), found, strict=True)
    staged: dict[str, dict[str, str]] = {
        table: appends.columns(rows, appends.names(kind))
        for (table, (kind, _)), rows in of_table
    }
    in_title = {(m.article_id, m.company_id) for m in found.mentions if m.field == "title"}
    repeats = [
        m.field == "summary" and (m.article_id, m.company_id) in in_title
        for m in found.mentions
    ]
    staged["mentions"]["is_repeat"] = orjson.dumps(repeats).decode()
    return staged


def _columns(records: Sequence[tuple[Any, ...]], names: Sequence[str]) -> Columns:
    """Return each field of *records* as JSON: one text is cheaper to pass than objects."""
    columns = zip(*records, strict=True) if records else ((),) * len(names)
    return {
        name: orjson.dumps(column).decode()
        for name, column in zip(names, columns, strict=True)
    }


@dataclass(kw_only=True)
class Retagged:
    """Changes by a retag: findings by company, topic or event, alerts by rule.

    ``lost_alerts`` rest on a finding that goes; ``new_matches`` would have been alerts
    of the last days. Neither is sent, and neither is taken back. ``stories`` says what
    became of those that were stored. ``scope`` is what was read, ``days`` those on which
    anything may have changed that terms are made of: None are all.
    """

    articles: int = 0
    changes: list[Row] = field(default_factory=list)
    lost_alerts: dict[str, Row] = field(default_factory=dict)
    new_matches: dict[str, list[Alert]] = field(default_factory=dict)
    stories: StoryCounts = field(default_factory=StoryCounts)
    scope: Scope | None = None
    days: Sequence[datetime] | None = None

    def add(self, part: Retagged) -> None:
        """Add the changes of further articles, which come after those before."""
        self.articles += part.articles
        self.stories = StoryCounts(*map(sum, zip(self.stories, part.stories, strict=True)))
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
            matches = self.new_matches.setdefault(rule_id, [])
            keys = {alert_key(alert) for alert in matches}
            matches += [alert for alert in alerts if alert_key(alert) not in keys]

    def rows(self) -> list[Row]:
        """Return one row per changed company or topic, then one per rule."""
        rules = sorted(self.lost_alerts.keys() | self.new_matches.keys())
        names = ("kind", "id", *_COUNTS, "example")
        changes = (
            {name: row[name] for name in names}
            for row in sorted(
                self.changes,
                key=lambda row: (-row["added"] - row["removed"], row["kind"], row["id"]),
            )
        )
        return [*changes, *map(self._rule, rules)]

    def sentences(self, *, dry_run: bool) -> list[str]:
        """Return the changes as sentences."""
        verb = "would be" if dry_run else "were"
        added, removed = (sum(row[key] for row in self.changes) for key in _COUNTS)
        lost = sum(row["alerts"] for row in self.lost_alerts.values())
        matches = sum(map(len, self.new_matches.values()))
        findings = (
            f"{counted(self.articles, 'article')} read; findings that {verb} added: "
            f"{added:,}, removed: {removed:,}"
        )
        alerts = (
            f"{counted(lost, 'past alert')} lost {'its' if lost == 1 else 'their'} match; "
            f"{matches:,} more would have fired in the last {ALERT_DAYS} days. "
            "Nothing is sent or retracted."
        )
        split, joined, unchanged = self.stories
        stories = (
            f"stories that {verb} split: {split:,}, joined to others: {joined:,}, "
            f"unchanged: {unchanged:,}"
        )
        return [findings, stories, alerts]

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


def alert_key(alert: Alert) -> tuple[str, str | None]:
    """Return the rule and story of an alert: a rule fires once a story."""
    return alert.rule_id, alert.story_id


def new_matches(con: duckdb.DuckDBPyConnection, config: Config) -> dict[str, list[Alert]]:
    """Return alerts by rule that fire under the new findings but not the old."""
    ids = retag_store.lately_gaining(con)
    articles = article_store.get_articles(con, ids)
    before = of_articles(con, article_store.places(con, ids).values())
    after = of_articles(con, ids, is_staged=True)
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
    findings: Mapping[str, Findings],
) -> list[Alert]:
    """Return alerts decided day by day, since rules look back a limited time."""
    days = grouped(articles, lambda article: article.first_seen_at.date())
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
            items_of(day, findings, config.alerts),
            config.alerts,
            known,
            now=max(article.first_seen_at for article in day),
            rules_version=config.watchlist.rules_version,
        )
    ]
