"""Tell whether an article meets a condition, and which company, topic or term meets it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transforms.alerts.rules.condition_keys import KEYS, found_in, named_in, patterns_of
from transforms.alerts.rules.item import TaggedArticle
from transforms.models import Condition, TextField


def holds(wanted: Condition, item: TaggedArticle) -> bool:
    """Tell whether the article meets *wanted*, its companies included."""
    return (
        all(key.holds(wanted, item) for name, key in KEYS.items() if getattr(wanted, name))
        and (not wanted.any_of or any(holds(each, item) for each in wanted.any_of))
        and not any(holds(each, item) for each in wanted.none_of)
    )


def companies_in(wanted: Condition, item: TaggedArticle) -> tuple[str, ...]:
    """Return the companies asked for that the article names, its subjects first.

    Alternatives count that hold. Of several subjects the one named first leads.
    """
    asked = set().union(*(named_in(each, item) for each in _met(wanted, item)))
    if len(asked) <= 1:
        return tuple(asked)
    places: dict[str, tuple[bool, int, int]] = {}
    for mention in item.mentions:
        if mention.company_id in asked:
            place = (not mention.is_about, _depth(mention.field), mention.start)
            here = places.setdefault(mention.company_id, place)
            places[mention.company_id] = min(here, place)
    return tuple(sorted(places, key=lambda company: (places[company], company)))


def subjects_of(item: TaggedArticle) -> frozenset[str]:
    """Return the companies that the article is about."""
    return frozenset(m.company_id for m in item.mentions if m.is_about)


def topic_in(wanted: Condition, item: TaggedArticle) -> str | None:
    """Return the topic asked for that the article is most about."""
    asked = frozenset().union(*(each.topics for each in _met(wanted, item)))
    if not asked:
        return None
    tags = [tag for tag in item.tags if tag.topic_id in asked]
    best = min(tags, key=lambda tag: (-tag.score, tag.topic_id), default=None)
    return best.topic_id if best else None


def term_in(wanted: Condition, item: TaggedArticle, companies: Sequence[str]) -> str:
    """Return the name or word that met the condition: an alias, a person or a term.

    *companies* are those that it asks for and the article names.
    """
    if companies:
        named = (m for m in item.mentions if m.company_id == companies[0])
        return min(named, key=lambda m: (_depth(m.field), m.start)).alias
    for each in _met(wanted, item):
        for pattern in patterns_of(each):
            if (found := found_in(each, item, pattern)) is not None:
                return found
    return ""


def _met(wanted: Condition, item: TaggedArticle) -> Iterator[Condition]:
    """Yield the condition and those of its alternatives that hold."""
    yield wanted
    for each in wanted.any_of:
        if holds(each, item):
            yield from _met(each, item)


def _depth(name: TextField) -> int:
    return ("title", "summary", "content").index(name)
