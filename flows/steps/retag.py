"""Recompute mentions and tags of everything stored, and say what differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import duckdb

from flows.home import Config
from flows.steps.ingest import Report
from flows.steps.store import open_writer, sync_rules
from transforms.models import Article, Mention, Tag
from transforms.tagging import tag_article
from warehouse import articles as article_store
from warehouse import stories as story_store
from warehouse.connect import REWRITING, transaction

Subject = tuple[str, str]


@dataclass(kw_only=True)
class Retagged:
    """What a retagging adds and removes, by (kind, id), with an example headline each."""

    articles: int = 0
    added: Counter[Subject] = field(default_factory=Counter)
    removed: Counter[Subject] = field(default_factory=Counter)
    examples: dict[Subject, str] = field(default_factory=dict)

    def rows(self) -> list[dict[str, object]]:
        """Return a row per company or topic that changes, the greatest change first."""
        subjects = self.added.keys() | self.removed.keys()
        by_size = sorted(subjects, key=lambda s: (-self.added[s] - self.removed[s], s))
        return [
            {
                "kind": subject[0],
                "id": subject[1],
                "added": self.added[subject],
                "removed": self.removed[subject],
                "example": self.examples[subject],
            }
            for subject in by_size
        ]

    def sentence(self, *, dry_run: bool) -> str:
        """Return the whole of it in words."""
        verb = "would be" if dry_run else "were"
        return (
            f"{self.articles} articles read: {self.added.total()} findings {verb} "
            f"added, {self.removed.total()} {verb} removed"
        )


def retag(
    config: Config, *, dry_run: bool, report: Report, progress: Callable[[str], None]
) -> Retagged:
    """Tag all articles anew in one transaction; readers go on with the published file.

    With *dry_run* nothing is written. Past articles raise no alert.
    """
    made = Retagged()
    turn = open_writer(config.settings, "retag", report, memory=REWRITING)
    with turn as con, transaction(con):
        total = article_store.count_articles(con)
        for articles in article_store.iterate_articles(con):
            mentions, tags = _findings(articles, config)
            _compare(con, articles, mentions, tags, made)
            if not dry_run:
                ids = [article.article_id for article in articles]
                article_store.replace_findings(con, ids, mentions, tags)
            made.articles += len(articles)
            progress(f"{made.articles} of {total} articles")
        if not dry_run:
            sync_rules(con, config)
            story_store.refresh_all_stories(con, config.watchlist.rules_version)
    return made


def _findings(
    articles: Iterable[Article], config: Config
) -> tuple[list[Mention], list[Tag]]:
    mentions: list[Mention] = []
    tags: list[Tag] = []
    for article in articles:
        found_mentions, found_tags = tag_article(article, config.tagger)
        mentions += found_mentions
        tags += found_tags
    return mentions, tags


def _compare(
    con: duckdb.DuckDBPyConnection,
    articles: Sequence[Article],
    mentions: Sequence[Mention],
    tags: Sequence[Tag],
    made: Retagged,
) -> None:
    ids = [article.article_id for article in articles]
    titles = {article.article_id: article.title for article in articles}
    before = _keys(article_store.mentions_of(con, ids), article_store.tags_of(con, ids))
    after = _keys(mentions, tags)
    for changes, counts in ((after - before, made.added), (before - after, made.removed)):
        for article_id, *subject in sorted(changes):
            kind, key = subject
            counts[(kind, key)] += 1
            made.examples.setdefault((kind, key), titles[article_id])


def _keys(mentions: Iterable[Mention], tags: Iterable[Tag]) -> set[tuple[str, str, str]]:
    return {(m.article_id, "company", m.company_id) for m in mentions} | {
        (t.article_id, t.kind, t.topic_id) for t in tags
    }
