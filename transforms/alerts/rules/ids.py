"""The ids that a rule may name, and what to say of any other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from transforms.config import ConfigError, ConfigTable, did_you_mean
from transforms.models import FeedKind, SearchQuery
from transforms.watchlist import Watchlist

# An error message lists at most this many names.
_FEW = 10


@dataclass(frozen=True, kw_only=True)
class KnownIds:
    """The ids that a rule may name.

    Shipped rules are reduced to the companies and topics of the user's own watchlist;
    the user's own rules are refused when they name others.
    """

    watchlist: Watchlist
    feeds: Mapping[str, FeedKind]
    channels: frozenset[str]
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    searches: Mapping[str, SearchQuery] = field(default_factory=dict)
    is_shipped: bool = False

    @cached_property
    def companies(self) -> frozenset[str]:
        """The ids of all companies."""
        return frozenset(company.company_id for company in self.watchlist.companies)

    @cached_property
    def topic_parents(self) -> Mapping[str, str | None]:
        """The ids of all topics and event types, with their parents'."""
        return {topic.topic_id: topic.parent_id for topic in self.watchlist.topics}

    @cached_property
    def people(self) -> Mapping[str, tuple[str, ...]]:
        """All names of a person, by id and by each of the names."""
        return {
            key: person.names
            for person in self.watchlist.people
            for key in (*person.names, person.person_id)
        }


def known_ids(
    table: ConfigTable, key: str, ids: Collection[str], known: KnownIds, *, noun: str
) -> frozenset[str]:
    """Return the ids at *key*, all of them among *ids*; *noun* is what each stands for.

    Raises:
        ConfigError: One is not; the remedy is the nearest that is.
    """
    named = table.strings(key)
    for name in named:
        if name not in ids and not known.is_shipped:
            raise unknown(table, key, name, ids, noun=noun)
    return frozenset(name for name in named if name in ids)


def unknown(
    table: ConfigTable, key: str, name: str, known: Iterable[str], *, noun: str
) -> ConfigError:
    """Return the error for the *name* of a *noun* that is not among the *known*."""
    listed = sorted(known)
    remedy = did_you_mean(name, listed)
    if not remedy and 0 < len(listed) <= _FEW:
        remedy = f"choose from {', '.join(listed)}"
    return table.error(
        key,
        f"names the unknown {noun} {name!r}",
        remedy or "check the id, or remove it",
    )
