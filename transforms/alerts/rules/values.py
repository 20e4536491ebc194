"""Values of tables in alerts.toml: ids, digests, quiet hours, zones, rates."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from functools import cached_property
from typing import Literal

from transforms.config import ConfigError, ConfigTable, did_you_mean
from transforms.config.text import parse_span
from transforms.dates.zones import is_zone
from transforms.models import FeedKind, Rate, Schedule, SearchQuery
from transforms.names.rules.watchlist import Watchlist

# An error message lists at most this many names.
_FEW = 10
# Ids appear in messages, tables and commands.
ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
SCHEDULE_KEYS = ("digest", "quiet", "zone")
# In a rule: switches the channel's digest or quiet hours off.
NEVER = "never"
_LANGUAGES: tuple[Literal["en", "zh"], ...] = ("en", "zh")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_RATE = re.compile(r"\s*+([1-9]\d{0,5})\s*+/\s*+(\d*+\s*+[mhdw])\s*")


@dataclass(frozen=True, kw_only=True)
class KnownIds:
    """Ids that a rule may name.

    Shipped rules are reduced to the companies and topics of the user's own watchlist;
    the user's own rules are refused when they name others. ``things`` returns what measures
    may be about; it is called if a rule asks for one.
    """

    watchlist: Watchlist
    feeds: Mapping[str, FeedKind]
    channels: frozenset[str]
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    searches: Mapping[str, SearchQuery] = field(default_factory=dict)
    things: Callable[[], Collection[str]] = tuple
    is_shipped: bool = False

    @cached_property
    def companies(self) -> frozenset[str]:
        """Ids of all companies."""
        return frozenset(company.company_id for company in self.watchlist.companies)

    @cached_property
    def topic_parents(self) -> Mapping[str, str | None]:
        """Parent ids of all topics and event types, by id."""
        return {topic.topic_id: topic.parent_id for topic in self.watchlist.topics}

    @cached_property
    def people(self) -> Mapping[str, tuple[str, ...]]:
        """Names of each person, by id and by each name."""
        return {
            key: person.names
            for person in self.watchlist.people
            for key in (*person.names, person.person_id)
        }


def check_id(table: ConfigTable, key: str) -> None:
    """Refuse an id that does not suit a command line."""
    if not ID.fullmatch(key):
        raise table.config.error(
            table.path,
            f"has the id {key!r}",
            "use small letters, digits, - and _, 64 at most",
        )


def names_at(
    table: ConfigTable, key: str, known: Collection[str], *, noun: str
) -> tuple[str, ...]:
    """Return the names at *key*, each once and all *known*; *noun* says what they are.

    Raises:
        ConfigError: One is not; the remedy is the nearest that is.
    """
    named = tuple(dict.fromkeys(table.strings(key)))
    for name in named:
        if name not in known:
            raise unknown(table, key, name, known, noun=noun)
    return named


def known_ids(
    table: ConfigTable, key: str, ids: Collection[str], known: KnownIds, *, noun: str
) -> frozenset[str]:
    """Return the ids at *key*, all among *ids*; a shipped table may name others.

    Raises:
        ConfigError: One is not; the remedy is the nearest that is.
    """
    if known.is_shipped:
        return frozenset(ids).intersection(table.strings(key))
    return frozenset(names_at(table, key, ids, noun=noun))


def unknown(
    table: ConfigTable, key: str, name: str, known: Iterable[str], *, noun: str
) -> ConfigError:
    """Return the error for the unknown *name* of a *noun*."""
    listed = sorted(known)
    remedy = did_you_mean(name, listed)
    if not remedy and 0 < len(listed) <= _FEW:
        remedy = f"choose from {', '.join(listed)}"
    return table.error(
        key,
        f"names the unknown {noun} {name!r}",
        remedy or "check the id, or remove it",
    )


def with_families(query: SearchQuery, known: KnownIds) -> SearchQuery:
    """Return the search, widened to the companies' brands and the topics below."""
    asked = query.filters
    companies = known.watchlist.descendants(frozenset(asked.companies))
    topics, events = (
        with_those_below(ids, known.topic_parents) for ids in (asked.topics, asked.events)
    )
    widened = replace(
        asked,
        companies=tuple(sorted(companies)),
        topics=tuple(sorted(topics)),
        events=tuple(sorted(events)),
    )
    return replace(query, filters=widened)


def with_those_below(
    ids: Iterable[str], parents: Mapping[str, str | None]
) -> frozenset[str]:
    """Return *ids* with all their descendants by *parents*."""
    found = frozenset(ids)
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def read_schedule(table: ConfigTable) -> Schedule | None:
    """Return the schedule of a rule or channel; None without its own.

    Raises:
        ConfigError: A time, a span of times or a zone is not valid.
    """
    zone = read_zone(table)
    if not table.values.keys() & {"digest", "quiet"}:
        return None
    return Schedule(digest=_digest(table), quiet=_quiet(table), zone=zone)


def read_zone(table: ConfigTable, default: str = "UTC") -> str:
    """Return the IANA zone at ``zone``; *default* without one."""
    name = table.string("zone", default)
    if not is_zone(name):
        raise table.error(
            "zone", f"names the unknown zone {name!r}", 'write one like "Asia/Shanghai"'
        )
    return name


def read_language(table: ConfigTable) -> Literal["en", "zh"]:
    """Return the language at ``language``; English without one."""
    return table.choice("language", _LANGUAGES, "en")


def read_rate(table: ConfigTable) -> Rate | None:
    """Return the rate limit of a channel, such as ``"20/1h"``."""
    text = table.string("rate")
    if "rate" not in table.values:
        return None
    found = _RATE.fullmatch(text)
    unit = found[2].replace(" ", "") if found else ""
    period = parse_span(unit if unit[:1].isdigit() else f"1{unit}")
    if found is None or not period:
        raise table.error(
            "rate", f"is {text!r}", 'write a number and a time, such as "20/1h"'
        )
    return Rate(count=int(found[1]), period=period)


def _digest(table: ConfigTable) -> tuple[time, ...]:
    texts = table.strings("digest")
    if texts == (NEVER,):
        return ()
    return tuple(sorted({_time(table, "digest", text) for text in texts}))


def _quiet(table: ConfigTable) -> tuple[time, time] | None:
    text = table.string("quiet", NEVER)
    if text == NEVER:
        return None
    start, dash, end = text.partition("-")
    if not dash:
        raise table.error("quiet", f"is {text!r}", 'write two times: "22:00-07:00"')
    span = _time(table, "quiet", start), _time(table, "quiet", end)
    if span[0] == span[1]:
        raise table.error("quiet", "begins when it ends", 'write two times: "22:00-07:00"')
    return span


def _time(table: ConfigTable, key: str, text: str) -> time:
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise table.error(key, f"{text!r} is not a time of day", 'write one like "08:30"')
    return time(int(found[1]), int(found[2]))
