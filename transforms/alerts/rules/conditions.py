"""Conditions of rules: their reader, and their test on an article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, get_args

from transforms.alerts.rules.condition_keys import (
    KEYS,
    found_in,
    named_in,
    patterns_of,
)
from transforms.alerts.rules.measure_filter import hit_in
from transforms.alerts.rules.tagged_article import TaggedArticle
from transforms.alerts.rules.values import KnownIds, unknown
from transforms.config import ConfigTable
from transforms.models import Condition, Role, TextField, Via
from transforms.search.query import reads_off_beat

# What a condition may be about, each by itself enough.
SUBJECTS = (
    *(name for key, it in KEYS.items() if it.is_subject for name in (key, *it.also)),
    "any",
)
_HOW = ("roles", "via")
# The other keys only restrict these.
CONDITION_KEYS = (*dict.fromkeys((*SUBJECTS, *KEYS)), "about", "exact", "in", "none", *_HOW)
FIELDS: tuple[TextField, ...] = get_args(TextField)


def read_condition(table: ConfigTable, known: KnownIds) -> Condition | None:
    """Return the condition at *table*; None for a shipped one with unknown names only.

    Raises:
        ConfigError: A value is wrong; names file, line and the nearest known name.
    """
    values = {name: key.read(table, known) for name, key in KEYS.items()}
    condition = Condition(
        **values,
        about=_about(table),
        **_how(table),
        namesakes=_namesakes(values["people"], known),
        fields=_fields(table),
        any_of=tuple(_alternatives(table, "any", known)),
        none_of=tuple(_alternatives(table, "none", known)),
    )
    return None if _has_lost(condition, table) else condition


def asks_off_beat(wanted: Condition) -> bool:
    """Tell whether a condition reads topics or events of what is off the beat.

    Only of what names nobody: of the rest they are always known. Whether a headline reports
    hangs on its events, too.
    """
    search = wanted.search
    if wanted.on_beat or wanted.companies or (search and search.on_beat):
        return False
    if wanted.topics or wanted.reports or (search and reads_off_beat(search)):
        return True
    return any(map(asks_off_beat, (*wanted.any_of, *wanted.none_of)))


def _has_lost(condition: Condition, table: ConfigTable) -> bool:
    """Tell whether a shipped table names only what this watchlist does not hold."""
    if table.values.get("any") and not condition.any_of:
        return True
    return any(
        table.values.get(written) and not getattr(condition, name)
        for name, key in KEYS.items()
        if key.is_subject
        for written in (name, *key.also)
    )


def _alternatives(table: ConfigTable, key: str, known: KnownIds) -> Iterator[Condition]:
    """Yield the conditions of a list of tables; what a shipped one lost is left out."""
    listed = table.values.get(key, [])
    if not isinstance(listed, list) or not all(isinstance(v, dict) for v in listed):
        raise table.error(
            key, "is not a list of tables", f'write {key} = [{{ terms = ["…"] }}, …]'
        )
    for values in listed:
        inner = ConfigTable(table.config, (*table.path, key), values)
        inner.only(*CONDITION_KEYS)
        if not any(values.get(name) for name in {*SUBJECTS, *KEYS}):
            raise table.error(
                key, "holds a table without a condition", f"add {', '.join(SUBJECTS)}"
            )
        condition = read_condition(inner, known)
        if condition is not None:
            yield condition


def _about(table: ConfigTable) -> bool:
    is_asked = table.flag("about")
    if is_asked and not (table.values.get("companies") or table.values.get("groups")):
        raise table.error("about", "names no company", "add companies, or remove about")
    return is_asked


def _how(table: ConfigTable) -> dict[str, Any]:
    """Return which mentions of a company count, where the table says so."""
    how: dict[str, Any] = {}
    for key, known in (("roles", get_args(Role)), ("via", get_args(Via))):
        if named := table.strings(key):
            if not table.values.get("companies") and not table.values.get("groups"):
                raise table.error(key, "needs a company", f"add companies, or remove {key}")
            for name in named:
                if name not in known:
                    raise unknown(table, key, name, known, noun=key.removesuffix("s"))
            how[key] = frozenset(named)
    return how


def _namesakes(people: frozenset[str], known: KnownIds) -> frozenset[str]:
    """Return the names of others that a name of *people* is a part of."""
    others = {name for names in known.people.values() for name in names} - people
    return frozenset(o for o in others if any(name in o for name in people))


def _fields(table: ConfigTable) -> tuple[TextField, ...]:
    """Return the fields to look in: a single name means that one and those before it."""
    raw = table.values.get("in", "summary")
    if isinstance(raw, str) and raw in FIELDS:
        return FIELDS[: FIELDS.index(raw) + 1]
    wanted = table.strings("in")
    for name in wanted:
        if name not in FIELDS:
            raise unknown(table, "in", name, FIELDS, noun="field")
    if not wanted:
        raise table.error("in", "is empty", f"choose from {', '.join(FIELDS)}")
    return tuple(name for name in FIELDS if name in wanted)


def holds(wanted: Condition, item: TaggedArticle) -> bool:
    """Tell whether the article meets the condition *wanted*."""
    return (
        all(key.holds(wanted, item) for name, key in KEYS.items() if getattr(wanted, name))
        and (not wanted.any_of or any(holds(each, item) for each in wanted.any_of))
        and not any(holds(each, item) for each in wanted.none_of)
    )


def companies_in(wanted: Condition, item: TaggedArticle) -> tuple[str, ...]:
    """Return the condition's companies that the article names, its subjects first.

    Those that its measure hits count too, and matching alternatives. Of several subjects
    the one named first comes first.
    """
    asked = set[str]().union(
        *(named_in(each, item) | hit_in(each, item) for each in _met(wanted, item))
    )
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
    """Return the condition's topic with the highest score in the article."""
    asked = frozenset().union(*(each.topics for each in _met(wanted, item)))
    if not asked:
        return None
    tags = [tag for tag in item.tags if tag.topic_id in asked]
    best = min(tags, key=lambda tag: (-tag.score, tag.topic_id), default=None)
    return best.topic_id if best else None


def term_in(wanted: Condition, item: TaggedArticle, companies: Sequence[str]) -> str:
    """Return the name or word that met the condition: an alias, person or term.

    *companies* are the condition's companies that the article names.
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
