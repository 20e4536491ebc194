"""Bring today's clustering into the stories that are stored, a month at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import duckdb

from flows.home import Config
from flows.steps.affairs import refresh_affairs
from flows.steps.ingest.events import obey_pairs, set_pairs_aside
from flows.steps.ingest.stories import find_stories
from transforms.articles.reader import companies_of, title_names
from transforms.models import Article, Mention
from transforms.models.taught import Taught
from transforms.stories import WINDOW
from transforms.stories.naming import name_stories
from transforms.stories.pairs.weights import weigher_of
from transforms.stories.settling import (
    MOST,
    linked,
    links_within,
    parted,
    settle,
    sure_links,
)
from warehouse.news import findings as finding_store
from warehouse.news import stories as story_store
from warehouse.news.articles import Places
from warehouse.upkeep import regroup as store
from warehouse.upkeep.regroup import Span, StoryCounts


def regroup(
    con: duckdb.DuckDBPyConnection, config: Config, part: Span, *, now: datetime
) -> StoryCounts:
    """Make the stories of a part anew; return what became of those that were stored.

    Articles find their stories as those of polls do, in order of publication: among
    these, and the stories of the 72 hours before the part, which were made anew before.
    Stored stories become these where that is no matter of a score near the bar.
    Then verdicts put together, and part, what readers said.
    """
    judged = set_pairs_aside(con, config, part.since - WINDOW, part.until)
    store.begin(con, part, WINDOW)
    links: list[tuple[str, str]] = []
    for batch, places in store.articles(con, part):
        links += _find(con, batch, places, config.watchlist.taught)
    _settle(con, part, links, config.watchlist.taught)
    named = name_stories(
        store.groups(con, part), store.known(con, part), store.stored(con, part)
    )
    version = config.watchlist.rules_version
    touched = store.apply(con, part, named.ids, named.moved, rules_version=version, now=now)
    if touched:
        refresh_affairs(con, touched.story_ids, since=touched.since)
    counts = store.counts(con, part)
    store.forget(con)
    if judged:
        obey_pairs(con, config, judged)
    return counts


def _find(
    con: duckdb.DuckDBPyConnection,
    batch: Sequence[Article],
    places: Places,
    taught: Taught,
) -> Iterator[tuple[str, str]]:
    """Let some articles find their stories; return which surely are of one event."""
    mentions = _by_article(finding_store.mentions_of(con, places))
    companies = {key: companies_of(mentions[key]) for key in places}
    names = {key: title_names(mentions[key]) for key in places}
    with store.of_today(con):
        made = find_stories(con, batch, companies, names, taught=taught)
    store.add(con, batch, made.stories, made.merged)
    return sure_links(made.matches)


def _settle(
    con: duckdb.DuckDBPyConnection,
    part: Span,
    sure: Sequence[tuple[str, str]],
    taught: Taught,
) -> None:
    """Let what is stored hold together, or be joined, where that is no close call."""
    made, weigher = store.made(con), weigher_of(taught)
    seqs = [*parted(made), *linked(made, sure)]
    since, until = part.since - WINDOW, part.until
    with store.of_today(con):
        heads = story_store.heads_of(con, seqs, since, until, heads=MOST).values()
    kept = links_within(heads, made, weigher)
    store.settle(con, settle(made, kept, sure, heads, weigher))


def _by_article(mentions: Iterable[Mention]) -> dict[str, list[Mention]]:
    found: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        found[mention.article_id].append(mention)
    return found
