"""Keys of a condition, each declared once: its reader and its test.

To add one, write its two functions and a line of ``KEYS``, and give ``Condition`` a field
of that name. What ``measures`` asks has keys of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

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
    names_at,
    unknown,
    with_families,
    with_those_below,
)
from transforms.config import ConfigError, ConfigTable, did_you_mean
from transforms.headlines.reports import is_report
from transforms.models import Condition, FeedKind, SearchQuery
from transforms.models.measures import (
    EVERYWHERE,
    INSTRUMENTS,
    SIDES,
    STATUSES,
    MeasureFilter,
)

MEASURE_KEYS = ("side", "instrument", "status", "thing", "target")
FEED_KINDS: tuple[FeedKind, ...] = get_args(FeedKind)
_LANGUAGE = re.compile(r"[a-z]{2,3}")

# What an article has: ("act", side of a measure), ("company", id), ("topic", id),
# ("feed", id), ("kind", kind of feed) and ("text", a literal).
Trait = tuple[str, str]
Traits = Callable[[Condition], Iterable[Trait]]


def read_measure(table: ConfigTable, key: str, known: KnownIds) -> MeasureFilter | None:
    """Return what is asked at *key*; None if a shipped rule has lost all of it."""
    if key not in table.values:
        return None
    values = table.values[key]
    if not isinstance(values, dict) or not values:
        keys = ", ".join(MEASURE_KEYS)
        raise table.error(
            key,
            "is not a table with one of its keys",
            f'write {key} = {{ side = "us" }}; its keys are {keys}',
        )
    inner = ConfigTable(table.config, (*table.path, key), values)
    for name in values:
        if name not in MEASURE_KEYS:
            raise _refused(inner, name, "is not a known key", name, MEASURE_KEYS)
    asked = {
        "sides": _chosen(inner, "side", SIDES),
        "instruments": _chosen(inner, "instrument", INSTRUMENTS),
        "statuses": _chosen(inner, "status", STATUSES),
        "things": _things(inner, known),
    }
    targets, target_sides = _targets(inner, known, is_exact=table.flag("exact"))
    if known.is_shipped and (
        ("thing" in values and not asked["things"])
        or ("target" in values and not targets | target_sides)
    ):
        return None
    return MeasureFilter(**asked, targets=targets, target_sides=target_sides)


def tells_measure(wanted: Condition, item: TaggedArticle) -> bool:
    """Tell whether the article tells of a measure as the condition asks for it."""
    asked, told = wanted.measure, item.measure
    if asked is None or told is None:
        return asked is None
    is_target = told.target_side in asked.target_sides or not asked.targets.isdisjoint(
        told.targets
    )
    return (
        (not asked.sides or told.side in asked.sides)
        and (not asked.instruments or told.instrument in asked.instruments)
        and (not asked.statuses or told.status in asked.statuses)
        and (not asked.things or told.thing in asked.things)
        and (is_target or not (asked.targets or asked.target_sides))
    )


def sides_of(wanted: Condition) -> Iterable[str]:
    """Return the sides whose measures may meet the condition."""
    return (wanted.measure.sides or SIDES) if wanted.measure else ()


def hit_in(wanted: Condition, item: TaggedArticle) -> set[str]:
    """Return the condition's companies that the article's measure hits."""
    if wanted.measure is None or item.measure is None:
        return set()
    return set(wanted.measure.targets & item.companies).intersection(item.measure.targets)


def _chosen(inner: ConfigTable, key: str, allowed: Sequence[str]) -> frozenset[str]:
    """Return the values at *key*, each one of those *allowed*."""
    named = inner.strings(key)
    if key in inner.values and not named:
        raise inner.error(key, "is empty", f"choose from {', '.join(allowed)}")
    for name in named:
        if name not in allowed:
            raise _refused(inner, key, f"names the unknown {key} {name!r}", name, allowed)
    return frozenset(named)


def _things(inner: ConfigTable, known: KnownIds) -> frozenset[str]:
    if "thing" not in inner.values:
        return frozenset()
    things = sorted(known.things())
    if known.is_shipped:
        return frozenset(inner.strings("thing")).intersection(things)
    return _chosen(inner, "thing", things)


def _targets(
    inner: ConfigTable, known: KnownIds, *, is_exact: bool
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the companies and the sides at ``target``."""
    sides = (*SIDES, EVERYWHERE)
    named = inner.strings("target")
    if "target" in inner.values and not named:
        raise inner.error("target", "is empty", "name a company, or a side such as cn")
    companies = frozenset(name for name in named if name not in sides)
    for name in sorted(companies - known.companies if not known.is_shipped else ()):
        raise inner.error(
            "target",
            f"names the unknown company or side {name!r}",
            f"{did_you_mean(name, [*known.companies, *sides]) or 'correct it.'} "
            f"Write the id of a company, or a side: {', '.join(sides)}",
        )
    companies &= known.companies
    widened = companies if is_exact else known.watchlist.descendants(companies)
    return widened, frozenset(name for name in named if name in sides)


def _refused(
    inner: ConfigTable, key: str, problem: str, name: str, allowed: Sequence[str]
) -> ConfigError:
    """Return an error whose remedy is the nearest name, and all that are *allowed*."""
    every = f"choose from {', '.join(allowed)}"
    near = did_you_mean(name, allowed)
    return inner.error(key, problem, f"{near} Or {every}" if near else every)


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


def _people(table: ConfigTable, known: KnownIds) -> frozenset[str]:
    listed = known_ids(table, "people", known.people, known, noun="person")
    return frozenset(name for key in listed for name in known.people[key])


def _people_finder(wanted: Condition) -> re.Pattern[str]:
    return people_finder(wanted.people, wanted.namesakes)


def _terms(table: ConfigTable, _known: KnownIds) -> tuple[str, ...]:
    terms = table.strings("terms")
    for term in terms:
        if not folded(term):
            raise table.error("terms", f"{term!r} holds nothing to find", "remove it")
    return terms


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
    named = names_at(table, "feed_kinds", FEED_KINDS, noun="kind of feed")
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
        holds=lambda wanted, item: not wanted.topics.isdisjoint(item.topics),
        traits=_each("topic", lambda wanted: wanted.topics),
    ),
    "people": Key(
        read=_people,
        holds=lambda wanted, item: (
            found_in(wanted, item, _people_finder(wanted)) is not None
        ),
        traits=lambda wanted: (
            ("text", part) for person in wanted.people for part in literals_of(person)
        ),
    ),
    "terms": Key(
        read=_terms,
        holds=lambda wanted, item: found_in(wanted, item, finder(wanted.terms)) is not None,
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
