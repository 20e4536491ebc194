"""What a batch brings: articles not seen before, and new words of those that were."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import duckdb

from connectors.feeds.poll.record import Polled
from flows.home import Config
from transforms.articles.owners import speaker
from transforms.articles.reader import ReadArticle, ReadEntry
from transforms.models import Article, HeadlineFact, Mention, Tag
from warehouse.news import articles as article_store
from warehouse.news import verdicts as verdict_store
from warehouse.news.articles import StoredArticle


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Entries read and tagged, ready to commit, with the polls they came by.

    What is imported came by none.
    """

    readings: Sequence[ReadEntry]
    polls: Sequence[Polled] = ()


@dataclass(frozen=True, kw_only=True)
class Split:
    """The articles of a batch that are to be stored, with what was found in them.

    *changed* ones are here already, in other words or, if *taken*, from another feed,
    that of the outlet itself. *places* are those of all that are here, in these or not.
    """

    new: list[Article] = field(default_factory=list)
    changed: list[Article] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    places: dict[str, int] = field(default_factory=dict)
    mentions: dict[str, list[Mention]] = field(default_factory=dict)
    tags: dict[str, list[Tag]] = field(default_factory=dict)
    facts: dict[str, list[HeadlineFact]] = field(default_factory=dict)


def gather(polls: Sequence[Polled]) -> Batch:
    """Put what *polls* brought together; touches no store."""
    readings = [reading for polled in polls for reading in polled.readings]
    return Batch(readings=readings, polls=polls)


def split(con: duckdb.DuckDBPyConnection, batch: Batch, config: Config) -> Split:
    """Return what of *batch* is new, and what is new of what is known.

    Only the feed that an article is of may edit it: another outlet's summary of the same
    page is no change, and would flip for ever.
    """
    carriers = _by_article(batch.readings)
    known = article_store.known(con, carriers)
    feeds = {feed.feed_id: feed for feed in config.feeds} if batch.polls else {}
    found = Split(places={key: stored.seq for key, stored in known.items()})
    verdicts = verdict_store.of_articles(con)
    for key, readings in carriers.items():
        before = known.get(key)
        reading = speaker(readings, before.feed_id if before else None, feeds)
        if reading is None or (before and not _differs(reading.article, before)):
            continue
        read: ReadArticle = reading
        if key in verdicts:
            read = config.reader.tag_stored(reading.article, verdicts=verdicts[key])
        found.mentions[key], found.tags[key] = read.mentions, read.tags
        found.facts[key] = read.facts
        if before is None:
            found.new.append(read.article)
            continue
        found.changed.append(replace(read.article, story_id=before.story_id))
        if reading.article.feed_id != before.feed_id:
            found.taken.add(key)
    return found


def _by_article(readings: Iterable[ReadEntry]) -> dict[str, list[ReadEntry]]:
    carriers: dict[str, list[ReadEntry]] = {}
    for reading in readings:
        carriers.setdefault(reading.article.article_id, []).append(reading)
    return carriers


def _differs(article: Article, before: StoredArticle) -> bool:
    seen = before.feed_id, before.content_hash
    return (article.feed_id, article.content_hash) != seen
