"""Commit of a batch of polls: articles, stories, alerts and cursors in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import duckdb

from connectors.feeds.poll.record import Polled
from flows.home import Config
from flows.steps.ingest.alerting import alerts_of, corrections_of
from flows.steps.ingest.arrivals import Arrivals, arrivals_of
from flows.steps.ingest.outgoing import put_out
from flows.steps.ingest.record import record
from flows.steps.ingest.stories import find_stories
from flows.steps.rederive import refresh_affairs
from flows.steps.summary import Summary
from transforms.alerts.decisions.arrivals import without_corrected
from transforms.articles.reader import (
    Carried,
    acts_of,
    as_backlog,
    companies_of,
    title_names,
)
from transforms.models import Article, ArticleVersion
from transforms.models.findings import joined
from transforms.stories.pairs.similarity import WINDOW
from warehouse.file.connect import transaction
from warehouse.news import articles as article_store
from warehouse.news import coverage as coverage_store
from warehouse.news import findings as finding_store
from warehouse.news import stories as story_store
from warehouse.news.articles import Places


def load_batch(
    con: duckdb.DuckDBPyConnection,
    readings: Sequence[Carried],
    config: Config,
    *,
    polls: Sequence[Polled] = (),
    run_id: str,
    now: datetime,
    silent: frozenset[str],
    backlog: frozenset[str] = frozenset(),
) -> Summary:
    """Append a batch in one transaction; articles of *silent* feeds raise no alert.

    With the *polls* that it came by; what is imported came by none. What feeds of the
    *backlog* bring without a date is no news.
    """
    readings = [as_backlog(r) if r.article.feed_id in backlog else r for r in readings]
    with transaction(con):
        found = arrivals_of(con, readings, config, polls)
        new, merged = _with_stories(con, found, config)
        before = article_store.few_articles(
            con, [found.places[a.article_id] for a in found.changed]
        )
        touched = {
            *merged,
            *merged.values(),
            *(a.story_id for a in (*new, *found.changed)),
        }
        since = story_store.began(
            con, touched, since=_lower_bound([*new, *found.changed, *before])
        )
        story_store.merge_stories(con, merged, now, since=since)
        changed = [
            replace(a, story_id=merged.get(a.story_id, a.story_id)) for a in found.changed
        ]
        before = [replace(a, story_id=merged.get(a.story_id, a.story_id)) for a in before]
        places = _append(con, new, readings, found, run_id=run_id)
        _update(con, changed, found)
        stored = [*new, *changed]
        named = joined(found.found[article.article_id] for article in stored)
        coverage_store.refresh_coverage(con, stored, before, named.mentions, named.tags)
        coverage_store.refresh_story_days(con, touched, since=since)
        article_store.append_versions(
            con,
            [
                ArticleVersion(
                    article_id=a.article_id,
                    seen_at=now,
                    title=a.title,
                    summary=a.summary,
                    content_hash=a.content_hash,
                    feed_id=a.feed_id,
                )
                for a in (*new, *changed)
            ],
            places,
            of_new={a.article_id for a in new},
        )
        version = config.watchlist.rules_version
        story_store.refresh_stories(con, touched, version, since=since)
        refresh_affairs(con, touched, config.beat.concepts, since=since)
        arrivals = replace(found, new=new, changed=changed, before=before)
        corrections = corrections_of(con, arrivals, config, now=now)
        decided = alerts_of(con, arrivals, config, now=now, silent=silent, since=since)
        alerts = put_out(
            con, config.alerts, [*without_corrected(decided, corrections), *corrections]
        )
        recorded = record(con, polls, new)
    return replace(
        recorded,
        new_articles=len(new),
        changed_articles=len(changed),
        mentions=len(named.mentions),
        tags=len(named.tags),
        # A story is called after the article that began it.
        new_stories=sum(a.story_id == f"s{a.article_id}" for a in new),
        alerts=alerts,
    )


def _with_stories(
    con: duckdb.DuckDBPyConnection, found: Arrivals, config: Config
) -> tuple[list[Article], Mapping[str, str]]:
    """Return new articles with their stories, and the stories merged into older ones."""
    if not found.new:
        return [], {}
    mentions = {a.article_id: found.found[a.article_id].mentions for a in found.new}
    companies = {key: companies_of(named) for key, named in mentions.items()}
    names = {key: title_names(named) for key, named in mentions.items()}
    acts = acts_of(found.found[key].measures for key in mentions)
    made = find_stories(con, found.new, companies, names, config.beat.concepts, acts=acts)
    assigned = [replace(a, story_id=made.stories[a.article_id]) for a in found.new]
    return assigned, made.merged


def _lower_bound(articles: Sequence[Article]) -> datetime:
    """Return a moment before the end of every story that *articles* may join."""
    moments = (article.published_at - WINDOW for article in articles)
    return min(moments, default=story_store.THE_START)


def _append(
    con: duckdb.DuckDBPyConnection,
    new: Sequence[Article],
    readings: Sequence[Carried],
    found: Arrivals,
    *,
    run_id: str,
) -> Places:
    """Append the new articles; return the places of all articles read."""
    keys = [article.article_id for article in new]
    places = {**found.places, **article_store.append_new(con, new, run_id=run_id)}
    sightings = (reading.sighting for reading in readings)
    article_store.append_sightings(con, sightings, places, of_new=set(keys))
    finding_store.append_findings(con, joined(found.found[key] for key in keys), places)
    return places


def _update(
    con: duckdb.DuckDBPyConnection, changed: Sequence[Article], found: Arrivals
) -> None:
    if not changed:
        return
    keys = [article.article_id for article in changed]
    places = {key: found.places[key] for key in keys}
    article_store.update_articles(con, changed, at=places)
    taken = [article for article in changed if article.article_id in found.taken]
    article_store.hand_over(con, taken, at=places)
    finding_store.replace_findings(con, joined(found.found[key] for key in keys), places)
