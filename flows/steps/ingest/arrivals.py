"""Arrivals of a batch: what is new of what was read, with what was found in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter

import duckdb

from connectors.feeds.poll.record import Polled
from flows.home import Config
from transforms.articles.reader import Carried, ReadArticle, speaker
from transforms.grouping import grouped
from transforms.models import Article, Findings
from warehouse.news import articles as article_store
from warehouse.news import verdicts as verdict_store
from warehouse.news.articles import Places


@dataclass(frozen=True, kw_only=True)
class Arrivals:
    """Articles of a batch to store, with their findings.

    *changed* ones are here already, in other words or, if *taken*, from another feed, that
    of the outlet itself; *before* is how they were stored. *places* are those of all of the
    batch that are here, in these words or not.
    """

    new: Sequence[Article]
    changed: Sequence[Article]
    before: Sequence[Article] = ()
    taken: Collection[str] = ()
    places: Places = field(default_factory=dict)
    found: Mapping[str, Findings]


def arrivals_of(
    con: duckdb.DuckDBPyConnection,
    readings: Sequence[Carried],
    config: Config,
    polls: Sequence[Polled],
) -> Arrivals:
    """Return the new articles of a batch, and the changed ones among known articles.

    Only the feed that an article is of may edit it: another outlet's summary of the same
    page is no change, and would flip for ever.
    """
    carriers = grouped(readings, attrgetter("article.article_id"))
    known = article_store.known(con, carriers)
    feeds = {feed.feed_id: feed for feed in config.feeds} if polls else {}
    verdicts = verdict_store.of_articles(con)
    # What a later poll has overtaken edits nothing.
    late = {polled.feed.feed_id for polled in polls if polled.is_late}
    new: list[Article] = []
    changed: list[Article] = []
    taken: set[str] = set()
    read: dict[str, ReadArticle] = {}
    for key, carried in carriers.items():
        before = known.get(key)
        reading = speaker(carried, before.feed_id if before else None, feeds)
        if reading is None:
            continue
        seen = reading.article.feed_id, reading.article.content_hash
        if before and (seen[0] in late or seen == (before.feed_id, before.content_hash)):
            continue
        if key in verdicts:
            [read[key]] = config.reader.tag_stored([reading.article], verdicts=verdicts)
        else:
            read[key] = config.reader.tagged(reading)
        article = read[key].article
        if before is None:
            new.append(article)
            continue
        changed.append(replace(article, story_id=before.story_id))
        if reading.article.feed_id != before.feed_id:
            taken.add(key)
    return Arrivals(
        new=new,
        changed=changed,
        taken=taken,
        places={key: stored.seq for key, stored in known.items()},
        found={key: each.found for key, each in read.items()},
    )
