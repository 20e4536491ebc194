"""Read what a rule wants of an article: its own keys, and those in ``any`` and ``none``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import get_args

from transforms.alerts.rules.ids import Known, known_ids, unknown
from transforms.alerts.rules.terms import folded
from transforms.config import Table
from transforms.models import Condition, FeedKind, TextField

# What a condition may be about, each by itself enough.
SUBJECTS = (
    "companies",
    "groups",
    "topics",
    "terms",
    "people",
    "feeds",
    "feed_kinds",
    "any",
)
CONDITION_KEYS = (*SUBJECTS, "about", "exact", "languages", "in", "none")
FIELDS: tuple[TextField, ...] = get_args(TextField)
FEED_KINDS: tuple[FeedKind, ...] = get_args(FeedKind)
_LANGUAGE = re.compile(r"[a-z]{2,3}")


def read_condition(table: Table, known: Known) -> Condition | None:
    """Return what *table* asks for, None where a shipped one names only the unknown.

    Raises:
        ConfigError: A value is wrong; names file, line and the nearest known name.
    """
    people = frozenset(_people(table, known))
    condition = Condition(
        companies=_companies(table, known),
        about=_about(table),
        topics=_topics(table, known),
        terms=_terms(table),
        people=people,
        namesakes=_namesakes(people, known),
        languages=_languages(table),
        feeds=known_ids(table, "feeds", known.feeds, known),
        feed_kinds=_feed_kinds(table),
        fields=_fields(table),
        any_of=tuple(_alternatives(table, "any", known)),
        none_of=tuple(_alternatives(table, "none", known)),
    )
    return None if _has_lost(condition, table) else condition


def _has_lost(condition: Condition, table: Table) -> bool:
    """Tell whether a shipped table names only what this watchlist does not hold."""
    found = {
        "companies": condition.companies,
        "groups": condition.companies,
        "topics": condition.topics,
        "people": condition.people,
        "feeds": condition.feeds,
        "any": condition.any_of,
    }
    return any(table.values.get(key) and not value for key, value in found.items())


def _alternatives(table: Table, key: str, known: Known) -> Iterator[Condition]:
    """Yield the conditions of a list of tables; what a shipped one lost is left out."""
    listed = table.values.get(key, [])
    if not isinstance(listed, list) or not all(isinstance(v, dict) for v in listed):
        raise table.error(
            key, "is no list of tables", f'write {key} = [{{ terms = ["…"] }}, …]'
        )
    for values in listed:
        inner = Table(table.config, (*table.path, key), values)
        inner.only(*CONDITION_KEYS)
        if not any(values.get(name) for name in (*SUBJECTS, "languages")):
            raise table.error(
                key, "holds a table that asks for nothing", f"add {', '.join(SUBJECTS)}"
            )
        condition = read_condition(inner, known)
        if condition is not None:
            yield condition


def _companies(table: Table, known: Known) -> frozenset[str]:
    named = known_ids(table, "companies", known.companies, known)
    for group in known_ids(table, "groups", known.groups, known):
        named |= known.groups[group]
    return named if table.flag("exact") else known.watchlist.descendants(named)


def _about(table: Table) -> bool:
    is_asked = table.flag("about")
    if is_asked and not (table.values.get("companies") or table.values.get("groups")):
        raise table.error(
            "about", "asks about no company", "add companies, or remove about"
        )
    return is_asked


def _topics(table: Table, known: Known) -> frozenset[str]:
    """Return the topics named and those below them."""
    parents = known.topic_parents
    found = known_ids(table, "topics", parents, known)
    if table.flag("exact"):
        return found
    while more := {t for t, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def _terms(table: Table) -> tuple[str, ...]:
    terms = table.strings("terms")
    for term in terms:
        if not folded(term):
            raise table.error("terms", f"{term!r} holds nothing to find", "remove it")
    return terms


def _people(table: Table, known: Known) -> Iterator[str]:
    for name in sorted(known_ids(table, "people", known.people, known)):
        yield from known.people[name]


def _namesakes(people: frozenset[str], known: Known) -> frozenset[str]:
    """Return the names of others that a name of *people* is a part of."""
    others = {name for names in known.people.values() for name in names} - people
    return frozenset(o for o in others if any(name in o for name in people))


def _languages(table: Table) -> frozenset[str]:
    languages = table.strings("languages")
    for language in languages:
        if not _LANGUAGE.fullmatch(language):
            raise table.error(
                "languages", f"{language!r} is no language", 'write "zh", "en" …'
            )
    return frozenset(languages)


def _feed_kinds(table: Table) -> frozenset[FeedKind]:
    named = table.strings("feed_kinds")
    for name in named:
        if name not in FEED_KINDS:
            raise unknown(table, "feed_kinds", name, FEED_KINDS)
    return frozenset(kind for kind in FEED_KINDS if kind in named)


def _fields(table: Table) -> tuple[TextField, ...]:
    """Return the fields to look in: a single name means that one and those before it."""
    raw = table.values.get("in", "summary")
    if isinstance(raw, str) and raw in FIELDS:
        return FIELDS[: FIELDS.index(raw) + 1]
    wanted = table.strings("in")
    for name in wanted:
        if name not in FIELDS:
            raise unknown(table, "in", name, FIELDS)
    if not wanted:
        raise table.error("in", "is empty", f"choose from {', '.join(FIELDS)}")
    return tuple(name for name in FIELDS if name in wanted)
