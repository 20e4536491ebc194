"""Findings and stories of stored articles, derived anew."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import duckdb

from flows.home import Config
from flows.steps.affairs import refresh_affairs
from transforms.stories.pairs.similarity import WINDOW
from warehouse.news import articles as article_store
from warehouse.news import coverage as coverage_store
from warehouse.news import findings as finding_store
from warehouse.news import stories as story_store
from warehouse.news import texts as text_store
from warehouse.news import verdicts as verdict_store


def find_anew(
    con: duckdb.DuckDBPyConnection, config: Config, article_ids: Sequence[str]
) -> None:
    """Tag stored articles again, by today's rules, full texts and verdicts.

    With all that is derived of it. No alert comes of it.
    """
    at = article_store.places(con, article_ids)
    before = article_store.few_articles(con, at.values())
    if not before:
        return
    pages = text_store.texts_of(con, at)
    verdicts = verdict_store.of_articles(con)
    read = config.reader.tag_stored(before, pages=pages, verdicts=verdicts)
    articles = [each.article for each in read]
    mentions = [mention for each in read for mention in each.mentions]
    tags = [tag for each in read for tag in each.tags]
    facts = [fact for each in read for fact in each.facts]
    article_store.update_articles(con, articles, at=at)
    finding_store.replace_findings(
        con,
        mentions,
        tags,
        facts,
        at,
        measures=[measure for each in read for measure in each.measures],
        claims=[claim for each in read for claim in each.claims],
    )
    coverage_store.refresh_coverage(con, articles, before, mentions, tags)
    touched = {article.story_id for article in articles}
    since = min(article.published_at for article in articles)
    refresh_stories_of(con, config, touched, since=since)


def refresh_heads(
    con: duckdb.DuckDBPyConnection, config: Config, article_ids: Sequence[str]
) -> None:
    """Rebuild the stories of these articles after a change of headline."""
    at = article_store.places(con, article_ids)
    articles = article_store.few_articles(con, at.values())
    if articles:
        since = min(article.published_at for article in articles)
        touched = {article.story_id for article in articles}
        refresh_stories_of(con, config, touched, since=since)


def refresh_stories_of(
    con: duckdb.DuckDBPyConnection,
    config: Config,
    touched: Collection[str],
    *,
    since: datetime,
) -> None:
    """Rebuild stories from *since* on, the counts of their days, and affairs."""
    since = story_store.began(con, touched, since=since - WINDOW)
    coverage_store.refresh_story_days(con, touched, since=since)
    story_store.refresh_stories(con, touched, config.watchlist.rules_version, since=since)
    refresh_affairs(con, touched, config.beat.concepts, since=since)
