"""The key ``search``: whether a search of ``searches.toml`` finds one article."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from transforms.alerts.rules.ids import KnownIds
from transforms.alerts.rules.item import TaggedArticle
from transforms.models import Condition, Name, SearchFilters, SearchQuery, TopicKind, Words
from transforms.search.words import word_pattern


def with_families(query: SearchQuery, known: KnownIds) -> SearchQuery:
    """Return the search with the brands of its companies and the topics below its own."""
    asked = query.filters
    widened = replace(
        asked,
        companies=_sorted(known.watchlist.descendants(frozenset(asked.companies))),
        topics=_sorted(with_those_below(asked.topics, known.topic_parents)),
        events=_sorted(with_those_below(asked.events, known.topic_parents)),
    )
    return replace(query, filters=widened)


def with_those_below(
    ids: Iterable[str], parents: Mapping[str, str | None]
) -> frozenset[str]:
    """Return *ids* and all whose parent, or parent's parent, is one of them."""
    found = frozenset(ids)
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def is_found(wanted: Condition, item: TaggedArticle) -> bool:
    """Say whether the search of the condition finds the article, as in SQL."""
    query = wanted.search
    if query is None:
        return True
    if query.on_beat and item.article.is_on_beat is False:
        return False
    text = f"{item.text('title')}\n{item.text('summary')}"
    return _passes(query.filters, item) and all(
        _has_name(term, item)
        if isinstance(term, Name)
        else _finder(term.text).search(text) is not None
        for term in query.terms
    )


def search_traits(wanted: Condition) -> Iterator[tuple[str, str]]:
    """Yield traits one of which each article has that the search finds."""
    query = wanted.search
    if query is None:
        return
    name = next((t for t in query.terms if isinstance(t, Name)), None)
    words = max((t.text for t in query.terms if isinstance(t, Words)), key=len, default="")
    if name:
        yield from (("company", company) for company in name.companies)
    elif query.filters.companies:
        yield from (("company", company) for company in query.filters.companies)
    elif topics := query.filters.topics or query.filters.events:
        yield from (("topic", topic) for topic in topics)
    elif words:
        yield "text", words


def _passes(filters: SearchFilters, item: TaggedArticle) -> bool:
    return (
        (not filters.companies or _named(filters.companies, item))
        and _treats(filters.topics, "topic", item)
        and _treats(filters.events, "event", item)
        and (not filters.languages or item.language in filters.languages)
        and (not filters.publishers or item.article.publisher in filters.publishers)
    )


def _named(companies: Collection[str], item: TaggedArticle) -> bool:
    return any(
        mention.company_id in companies
        and mention.field != "content"
        and mention.role in (None, "subject", "named")
        for mention in item.mentions
    )


def _has_name(name: Name, item: TaggedArticle) -> bool:
    return any(
        mention.company_id in name.companies
        and mention.field != "content"
        and mention.role != "byline"
        and mention.via != "person"
        for mention in item.mentions
    )


def _treats(topics: Collection[str], kind: TopicKind, item: TaggedArticle) -> bool:
    return not topics or any(t.topic_id in topics and t.kind == kind for t in item.tags)


@lru_cache(maxsize=512)
def _finder(words: str) -> re.Pattern[str]:
    return re.compile(word_pattern(words) or re.escape(words), re.ASCII)


def _sorted(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(ids))
