"""Rules and groups of alerts.toml: kind, condition, channels, schedule and updates.

Conditions have their reader here, and their test on an article.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, get_args

from transforms.alerts.rules.condition_keys import (
    KEYS,
    found_in,
    hit_in,
    named_in,
    patterns_of,
)
from transforms.alerts.rules.tagged_article import TaggedArticle
from transforms.alerts.rules.values import (
    SCHEDULE_KEYS,
    KnownIds,
    check_id,
    known_ids,
    names_at,
    read_schedule,
)
from transforms.config import ConfigTable
from transforms.config.text import parse_span
from transforms.models import (
    ClaimOutcome,
    Condition,
    FeedKind,
    Role,
    Rule,
    RuleKind,
    Severity,
    TextField,
    Updates,
    Via,
)
from transforms.models.alerts import DUE_IN
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
COMMON = (
    *("kind", "channels", "cooldown", "severity", "enabled", "mute_until", "note"),
    *SCHEDULE_KEYS,
)
ARTICLE_KEYS = (*COMMON, *CONDITION_KEYS, "min_publishers", "max_age", "updates")
# Kinds that look at numbers of coverage, feeds or dates, and at no article.
KEYS_OF_KIND: Mapping[str, tuple[str, ...]] = {
    "burst": (*COMMON, "companies", "groups", "topics", "exact"),
    "shift": (*COMMON, "companies", "groups", "topics", "exact"),
    "silence": (*COMMON, "feeds", "feed_kinds", "pipeline"),
    "due": (*COMMON, "companies", "groups", "topics", "exact", "due_in"),
}
# Kinds that need no subject: the kind itself is the condition.
SELF_EVIDENT = frozenset({"official", "crossing", *KEYS_OF_KIND})
OFFICIAL: frozenset[FeedKind] = frozenset({"official", "regulator"})
KINDS: tuple[RuleKind, ...] = get_args(RuleKind)
OUTCOMES: tuple[ClaimOutcome, ...] = get_args(ClaimOutcome)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
DEFAULT_MAX_AGE = timedelta(hours=72)


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
    for inner in table.inner_list(key, f'write {key} = [{{ terms = ["…"] }}, …]'):
        inner.only(*CONDITION_KEYS)
        if not any(inner.values.get(name) for name in {*SUBJECTS, *KEYS}):
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
        if table.strings(key):
            if not table.values.get("companies") and not table.values.get("groups"):
                raise table.error(key, "needs a company", f"add companies, or remove {key}")
            how[key] = frozenset(names_at(table, key, known, noun=key.removesuffix("s")))
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
    wanted = names_at(table, "in", FIELDS, noun="field")
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


def read_group(group_id: str, table: ConfigTable, known: KnownIds) -> frozenset[str]:
    """Return the companies of a ``[group.<id>]``.

    Raises:
        ConfigError: The group is wrong, or names an unknown company.
    """
    check_id(table, group_id)
    table.only("companies", "note")
    table.string("note")
    if not table.values.get("companies"):
        raise table.error("companies", "is missing", 'add companies = ["…"]')
    return known_ids(table, "companies", known.companies, known, noun="company")


def read_rule(rule_id: str, table: ConfigTable, known: KnownIds) -> Rule | None:
    """Return the rule of a ``[rule.<id>]``; None if it is disabled or without subject.

    Raises:
        ConfigError: The rule is wrong; names file, line and the nearest known name.
    """
    check_id(table, rule_id)
    kind = table.choice("kind", KINDS, "mention")
    table.only(*KEYS_OF_KIND.get(kind, ARTICLE_KEYS))
    if kind not in SELF_EVIDENT and not any(table.values.get(key) for key in SUBJECTS):
        raise table.config.error(
            table.path, "has no condition", f"add one of {', '.join(SUBJECTS)}"
        )
    table.string("note")
    if "zone" in table.values and not table.values.keys() & {"digest", "quiet"}:
        raise table.error(
            "zone",
            "has no digest or quiet to apply to",
            "add one of these, or write the zone in the channel",
        )
    wanted = read_condition(table, known)
    rule = Rule(
        rule_id=rule_id,
        kind=kind,
        severity=table.choice("severity", SEVERITIES, "normal"),
        wanted=_by_kind(kind, wanted or Condition(), table, known),
        min_publishers=table.count("min_publishers", 1),
        max_age=_duration(table, "max_age", DEFAULT_MAX_AGE),
        cooldown=_duration(table, "cooldown", timedelta(0)),
        updates=_updates(table),
        pipeline=_pipeline(table),
        due_in=_duration(table, "due_in", DUE_IN),
        mute_until=_day(table, "mute_until"),
        channels=channels_at(table, known),
        schedule=read_schedule(table),
    )
    is_on = "enabled" not in table.values or table.flag("enabled")
    return rule if is_on and wanted is not None and rule.channels else None


def _by_kind(
    kind: RuleKind, wanted: Condition, table: ConfigTable, known: KnownIds
) -> Condition:
    """Return *wanted* with what the kind says by itself."""
    if kind == "about":
        if not wanted.companies:
            raise table.error("kind", "names no company", "add companies")
        return replace(wanted, about=True)
    if kind == "official":
        return replace(
            wanted,
            companies=wanted.companies or known.companies,
            feed_kinds=wanted.feed_kinds or OFFICIAL,
        )
    return wanted


def _updates(table: ConfigTable) -> Updates:
    """Return the steps at which a story is worth another word."""
    inner = table.inner("updates", "write { publishers = [5, 10], languages = true }")
    inner.only("publishers", "languages", "companies", "outcomes")
    outcomes = names_at(inner, "outcomes", OUTCOMES, noun="outcome")
    return Updates(
        publishers=tuple(sorted(set(inner.counts("publishers", least=2)))),
        languages=inner.flag("languages"),
        companies="companies" not in inner.values or inner.flag("companies"),
        outcomes=frozenset(
            name for name in OUTCOMES if name in outcomes or "outcomes" not in inner.values
        ),
    )


def _day(table: ConfigTable, key: str) -> date | None:
    """Return a day, which TOML may hold as a date or as text."""
    value = table.values.get(key)
    if value is None or type(value) is date:
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise table.error(key, f"is no day: {value}", f"write {key} = 2026-12-01") from None


def _pipeline(table: ConfigTable) -> timedelta | None:
    if "pipeline" not in table.values:
        return None
    return _duration(table, "pipeline", timedelta(hours=1))


def _duration(table: ConfigTable, key: str, default: timedelta) -> timedelta:
    if key not in table.values:
        return default
    text = table.string(key)
    found = parse_span(text)
    if found is None or (not found and key != "cooldown"):
        raise table.error(key, f"is {text!r}", 'write a time like "30m", "12h" or "3d"')
    return found


def channels_at(table: ConfigTable, known: KnownIds) -> tuple[str, ...]:
    """Return the channels of a rule or brief, each once.

    Raises:
        ConfigError: None is named, or one is unknown.
    """
    channels = table.strings("channels")
    if not channels:
        listed = ", ".join(sorted(known.channels)) or "none yet: add [channel.<id>]"
        raise table.error("channels", "is missing", f"name one or more of {listed}")
    there = known_ids(table, "channels", known.channels, known, noun="channel")
    return tuple(dict.fromkeys(name for name in channels if name in there))
