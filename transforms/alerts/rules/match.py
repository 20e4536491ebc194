"""Tell whether an article is as a condition wants it, and what in it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from transforms.alerts.rules.people import people_finder
from transforms.alerts.rules.terms import finder, folded
from transforms.models import Article, Condition, FeedKind, Mention, Tag, TextField


@dataclass(frozen=True, kw_only=True)
class Item:
    """An article with what was found in it."""

    article: Article
    mentions: Sequence[Mention]
    tags: Sequence[Tag]
    feed_kind: FeedKind = "news"
    _texts: dict[str, str] = field(default_factory=dict)

    @cached_property
    def companies(self) -> frozenset[str]:
        """The companies that it names anywhere."""
        return frozenset(mention.company_id for mention in self.mentions)

    @cached_property
    def topics(self) -> frozenset[str]:
        """Its topics and event types."""
        return frozenset(tag.topic_id for tag in self.tags)

    @property
    def language(self) -> str:
        """Its language, without a region."""
        return self.article.language.partition("-")[0]

    def text(self, name: TextField) -> str:
        """Return a field as terms are looked for in it; folded once, when asked."""
        if name not in self._texts:
            self._texts[name] = folded(getattr(self.article, name) or "")
        return self._texts[name]


def holds(wanted: Condition, item: Item) -> bool:
    """Tell whether the article is as *wanted*, its companies included."""
    return (
        (not wanted.companies or bool(_named(wanted, item)))
        and (not wanted.topics or not wanted.topics.isdisjoint(item.topics))
        and (not wanted.feeds or item.article.feed_id in wanted.feeds)
        and (not wanted.feed_kinds or item.feed_kind in wanted.feed_kinds)
        and (not wanted.languages or item.language in wanted.languages)
        and (not wanted.terms or _found(wanted, item, finder(wanted.terms)) is not None)
        and (not wanted.people or _found(wanted, item, _people(wanted)) is not None)
        and (not wanted.any_of or any(holds(each, item) for each in wanted.any_of))
        and not any(holds(each, item) for each in wanted.none_of)
    )


def companies_in(wanted: Condition, item: Item) -> tuple[str, ...]:
    """Return the companies asked for that the article names, its subjects first.

    Alternatives count that hold. Of several subjects the one named first leads.
    """
    asked = set().union(*(_named(each, item) for each in _met(wanted, item)))
    if len(asked) <= 1:
        return tuple(asked)
    places: dict[str, tuple[bool, int, int]] = {}
    for mention in item.mentions:
        if mention.company_id in asked:
            place = (not mention.is_about, _depth(mention.field), mention.start)
            here = places.setdefault(mention.company_id, place)
            places[mention.company_id] = min(here, place)
    return tuple(sorted(places, key=lambda company: (places[company], company)))


def subjects_of(item: Item) -> frozenset[str]:
    """Return the companies that the article is about."""
    return frozenset(m.company_id for m in item.mentions if m.is_about)


def topic_in(wanted: Condition, item: Item) -> str | None:
    """Return the topic asked for that the article is most about."""
    asked = frozenset().union(*(each.topics for each in _met(wanted, item)))
    if not asked:
        return None
    tags = [tag for tag in item.tags if tag.topic_id in asked]
    best = min(tags, key=lambda tag: (-tag.score, tag.topic_id), default=None)
    return best.topic_id if best else None


def term_in(wanted: Condition, item: Item, companies: Sequence[str]) -> str:
    """Return the name or word that met the condition: an alias, a person or a term.

    *companies* are those that it asks for and the article names.
    """
    if companies:
        named = (m for m in item.mentions if m.company_id == companies[0])
        return min(named, key=lambda m: (_depth(m.field), m.start)).alias
    for each in _met(wanted, item):
        for pattern in _patterns(each):
            if (found := _found(each, item, pattern)) is not None:
                return found
    return ""


def _met(wanted: Condition, item: Item) -> Iterator[Condition]:
    """Yield the condition and those of its alternatives that hold."""
    yield wanted
    for each in wanted.any_of:
        if holds(each, item):
            yield from _met(each, item)


def _named(wanted: Condition, item: Item) -> set[str]:
    """Return the companies that the article names as the condition wants it."""
    if wanted.companies.isdisjoint(item.companies):
        return set()
    return {
        mention.company_id
        for mention in item.mentions
        if mention.company_id in wanted.companies
        and mention.field in wanted.fields
        and (mention.is_about or not wanted.about)
    }


def _patterns(wanted: Condition) -> Iterator[re.Pattern[str]]:
    if wanted.people:
        yield _people(wanted)
    if wanted.terms:
        yield finder(wanted.terms)


def _people(wanted: Condition) -> re.Pattern[str]:
    return people_finder(wanted.people, wanted.namesakes)


def _found(wanted: Condition, item: Item, pattern: re.Pattern[str]) -> str | None:
    for name in wanted.fields:
        if match := pattern.search(item.text(name)):
            return match[0]
    return None


def _depth(name: TextField) -> int:
    return ("title", "summary", "content").index(name)
