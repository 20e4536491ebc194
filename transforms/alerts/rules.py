"""Read ``[rule.<id>]``: who wants to hear of what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import get_args

from transforms.alerts.channels import check_id
from transforms.alerts.durations import parse_duration
from transforms.alerts.known import Known, known_ids, unknown
from transforms.alerts.terms import folded
from transforms.config import ConfigText
from transforms.models import Condition, Rule, TextField
from transforms.watchlist.values import Table, tables

SUBJECTS = ("companies", "topics", "terms", "people", "feeds")
KEYS = (
    *SUBJECTS,
    "about",
    "kind",
    "languages",
    "channels",
    "cooldown",
    "min_publishers",
    "exact",
    "in",
    "max_age",
    "enabled",
    "note",
)
# Named by the design, done by a later release: better refused than ignored.
LATER_KEYS = ("digest", "quiet")
LATER_KINDS = ("burst", "silence")
FIELDS: tuple[TextField, ...] = get_args(TextField)
DEFAULT_MAX_AGE = timedelta(hours=72)
_LANGUAGE = re.compile(r"[a-z]{2,3}")


def read_rules(config: ConfigText, known: Known) -> dict[str, Rule | None]:
    """Return the rules of the file by id, None for one that is off or has no subject.

    Raises:
        ConfigError: A rule is wrong; names file, line and the nearest known name.
    """
    return {key: _rule(key, table, known) for key, table in tables(config, "rule")}


def _rule(rule_id: str, table: Table, known: Known) -> Rule | None:
    check_id(table, rule_id)
    _refuse_later(table)
    table.only(*KEYS)
    if not any(table.values.get(key) for key in SUBJECTS):
        raise table.config.error(
            table.path, "asks for nothing", f"add one of {', '.join(SUBJECTS)}"
        )
    table.string("note")
    people = frozenset(_people(table, known))
    rule = Rule(
        rule_id=rule_id,
        wanted=Condition(
            companies=_companies(table, known),
            about=_about(table),
            topics=_topics(table, known),
            terms=_terms(table),
            people=people,
            namesakes=_namesakes(people, known),
            languages=_languages(table),
            feeds=known_ids(table, "feeds", known.feeds, known),
            fields=_fields(table),
        ),
        min_publishers=_min_publishers(table),
        max_age=_duration(table, "max_age", DEFAULT_MAX_AGE),
        cooldown=_duration(table, "cooldown", timedelta(0)),
        channels=_channels(table, known),
    )
    is_on = "enabled" not in table.values or table.flag("enabled")
    return rule if is_on and not _has_lost(rule, table) else None


def _has_lost(rule: Rule, table: Table) -> bool:
    """Tell whether a shipped rule names only what this watchlist does not hold."""
    return any(table.values.get(key) and not getattr(rule.wanted, key) for key in SUBJECTS)


def _refuse_later(table: Table) -> None:
    for key in LATER_KEYS:
        if key in table.values:
            raise table.error(
                key, "is not supported yet", "remove it; a later release brings it"
            )
    kind = table.string("kind", "mention")
    if kind in LATER_KINDS:
        raise table.error(
            "kind",
            f"is {kind!r}, which is not supported yet",
            'write kind = "mention"; a later release brings it',
        )
    table.choice("kind", ("mention",), "mention")


def _companies(table: Table, known: Known) -> frozenset[str]:
    named = known_ids(table, "companies", known.companies, known)
    return named if table.flag("exact") else known.watchlist.descendants(named)


def _about(table: Table) -> bool:
    is_asked = table.flag("about")
    if is_asked and not table.values.get("companies"):
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


def _min_publishers(table: Table) -> int:
    value = table.values.get("min_publishers", 1)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise table.error("min_publishers", f"is {value!r}", "write 1, 2, 3 …")
    return value


def _duration(table: Table, key: str, default: timedelta) -> timedelta:
    if key not in table.values:
        return default
    text = table.string(key)
    found = parse_duration(text)
    if found is None:
        raise table.error(key, f"is {text!r}", 'write a time like "30m", "12h" or "3d"')
    return found


def _channels(table: Table, known: Known) -> tuple[str, ...]:
    channels = table.strings("channels")
    if not channels:
        listed = ", ".join(sorted(known.channels)) or "none yet: add [channel.<id>]"
        raise table.error("channels", "is missing", f"name one or more of {listed}")
    for name in channels:
        if name not in known.channels:
            raise unknown(table, "channels", name, known.channels)
    return tuple(dict.fromkeys(channels))
