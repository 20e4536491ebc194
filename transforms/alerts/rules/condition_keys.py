"""Keys of a condition, each declared once: its reader and its test.

To add one, write its two functions and a line of ``KEYS``, and give ``Condition`` a field
of that name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from transforms.alerts.rules.measure_filter import read_measure, sides_of, tells_measure
from transforms.alerts.rules.tagged_article import (
    TaggedArticle,
    finder,
    folded,
    is_found,
    literals_of,
    people_finder,
    search_traits,
)
from transforms.alerts.rules.values import (
    KnownIds,
    known_ids,
    unknown,
    with_families,
    with_those_below,
)
from transforms.config import ConfigTable
from transforms.headlines.telling import is_report
from transforms.models import Condition, FeedKind, SearchQuery

FEED_KINDS: tuple[FeedKind, ...] = get_args(FeedKind)
_LANGUAGE = re.compile(r"[a-z]{2,3}")

# What an article has: ("act", side of a measure), ("company", id), ("topic", id),
# ("feed", id), ("kind", kind of feed) and ("text", a literal).
Trait = tuple[str, str]
Traits = Callable[[Condition], Iterable[Trait]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key of a condition, with its reader and its test.

    ``read`` returns the value of the field of ``Condition`` of the same name, and ``holds``
    tests it if it is not empty. ``traits`` yields traits of which a matching article has
    one; a rule without any is tried on every article. ``is_subject`` says that the key
    alone suffices for a rule; ``also`` are synonyms of the key.
    """

    read: Callable[[ConfigTable, KnownIds], Any]
    holds: Callable[[Condition, TaggedArticle], bool]
    traits: Traits | None = None
    is_subject: bool = True
    also: tuple[str, ...] = ()


def named_in(wanted: Condition, item: TaggedArticle) -> set[str]:
    """Return the condition's companies that the article names in the wanted way."""
    if wanted.companies.isdisjoint(item.companies):
        return set()
    return {
        mention.company_id
        for mention in item.mentions
        if mention.company_id in wanted.companies
        and mention.field in wanted.fields
        and (mention.is_about or not wanted.about)
        and (mention.role is None or mention.role in wanted.roles)
        and (mention.via in wanted.via or mention.via == "verdict")
    }


def patterns_of(wanted: Condition) -> Iterator[re.Pattern[str]]:
    """Yield the patterns of the condition's people and terms."""
    if wanted.people:
        yield _people_finder(wanted)
    if wanted.terms:
        yield finder(wanted.terms)


def found_in(
    wanted: Condition, item: TaggedArticle, pattern: re.Pattern[str]
) -> str | None:
    """Return the match of *pattern* in the condition's fields; None without one."""
    for name in wanted.fields:
        if match := pattern.search(item.text(name)):
            return match[0]
    return None


def _companies(table: ConfigTable, known: KnownIds) -> frozenset[str]:
    named = known_ids(table, "companies", known.companies, known, noun="company")
    for group in known_ids(table, "groups", known.groups, known, noun="group"):
        named |= known.groups[group]
    return named if table.flag("exact") else known.watchlist.descendants(named)


def _topics(table: ConfigTable, known: KnownIds) -> frozenset[str]:
    """Return the topics named and those below them."""
    parents = known.topic_parents
    found = known_ids(table, "topics", parents, known, noun="topic or event")
    return found if table.flag("exact") else with_those_below(found, parents)


def _search(table: ConfigTable, known: KnownIds) -> SearchQuery | None:
    search_id = table.string("search")
    if not search_id:
        return None
    if search_id not in known.searches:
        raise unknown(table, "search", search_id, known.searches, noun="search")
    return with_families(known.searches[search_id], known)


def _has_topic(wanted: Condition, item: TaggedArticle) -> bool:
    return not wanted.topics.isdisjoint(item.topics)


def _people(table: ConfigTable, known: KnownIds) -> frozenset[str]:
    listed = known_ids(table, "people", known.people, known, noun="person")
    return frozenset(name for key in listed for name in known.people[key])


def _has_people(wanted: Condition, item: TaggedArticle) -> bool:
    return found_in(wanted, item, _people_finder(wanted)) is not None


