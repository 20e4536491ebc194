"""Fetch the few headlines that new articles are compared with.

Two questions, since most of what shares a key is not worth a look: which headlines
hold which keys, as bare numbers, and then the words of those that were picked.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

import duckdb

from transforms.models import Article, StoryMember, TitleName
from transforms.models.taught import Taught
from transforms.stories import (
    HEADS,
    NEWEST,
    VOTERS,
    WINDOW,
    Assigned,
    Recent,
    assign_stories,
    meeting_keys,
    shortlist,
)
from transforms.stories.pairs.weights import weigher_of
from warehouse.news import stories as story_store
from warehouse.news import verdicts as verdict_store


def find_stories(
    con: duckdb.DuckDBPyConnection,
    new: Sequence[Article],
    companies: Mapping[str, frozenset[str]],
    names: Mapping[str, tuple[TitleName, ...]],
    *,
    taught: Taught = (),
) -> Assigned:
    """Return the story of each of *new*, and which stories of the warehouse became one."""
    # A million short lists and no cycle among them: to look for cycles took a third of
    # the time.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        columns = story_store.of_columns(con, new)
        # As a round-up does, one of a column stays alone.
        new = [replace(a, is_digest=True) if a.article_id in columns else a for a in new]
        recent = recent_headlines(con, new, companies)
        apart = verdict_store.apart(con)
        weigher = weigher_of(taught)
        return assign_stories(new, companies, names, recent, apart=apart, weigher=weigher)
    finally:
        if was_enabled:
            gc.enable()


def recent_headlines(
    con: duckdb.DuckDBPyConnection,
    new: Iterable[Article],
    companies: Mapping[str, frozenset[str]],
) -> Recent:
    """Return the headlines in the warehouse that *new* articles are compared with."""
    heads: dict[int, StoryMember] = {}
    met_by: dict[str, list[int]] = {}
    for articles in _by_period(new):
        since = articles[0].published_at - WINDOW
        until = articles[-1].published_at + WINDOW
        actors = {a.article_id: meeting_keys(a, companies[a.article_id]) for a in articles}
        keys = chain.from_iterable(
            (*article.story_keys, *actors[article.article_id]) for article in articles
        )
        held = story_store.holders(con, keys, since, until, heads=HEADS, most=NEWEST)
        met = {
            a.article_id: [
                held.seqs[n]
                for n in shortlist(a.story_keys, held.by_key, actors[a.article_id])
            ]
            for a in articles
        }
        picked = chain.from_iterable(met.values())
        heads |= story_store.heads_of(con, picked, since, until, heads=VOTERS)
        met_by |= met
    return Recent(heads=heads, met_by=met_by)


def _by_period(articles: Iterable[Article]) -> Iterator[Sequence[Article]]:
    """Cut *articles* where their windows do not touch: an archive's go years back."""
    period: list[Article] = []
    for article in sorted(articles, key=lambda a: a.published_at):
        if period and article.published_at - period[-1].published_at > 2 * WINDOW:
            yield period
            period = []
        period.append(article)
    if period:
        yield period
