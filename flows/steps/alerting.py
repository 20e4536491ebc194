"""Decide alerts of what a batch brought: new articles, and new words of old ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import duckdb

from flows.home import Config
from transforms.alerts import Coverage, Item, Known, Told, decide_alerts, items_of
from transforms.alerts.story import StoryKey
from transforms.models import Alert, Article, Mention, Tag
from transforms.tagging import tag_article
from warehouse import alerts as alert_store
from warehouse import articles as article_store


@dataclass(frozen=True, kw_only=True)
class Arrivals:
    """Articles that a batch brought, as they are now, with what was found in them.

    *before* is how the *changed* ones were stored.
    """

    new: Sequence[Article]
    changed: Sequence[Article]
    before: Sequence[Article]
    mentions: Mapping[str, Sequence[Mention]]
    tags: Mapping[str, Sequence[Tag]]


def alerts_of(
    con: duckdb.DuckDBPyConnection,
    arrivals: Arrivals,
    config: Config,
    *,
    now: datetime,
    silent: frozenset[str],
) -> list[Alert]:
    """Return the alerts of new articles, and of what edits brought into old ones.

    What an article said before it was edited is no news: an archive that came in
    silently, or before a company or rule was added, stays silent when a word is mended.
    """
    stories = {a.story_id for a in (*arrivals.new, *arrivals.changed)}
    known = _known(con, config, stories, new={a.article_id for a in arrivals.new})
    decide = partial(
        decide_alerts,
        rules=config.alerts,
        now=now,
        silent_feeds=silent,
        rules_version=config.watchlist.rules_version,
    )
    look = partial(items_of, rules=config.alerts)
    found = decide(look(arrivals.new, arrivals.mentions, arrivals.tags), known=known)
    if not arrivals.changed:
        return found
    tagged = {a.article_id: tag_article(a, config.tagger) for a in arrivals.before}
    before = look(
        arrivals.before,
        {key: mentions for key, (mentions, _) in tagged.items()},
        {key: tags for key, (_, tags) in tagged.items()},
    )
    # Alone: what the story had besides is no news of an edit.
    known = replace(known, told=_with(known.told, found), earlier={})
    said: dict[StoryKey, set[str]] = {}
    for alert in (*decide(before, known=known), *found):
        said.setdefault(_key(alert), set()).update(alert.companies)
    changed = look(arrivals.changed, arrivals.mentions, arrivals.tags)
    fresh = (_beyond(a, said.get(_key(a))) for a in decide(changed, known=known))
    return [*found, *filter(None, fresh)]


def _key(alert: Alert) -> StoryKey:
    return alert.rule_id, alert.story_id or ""


def _beyond(alert: Alert, said: Collection[str] | None) -> Alert | None:
    """Return what an edit brings beyond the companies *said* before, None for nothing."""
    if said is None:
        return alert
    companies = tuple(c for c in alert.companies if c not in said)
    if not companies:
        return None
    return replace(
        alert,
        company_id=companies[0],
        companies=companies,
        step=" ".join(f"company:{c}" for c in companies) if alert.step else "",
    )


def _with(
    told: Mapping[StoryKey, Told], alerts: Iterable[Alert]
) -> Mapping[StoryKey, Told]:
    """Return *told* with what is told now."""
    firsts = (alert for alert in alerts if alert.updates_alert_id is None)
    return {**told, **{_key(alert): _told_by(alert) for alert in firsts}}


def _told_by(alert: Alert) -> Told:
    """Return what is told of a story with its first alert."""
    return Told(
        alert_id=alert.alert_id,
        is_open=alert.state != "suppressed",
        publishers=alert.publishers,
        languages=frozenset(alert.languages),
        companies=frozenset(alert.companies),
    )


def _known(
    con: duckdb.DuckDBPyConnection,
    config: Config,
    stories: Collection[str],
    *,
    new: Collection[str],
) -> Known:
    coverage = coverage_of(con, stories)
    return Known(
        coverage=coverage,
        earlier=_earlier(con, config, coverage, new),
        told={
            (row.pop("rule_id"), row.pop("story_id")): Told(
                alert_id=row["alert_id"],
                is_open=row["is_open"],
                publishers=row["publishers"],
                languages=frozenset(row["languages"]),
                companies=frozenset(row["companies"]),
            )
            for row in alert_store.told(con, stories)
        },
        last_alert_at=alert_store.last_alert_at(con),
    )


def coverage_of(
    con: duckdb.DuckDBPyConnection, stories: Iterable[str]
) -> dict[str, Coverage]:
    """Return who tells each of these stories."""
    return {
        row["story_id"]: Coverage(
            publishers=row["publishers"],
            languages=frozenset(row["languages"]),
            crossed_by=frozenset(row["crossed_by"]),
        )
        for row in alert_store.coverage(con, stories)
    }


def _earlier(
    con: duckdb.DuckDBPyConnection,
    config: Config,
    coverage: Mapping[str, Coverage],
    new: Collection[str],
) -> dict[str, list[Item]]:
    """Return what stories had before, where a rule waits for outlets and has enough."""
    least = min(
        (r.min_publishers for r in config.alerts.rules if r.min_publishers > 1), default=0
    )
    waited = [key for key, told in coverage.items() if 0 < least <= told.publishers]
    if not waited:
        return {}
    ids = [i for i in article_store.ids_of_stories(con, waited) if i not in new]
    mentions: dict[str, list[Mention]] = {}
    tags: dict[str, list[Tag]] = {}
    for mention in article_store.mentions_of(con, ids):
        mentions.setdefault(mention.article_id, []).append(mention)
    for tag in article_store.tags_of(con, ids):
        tags.setdefault(tag.article_id, []).append(tag)
    earlier: dict[str, list[Item]] = {}
    articles = article_store.few_articles(con, ids)
    for item in items_of(articles, mentions, tags, config.alerts):
        earlier.setdefault(item.article.story_id, []).append(item)
    return earlier
