"""Decide alerts of what a batch brought: new articles, and new words of old ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import chain
from typing import TypeVar

import duckdb

from flows.home import Config
from transforms.alerts import (
    AlertRules,
    Coverage,
    KnownStories,
    TaggedArticle,
    Told,
    decide_alerts,
    items_of,
)
from transforms.alerts.decisions.story import StoryKey, may_speak
from transforms.alerts.rules.conditions import RuleIndex
from transforms.models import Alert, Article, Mention, Tag
from transforms.tagging import tag_article
from warehouse.alerting import alerts as alert_store
from warehouse.news import affairs as affair_store
from warehouse.news import articles as article_store
from warehouse.news import findings as finding_store
from warehouse.news import verdicts as verdict_store
from warehouse.news.stories import THE_START

T = TypeVar("T", Mention, Tag)


@dataclass(frozen=True, kw_only=True)
class Arrivals:
    """Articles that a batch brought, as they are now, with what was found in them.

    *before* is how the *changed* ones were stored; those *taken* among them are from
    another feed now.
    """

    new: Sequence[Article]
    changed: Sequence[Article]
    before: Sequence[Article]
    taken: Collection[str] = ()
    mentions: Mapping[str, Sequence[Mention]]
    tags: Mapping[str, Sequence[Tag]]


def alerts_of(
    con: duckdb.DuckDBPyConnection,
    arrivals: Arrivals,
    config: Config,
    *,
    now: datetime,
    silent: frozenset[str],
    since: datetime = THE_START,
) -> list[Alert]:
    """Return the alerts of new articles, and of what edits brought into old ones.

    No story of theirs may have an article from before *since*.

    What an article said before it was edited is no news: an archive that came in
    silently, or before a company or rule was added, stays silent when a word is mended.
    """
    heard = [a for a in arrivals.new if a.feed_id not in silent]
    edited = [a for a in arrivals.changed if a.feed_id not in silent]
    if not heard and not edited:
        return []
    known = _known(con, config, heard, edited, now=now, since=since)
    decide = partial(
        decide_alerts,
        rules=config.alerts,
        now=now,
        rules_version=config.watchlist.rules_version,
    )
    look = partial(items_of, rules=config.alerts)
    found = decide(look(heard, arrivals.mentions, arrivals.tags), known=known)
    if not edited:
        return found
    said = verdict_store.of_articles(con)
    tagged = {
        a.article_id: tag_article(a, config.tagger, verdicts=said.get(a.article_id, ()))
        for a in arrivals.before
    }
    before = look(
        arrivals.before,
        {key: found.mentions for key, found in tagged.items()},
        {key: found.tags for key, found in tagged.items()},
    )
    # Alone: what the story had besides is no news of an edit.
    known = replace(known, told=_with(known.told, found), earlier={})
    told: dict[StoryKey, set[str]] = {}
    for alert in (*decide(before, known=known), *found):
        told.setdefault(_key(alert), set()).update(alert.companies)
    changed = look(edited, arrivals.mentions, arrivals.tags)
    fresh = (_beyond(a, told.get(_key(a))) for a in decide(changed, known=known))
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
        step=alert.step
        if alert.opens_story
        else " ".join(f"company:{c}" for c in companies),
    )


def _with(
    told: Mapping[StoryKey, Told], alerts: Iterable[Alert]
) -> Mapping[StoryKey, Told]:
    """Return *told* with what is told now."""
    return {**told, **{_key(a): _told_by(a) for a in alerts if a.opens_story}}


def _told_by(alert: Alert) -> Told:
    """Return what is told of a story with its first alert."""
    return Told(
        alert_id=alert.updates_alert_id or alert.alert_id,
        is_open=alert.is_open,
        publishers=alert.publishers,
        languages=frozenset(alert.languages),
        companies=frozenset(alert.companies),
    )


def _known(
    con: duckdb.DuckDBPyConnection,
    config: Config,
    heard: Sequence[Article],
    edited: Sequence[Article],
    *,
    now: datetime,
    since: datetime,
) -> KnownStories:
    stories = {article.story_id for article in (*heard, *edited)}
    affairs = affair_store.affairs_of(con, stories)
    known = KnownStories(
        coverage=coverage_of(con, stories, since=since),
        told=told_of(con, stories),
        last_alert_at=alert_store.last_alert_at(con),
        affairs=affairs,
        threads=alert_store.threads(con, chain.from_iterable(affairs.values())),
    )
    return replace(known, earlier=_earlier(con, config.alerts, known, heard, now))


def told_of(
    con: duckdb.DuckDBPyConnection, stories: Collection[str]
) -> dict[StoryKey, Told]:
    """Return what each rule has told of these stories."""
    return {
        (row.pop("rule_id"), row.pop("story_id")): Told(
            alert_id=row["alert_id"],
            is_open=row["is_open"],
            publishers=row["publishers"],
            languages=frozenset(row["languages"]),
            companies=frozenset(row["companies"]),
        )
        for row in alert_store.told(con, stories)
    }


def coverage_of(
    con: duckdb.DuckDBPyConnection,
    stories: Iterable[str],
    *,
    last: str | None = None,
    since: datetime = THE_START,
) -> dict[str, Coverage]:
    """Return who tells each of these stories, or told it when article *last* arrived.

    None of them may have an article from before *since*: what is older is not looked at.
    """
    return {
        row["story_id"]: Coverage(
            publishers=row["publishers"],
            languages=frozenset(row["languages"]),
            crossed_by=frozenset(row["crossed_by"]),
        )
        for row in alert_store.coverage(con, stories, last=last, since=since)
    }


def _earlier(
    con: duckdb.DuckDBPyConnection,
    rules: AlertRules,
    known: KnownStories,
    heard: Sequence[Article],
    now: datetime,
) -> dict[str, list[TaggedArticle]]:
    """Return what stories had before on which a rule that waits for outlets may fire."""
    new = {article.article_id for article in heard}
    stories = {article.story_id for article in heard}
    stories = {s for s in stories if any(_may_speak(rules.waiting, known, s))}
    if not stories:
        return {}
    since = now - max(rule.max_age for rule in rules.waiting.rules)
    told = article_store.places_of_stories(con, stories, since=since)
    old = {article_id: seq for article_id, seq in told.items() if article_id not in new}
    mentions = _by_article(finding_store.mentions_of(con, old))
    tags = _by_article(finding_store.tags_of(con, old))
    heard_of = [
        seq
        for article_id, seq in old.items()
        if rules.waiting.may_fire(
            (mention.company_id for mention in mentions[article_id]),
            (tag.topic_id for tag in tags[article_id]),
        )
    ]
    earlier: dict[str, list[TaggedArticle]] = {}
    for item in items_of(article_store.few_articles(con, heard_of), mentions, tags, rules):
        earlier.setdefault(item.article.story_id, []).append(item)
    return earlier


def _may_speak(waiting: RuleIndex, known: KnownStories, story_id: str) -> Iterable[bool]:
    for rule in waiting.rules:
        told = known.told.get((rule.rule_id, story_id))
        yield may_speak(rule, told, known.coverage[story_id])


def _by_article(found: Iterable[T]) -> dict[str, list[T]]:
    each: dict[str, list[T]] = defaultdict(list)
    for record in found:
        each[record.article_id].append(record)
    return each
