"""Stories of new articles, by the headlines that the warehouse holds."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from types import MappingProxyType

import duckdb

from transforms.models import Article, Headline, StoryMember, TitleName
from transforms.models.measures import StateAct
from transforms.stories.candidates import NEWEST, shortlist
from transforms.stories.cluster import (
    HEADS,
    VOTERS,
    Assigned,
    Recent,
    assign_stories,
    meeting_keys,
)
from transforms.stories.concepts import ConceptLexicon
from transforms.stories.pairs.similarity import WINDOW
from warehouse.news import stories as story_store
from warehouse.news import verdicts as verdict_store


def find_stories(
    con: duckdb.DuckDBPyConnection,
    new: Sequence[Article | Headline],
    companies: Mapping[str, frozenset[str]],
    names: Mapping[str, tuple[TitleName, ...]],
    lexicon: ConceptLexicon,
    *,
    acts: Mapping[str, StateAct] = MappingProxyType({}),
) -> Assigned:
    """Return the story of each of *new*, and the stored stories merged by them."""
    # A million short lists and no cycle among them: to look for cycles took a third of
    # the time.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        columns = story_store.of_columns(con, new)
        # What may be of any day is of no event of these days.
        backlog = {a.article_id for a in new if isinstance(a, Article) and a.is_backlog}
        return assign_stories(
            new,
            companies,
            names,
            recent_headlines(con, new, companies, lexicon),
            lexicon,
            acts=acts,
            alone=columns | backlog,
            apart=verdict_store.apart(con),
        )
    finally:
        if was_enabled:
            gc.enable()


def recent_headlines(
    con: duckdb.DuckDBPyConnection,
    new: Iterable[Article | Headline],
    companies: Mapping[str, frozenset[str]],
    lexicon: ConceptLexicon,
) -> Recent:
    """Return the stored headlines to compare with *new* articles."""
    heads: dict[int, StoryMember] = {}
    met_by: dict[str, list[int]] = {}
    for articles in _by_period(new):
        since = articles[0].published_at - WINDOW
        until = articles[-1].published_at + WINDOW
        actors = {
            a.article_id: meeting_keys(a, companies[a.article_id], lexicon)
            for a in articles
        }
        keys = chain.from_iterable(
            (*article.story_keys, *actors[article.article_id]) for article in articles
        )
        seqs, by_key = story_store.holders(
            con, keys, since, until, heads=HEADS, most=NEWEST
        )
        met = {
            a.article_id: [
                seqs[n] for n in shortlist(a.story_keys, by_key, actors[a.article_id])
            ]
            for a in articles
        }
        picked = chain.from_iterable(met.values())
        heads |= story_store.heads_of(con, picked, since, until, heads=VOTERS)
        met_by |= met
    return Recent(heads=heads, met_by=met_by)


def _by_period(
    articles: Iterable[Article | Headline],
) -> Iterator[Sequence[Article | Headline]]:
    """Split *articles* where their windows do not overlap: an archive spans years."""
    period: list[Article | Headline] = []
    for article in sorted(articles, key=lambda a: a.published_at):
        if period and article.published_at - period[-1].published_at > 2 * WINDOW:
            yield period
            period = []
        period.append(article)
    if period:
        yield period