def _people_finder(wanted: Condition) -> re.Pattern[str]:
    return people_finder(wanted.people, wanted.namesakes)


def _people_traits(wanted: Condition) -> Iterator[Trait]:
    return (("text", part) for person in wanted.people for part in literals_of(person))


def _terms(table: ConfigTable, _known: KnownIds) -> tuple[str, ...]:
    terms = table.strings("terms")
    for term in terms:
        if not folded(term):
            raise table.error("terms", f"{term!r} holds nothing to find", "remove it")
    return terms


def _has_terms(wanted: Condition, item: TaggedArticle) -> bool:
    return found_in(wanted, item, finder(wanted.terms)) is not None


def _feeds(table: ConfigTable, known: KnownIds) -> frozenset[str]:
    return known_ids(table, "feeds", known.feeds, known, noun="feed")


def _not_feeds(table: ConfigTable, known: KnownIds) -> frozenset[str]:
    found = known_ids(table, "not_feeds", known.feeds, known, noun="feed")
    if both := found & _feeds(table, known):
        raise table.error(
            "not_feeds", f"names {min(both)!r}, which feeds names too", "name it once"
        )
    return found


def _feed_kinds(table: ConfigTable, _known: KnownIds) -> frozenset[FeedKind]:
    named = table.strings("feed_kinds")
    for name in named:
        if name not in FEED_KINDS:
            raise unknown(table, "feed_kinds", name, FEED_KINDS, noun="kind of feed")
    return frozenset(kind for kind in FEED_KINDS if kind in named)


def _languages(table: ConfigTable, _known: KnownIds) -> frozenset[str]:
    languages = table.strings("languages")
    for language in languages:
        if not _LANGUAGE.fullmatch(language):
            raise table.error(
                "languages", f"{language!r} is not a language code", 'write "zh", "en" …'
            )
    return frozenset(languages)


def _each(kind: str, values: Callable[[Condition], Iterable[str]]) -> Traits:
    return lambda wanted: ((kind, value) for value in values(wanted))


# The most telling first: a rule is found by the first that has traits.
KEYS: Mapping[str, Key] = {
    "companies": Key(
        read=_companies,
        holds=lambda wanted, item: bool(named_in(wanted, item)),
        traits=_each("company", lambda wanted: wanted.companies),
        also=("groups",),
    ),
    "measure": Key(
        read=lambda table, known: read_measure(table, "measure", known),
        holds=tells_measure,
        traits=_each("act", sides_of),
    ),
    "topics": Key(
        read=_topics,
        holds=_has_topic,
        traits=_each("topic", lambda wanted: wanted.topics),
    ),
    "people": Key(read=_people, holds=_has_people, traits=_people_traits),
    "terms": Key(
        read=_terms,
        holds=_has_terms,
        traits=_each("text", lambda wanted: map(folded, wanted.terms)),
    ),
    "search": Key(read=_search, holds=is_found, traits=search_traits),
    "feeds": Key(
        read=_feeds,
        holds=lambda wanted, item: item.article.feed_id in wanted.feeds,
        traits=_each("feed", lambda wanted: wanted.feeds),
    ),
    "feed_kinds": Key(
        read=_feed_kinds,
        holds=lambda wanted, item: item.feed_kind in wanted.feed_kinds,
        traits=_each("kind", lambda wanted: wanted.feed_kinds),
    ),
    "not_feeds": Key(
        read=_not_feeds,
        holds=lambda wanted, item: item.article.feed_id not in wanted.not_feeds,
        is_subject=False,
    ),
    "on_beat": Key(
        read=lambda table, _known: table.flag("on_beat"),
        holds=lambda _wanted, item: item.article.is_on_beat is not False,
        is_subject=False,
    ),
    "reports": Key(
        read=lambda table, _known: table.flag("reports"),
        holds=lambda _wanted, item: is_report(
            item.article.headline_weight, item.article.report_score
        ),
        is_subject=False,
    ),
    "languages": Key(
        read=_languages,
        holds=lambda wanted, item: item.language in wanted.languages,
        is_subject=False,
    ),
}
