"""Decide alerts of what a batch brought: new articles, and new words of old ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import duckdb

from flows.home import Config
from transforms.alerts import decide_alerts
from transforms.models import Alert, Article, Mention, Tag
from transforms.tagging import tag_article
from warehouse import alerts as alert_store


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
    stories = sorted({a.story_id for a in (*arrivals.new, *arrivals.changed)})
    alerted = alert_store.alerted_keys(con, stories)
    last = alert_store.last_alert_at(con)
    decide = partial(
        decide_alerts,
        rules=config.alerts,
        now=now,
        silent_feeds=silent,
        publishers=alert_store.publishers_of(con, stories),
        alerted=alerted,
        last_alert_at=last,
        rules_version=config.watchlist.rules_version,
    )
    found = decide(arrivals.new, arrivals.mentions, arrivals.tags)
    if not arrivals.changed:
        return found
    alerted |= set(map(_key, found))
    last |= {(a.rule_id, a.company_id): now for a in found if a.state == "pending"}
    tagged = {a.article_id: tag_article(a, config.tagger) for a in arrivals.before}
    said_before = decide(
        arrivals.before,
        {key: mentions for key, (mentions, _) in tagged.items()},
        {key: tags for key, (_, tags) in tagged.items()},
    )
    alerted |= set(map(_key, said_before))
    return [*found, *decide(arrivals.changed, arrivals.mentions, arrivals.tags)]


def _key(alert: Alert) -> tuple[str, str | None, str]:
    return alert.rule_id, alert.company_id, alert.story_id or ""
