"""Rules and groups of alerts.toml: kind, condition, channels, schedule and updates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, get_args

from transforms.alerts.rules.conditions import CONDITION_KEYS, SUBJECTS, read_condition
from transforms.alerts.rules.values import (
    SCHEDULE_KEYS,
    KnownIds,
    check_id,
    known_ids,
    read_schedule,
    unknown,
)
from transforms.config import ConfigTable, ConfigText, tables
from transforms.config.text import parse_span
from transforms.models import (
    ClaimOutcome,
    Condition,
    FeedKind,
    Rule,
    RuleKind,
    Severity,
    Updates,
)

COMMON = (
    *("kind", "channels", "cooldown", "severity", "enabled", "mute_until", "note"),
    *SCHEDULE_KEYS,
)
ARTICLE_KEYS = (*COMMON, *CONDITION_KEYS, "min_publishers", "max_age", "updates")
# Kinds that look at numbers of coverage or at feeds, and at no article.
KEYS_OF_KIND: Mapping[str, tuple[str, ...]] = {
    "burst": (*COMMON, "companies", "groups", "topics", "exact"),
    "shift": (*COMMON, "companies", "groups", "topics", "exact"),
    "silence": (*COMMON, "feeds", "feed_kinds", "pipeline"),
}
# Kinds that need no subject: the kind itself is the condition.
SELF_EVIDENT = frozenset({"official", "crossing", *KEYS_OF_KIND})
OFFICIAL: frozenset[FeedKind] = frozenset({"official", "regulator"})
KINDS: tuple[RuleKind, ...] = get_args(RuleKind)
OUTCOMES: tuple[ClaimOutcome, ...] = get_args(ClaimOutcome)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
DEFAULT_MAX_AGE = timedelta(hours=72)


def read_groups(config: ConfigText, known: KnownIds) -> dict[str, frozenset[str]]:
    """Return the companies of each ``[group.<id>]``.

    Raises:
        ConfigError: A group is wrong, or names an unknown company.
    """
    return {key: _group(key, table, known) for key, table in tables(config, "group")}


def _group(group_id: str, table: ConfigTable, known: KnownIds) -> frozenset[str]:
    check_id(table, group_id)
    table.only("companies", "note")
    table.string("note")
    if not table.values.get("companies"):
        raise table.error("companies", "is missing", 'add companies = ["…"]')
    return known_ids(table, "companies", known.companies, known, noun="company")


def read_rules(config: ConfigText, known: KnownIds) -> dict[str, Rule | None]:
    """Return the rules of the file by id; None for disabled ones and ones without subject.

    Raises:
        ConfigError: A rule is wrong; names file, line and the nearest known name.
    """
    return {key: _rule(key, table, known) for key, table in tables(config, "rule")}


def _rule(rule_id: str, table: ConfigTable, known: KnownIds) -> Rule | None:
    check_id(table, rule_id)
    kind = _choice(table, "kind", KINDS, "mention")
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
        severity=_choice(table, "severity", SEVERITIES, "normal"),
        wanted=_by_kind(kind, wanted or Condition(), table, known),
        min_publishers=table.count("min_publishers", 1),
        max_age=_duration(table, "max_age", DEFAULT_MAX_AGE),
        cooldown=_duration(table, "cooldown", timedelta(0)),
        updates=_updates(table),
        pipeline=_pipeline(table),
        mute_until=_day(table, "mute_until"),
        channels=_channels(table, known),
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


def _choice(table: ConfigTable, key: str, allowed: tuple[Any, ...], default: str) -> Any:
    return table.choice(key, allowed, default)


def _updates(table: ConfigTable) -> Updates:
    """Return the steps at which a story is worth another word."""
    values = table.values.get("updates", {})
    if not isinstance(values, dict):
        raise table.error(
            "updates", "is not a table", "write { publishers = [5, 10], languages = true }"
        )
    inner = ConfigTable(table.config, (*table.path, "updates"), values)
    inner.only("publishers", "languages", "companies", "outcomes")
    outcomes = inner.strings("outcomes")
    for name in outcomes:
        if name not in OUTCOMES:
            raise unknown(inner, "outcomes", name, OUTCOMES, noun="outcome")
    return Updates(
        publishers=tuple(sorted(set(inner.counts("publishers", least=2)))),
        languages=inner.flag("languages"),
        companies="companies" not in values or inner.flag("companies"),
        outcomes=frozenset(
            name for name in OUTCOMES if name in outcomes or "outcomes" not in values
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


def _channels(table: ConfigTable, known: KnownIds) -> tuple[str, ...]:
    channels = table.strings("channels")
    if not channels:
        listed = ", ".join(sorted(known.channels)) or "none yet: add [channel.<id>]"
        raise table.error("channels", "is missing", f"name one or more of {listed}")
    there = known_ids(table, "channels", known.channels, known, noun="channel")
    return tuple(dict.fromkeys(name for name in channels if name in there))
