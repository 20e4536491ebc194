"""Alerts of a batch: decisions of rules, corrections, and messages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from operator import attrgetter

import duckdb

from flows.home import Config
from flows.steps.ingest.arrivals import Arrivals
from transforms.alerts import (
    AlertRules,
    Coverage,
    KnownStories,
    TaggedArticle,
    Told,
    items_of,
)
from transforms.alerts.decisions.arrivals import (
    ToldHeadline,
    correct,
    decide_arrivals,
    waiting_stories,
)
from transforms.alerts.decisions.decide import SAME_NEWS, Settled, StoryKey, may_settle
from transforms.grouping import grouped
from transforms.models import Alert, Article, Findings
from warehouse.alerting import alerts as alert_store
from warehouse.news import articles as article_store
from warehouse.news import findings as finding_store
from warehouse.news import stories as affair_store
from warehouse.news import verdicts as verdict_store
from warehouse.news.stories import THE_START

# A developing story lasts a fortnight, and its first story some days.
LOOKED_BACK = timedelta(days=30)


def alerts_of(
    con: duckdb.DuckDBPyConnection,
    arrivals: Arrivals,
    config: Config,
    *,
    now: datetime,
    silent: frozenset[str],
    since: datetime = THE_START,
) -> list[Alert]:
    """Return the alerts on arrived articles, by :func:`decide_arrivals`.

    No story of theirs may have an article from before *since*.
    """
    old = {a.article_id for a in (*arrivals.new, *arrivals.before) if a.is_backlog}
    heard = [a for a in arrivals.new if a.feed_id not in silent and a.article_id not in old]
    edited = [
        a for a in arrivals.changed if a.feed_id not in silent and a.article_id not in old
    ]
    if not heard and not edited:
        return []
    rules = config.alerts
    return decide_arrivals(
        items_of(heard, arrivals.found, rules),
        items_of(edited, arrivals.found, rules),
        _tagged_anew(con, config, arrivals.before) if edited else (),
        rules,
        _known(con, rules, heard, edited, arrivals.found, now=now, since=since),
        now=now,
        rules_version=config.watchlist.rules_version,
    )


def _tagged_anew(
    con: duckdb.DuckDBPyConnection, config: Config, articles: Sequence[Article]
) -> list[TaggedArticle]:
    read = config.reader.tag_stored(articles, verdicts=verdict_store.of_articles(con))
    found = {each.article.article_id: each.found for each in read}
    return items_of(articles, found, config.alerts)


def _known(
    con: duckdb.DuckDBPyConnection,
    rules: AlertRules,
    heard: Sequence[Article],
    edited: Sequence[Article],
    found: Mapping[str, Findings],
    *,
    now: datetime,
    since: datetime,
) -> KnownStories:
    stories = {article.story_id for article in (*heard, *edited)}
    affairs = affair_store.affairs_of(con, stories)
    settled = settled_of(con, rules, heard, found)
    claimed = {claim.story_id for each in settled.values() for claim in each}
    known = KnownStories(
        coverage=coverage_of(con, stories, since=since),
        told=told_of(con, stories | claimed),
        settled=settled,
        last_alert_at=alert_store.last_alert_at(con),
        news=alert_store.news(con, now - SAME_NEWS),
        affairs=affairs,
        threads=alert_store.threads(con, chain.from_iterable(affairs.values())),
    )
    return replace(known, earlier=_earlier(con, rules, known, heard, now))


def settled_of(
    con: duckdb.DuckDBPyConnection,
    rules: AlertRules,
    articles: Iterable[Article],
    found: Mapping[str, Findings],
) -> dict[str, list[Settled]]:
    """Return the claims that each of these articles settles."""
    settling = [a for a in articles if any(map(may_settle, found[a.article_id].claims))]
    if not settling or not rules.tells_outcomes:
        return {}
    settled: dict[str, list[Settled]] = defaultdict(list)
    for row in alert_store.settled(
        con,
        [article.article_id for article in settling],
        since=min(article.published_at for article in settling) - LOOKED_BACK,
    ):
        settled[row.pop("settled_by")].append(Settled(**row))
    return settled


def told_of(
    con: duckdb.DuckDBPyConnection, stories: Collection[str]
) -> dict[StoryKey, Told]:
    """Return the alerts that each rule sent on these stories."""
    return {
        (row.pop("rule_id"), row.pop("story_id")): Told(
            alert_id=row["alert_id"],
            is_open=row["is_open"],
            is_sent=row["is_sent"],
            publishers=row["publishers"],
            languages=frozenset(row["languages"]),
            companies=frozenset(row["companies"]),
        )
        for row in alert_store.told(con, stories)
    }


def coverage_of(
    con: duckdb.DuckDBPyConnection,
    ids: Iterable[str],
    *,
    since: datetime = THE_START,
    is_then: bool = False,
) -> dict[str, Coverage]:
    """Return the outlets of each story; *is_then*: of each article's when it arrived.

    No story may have an article from before *since*: what is older is not looked at.
    """
    key = "at_article" if is_then else "story_id"
    return {
        row[key]: Coverage(
            publishers=row["publishers"],
            languages=frozenset(row["languages"]),
            crossed_by=frozenset(row["crossed_by"]),
        )
        for row in alert_store.coverage(con, ids, since=since, is_then=is_then)
    }


def _earlier(
    con: duckdb.DuckDBPyConnection,
    rules: AlertRules,
    known: KnownStories,
    heard: Sequence[Article],
    now: datetime,
) -> dict[str, list[TaggedArticle]]:
    """Return earlier articles of stories, for rules that wait for outlets."""
    new = {article.article_id for article in heard}
    stories = waiting_stories(rules.waiting, known, {a.story_id for a in heard})
    if not stories:
        return {}
    since = now - max(rule.max_age for rule in rules.waiting.rules)
    places = article_store.places_of_stories(con, stories, since=since)
    old = {article_id: seq for article_id, seq in places.items() if article_id not in new}
    found = finding_store.of_articles(con, old.values())
    heard_of = [
        seq
        for article_id, seq in old.items()
        for own in (found[article_id],)
        if rules.waiting.may_fire(
            (mention.company_id for mention in own.mentions),
            (tag.topic_id for tag in own.tags),
            (measure.side for measure in own.measures),
        )
    ]
    articles = article_store.few_articles(con, heard_of)
    items = items_of(articles, found, rules)
    return grouped(items, attrgetter("article.story_id"))


def corrections_of(
    con: duckdb.DuckDBPyConnection, arrivals: Arrivals, config: Config, *, now: datetime
) -> list[Alert]:
    """Return corrections of alerts on articles that another feed took over.

    The outlet's feed may be new here, and so raise no alert: a mistake is corrected.
    """
    headlines = _headlines(con, config, arrivals.taken)
    taken = [a for a in arrivals.changed if a.article_id in headlines]
    coverage = coverage_of(con, {a.story_id for a in taken}) if taken else {}
    return [
        alert
        for item in items_of(taken, arrivals.found, config.alerts)
        for alert in correct(
            headlines[item.article.article_id],
            item,
            config.alerts,
            coverage[item.article.story_id],
            config.beat.concepts,
            now=now,
            rules_version=config.watchlist.rules_version,
        )
    ]


def _headlines(
    con: duckdb.DuckDBPyConnection, config: Config, article_ids: Collection[str]
) -> dict[str, list[ToldHeadline]]:
    """Return the headlines sent in alerts on articles, the earliest first."""
    if not article_ids:
        return {}
    from transforms.names.tagging import tag_document  # noqa: PLC0415  seldom

    headlines: dict[str, list[ToldHeadline]] = defaultdict(list)
    verdicts = verdict_store.of_articles(con)
    for row in alert_store.headlines_of(con, article_ids):
        article_id, title = row["article_id"], row["title"]
        document = config.tagger.read(title, "")
        said = verdicts.get(article_id, ())
        mentions = tag_document(document, config.tagger, article_id, verdicts=said).mentions
        headlines[article_id].append(
            ToldHeadline(
                alert_id=row["alert_id"],
                rule_id=row["rule_id"],
                title=title,
                companies=tuple(row["companies"]),
                topic_id=row["topic_id"],
                mentions=mentions,
            )
        )
    return headlines
