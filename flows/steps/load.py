"""Commit a batch of polls: articles, stories, alerts and cursors in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

import duckdb

from connectors.feeds.poll import Polled
from flows.home import Config
from flows.steps.alerting import Arrivals, alerts_of
from flows.steps.outbox import put_out
from flows.steps.stories import find_stories
from flows.steps.summary import Summary
from transforms.models import (
    Article,
    ArticleVersion,
    Cursor,
    Mention,
    Poll,
    Sighting,
    Standing,
    Tag,
)
from transforms.reading import Reading, companies_of
from warehouse import articles as article_store
from warehouse import feeds as feed_store
from warehouse import stories as story_store
from warehouse.connect import transaction

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Articles normalized and tagged, ready to commit, with the polls they came by.

    ``articles`` holds each article once, as its first carrier gave it.
    """

    polls: Sequence[Polled]
    articles: dict[str, Article]
    sightings: list[Sighting]
    mentions: dict[str, list[Mention]]
    tags: dict[str, list[Tag]]


def gather(readings: Iterable[Reading], polls: Sequence[Polled] = ()) -> Batch:
    """Put *readings*, or those that *polls* brought, together; touches no store."""
    articles: dict[str, Article] = {}
    sightings: list[Sighting] = []
    mentions: dict[str, list[Mention]] = {}
    tags: dict[str, list[Tag]] = {}
    for each in (*readings, *(r for polled in polls for r in polled.readings)):
        sightings.append(each.sighting)
        key = each.article.article_id
        if key not in articles:
            articles[key] = each.article
            mentions[key], tags[key] = each.mentions, each.tags
    return Batch(
        polls=polls, articles=articles, sightings=sightings, mentions=mentions, tags=tags
    )


def load_batch(
    con: duckdb.DuckDBPyConnection,
    batch: Batch,
    config: Config,
    *,
    run_id: str,
    now: datetime,
    silent: frozenset[str],
) -> Summary:
    """Append *batch* in one transaction; articles of *silent* feeds raise no alert."""
    with transaction(con):
        new, changed = _split(con, batch)
        new, merged = _with_stories(con, new, batch.mentions)
        story_store.merge_stories(con, merged, now)
        changed = [replace(a, story_id=merged.get(a.story_id, a.story_id)) for a in changed]
        before = article_store.few_articles(con, [a.article_id for a in changed])
        _append(con, new, batch, run_id=run_id)
        _update(con, changed, batch)
        article_store.append_versions(con, [_version(a, now) for a in (*new, *changed)])
        story_store.refresh_stories(
            con,
            {*merged, *merged.values(), *(a.story_id for a in (*new, *changed))},
            config.watchlist.rules_version,
        )
        arrivals = Arrivals(
            new=new,
            changed=changed,
            before=before,
            mentions=batch.mentions,
            tags=batch.tags,
        )
        alerts = put_out(
            con, config, alerts_of(con, arrivals, config, now=now, silent=silent)
        )
        polls = list(_polls(batch.polls, new))
        feed_store.record_polls(
            con,
            polls,
            _cursors(batch.polls),
            _standings(batch.polls),
            [polled.hold for polled in batch.polls if polled.hold],
        )
    touched = [article.article_id for article in (*new, *changed)]
    return Summary(
        outcomes=Counter(poll.outcome for poll in polls),
        errors=Counter(poll.error for poll in polls if poll.error),
        entries=sum(poll.entries for poll in polls),
        new_articles=len(new),
        changed_articles=len(changed),
        mentions=sum(len(batch.mentions[key]) for key in touched),
        tags=sum(len(batch.tags[key]) for key in touched),
        # A story is called after the article that began it.
        new_stories=sum(a.story_id == f"s{a.article_id}" for a in new),
        alerts=alerts,
    )


def _split(
    con: duckdb.DuckDBPyConnection, batch: Batch
) -> tuple[list[Article], list[Article]]:
    """Return the articles not seen before, and those whose words changed."""
    known = article_store.known(con, batch.articles)
    new, changed = [], []
    for key, article in batch.articles.items():
        before = known.get(key)
        if before is None:
            new.append(article)
        # Only the feed that brought an article may edit it: another outlet's summary
        # of the same page is no change, and would flip for ever.
        elif (
            before.feed_id == article.feed_id
            and before.content_hash != article.content_hash
        ):
            changed.append(replace(article, story_id=before.story_id))
    return new, changed


def _with_stories(
    con: duckdb.DuckDBPyConnection,
    new: Sequence[Article],
    mentions: Mapping[str, list[Mention]],
) -> tuple[list[Article], Mapping[str, str]]:
    """Return *new* with their stories, and stories that went into older ones."""
    if not new:
        return [], {}
    companies = {a.article_id: companies_of(mentions[a.article_id]) for a in new}
    made = find_stories(con, new, companies)
    assigned = [replace(a, story_id=made.stories[a.article_id]) for a in new]
    return assigned, made.merged


def _append(
    con: duckdb.DuckDBPyConnection,
    new: Sequence[Article],
    batch: Batch,
    *,
    run_id: str,
) -> None:
    keys = [article.article_id for article in new]
    article_store.append_articles(con, new, run_id=run_id)
    article_store.append_sightings(con, batch.sightings)
    article_store.append_mentions(con, _found(batch.mentions, keys))
    article_store.append_tags(con, _found(batch.tags, keys))


def _update(
    con: duckdb.DuckDBPyConnection, changed: Sequence[Article], batch: Batch
) -> None:
    if not changed:
        return
    keys = [article.article_id for article in changed]
    article_store.update_articles(con, changed)
    article_store.replace_findings(
        con, keys, _found(batch.mentions, keys), _found(batch.tags, keys)
    )


def _found(records: Mapping[str, list[T]], keys: Iterable[str]) -> list[T]:
    return [record for key in keys for record in records[key]]


def _version(article: Article, now: datetime) -> ArticleVersion:
    return ArticleVersion(
        article_id=article.article_id,
        seen_at=now,
        title=article.title,
        summary=article.summary,
        content_hash=article.content_hash,
    )


def _polls(polls: Iterable[Polled], new: Iterable[Article]) -> Iterable[Poll]:
    found = Counter(article.feed_id for article in new)
    for polled in polls:
        count = found[polled.feed.feed_id]
        yield replace(polled.poll, new_articles=count)


def _cursors(polls: Iterable[Polled]) -> dict[str, Cursor]:
    return {p.feed.feed_id: p.cursor for p in polls if p.cursor is not None}


def _standings(polls: Iterable[Polled]) -> dict[str, Standing]:
    return {p.feed.feed_id: p.standing for p in polls if p.standing is not None}
