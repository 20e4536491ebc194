"""File of a watchlist, read alone or over the shipped one.

Where an entry says ``extends = "default"``, what it does not say is as shipped and follows
each update; its lists are added to the shipped ones, and an alias of a text that is listed
is added to that alias. The version of the rules covers those of the beat. What one entry
says of another is checked and joined here: ids, parents, and owners of aliases.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import combinations
from typing import Any, TypeVar

from transforms.config import (
    EXTENDS_KEYS,
    ConfigError,
    ConfigText,
    did_you_mean,
    read_base,
    tables,
)
from transforms.config.table import entries_of
from transforms.grouping import grouped
from transforms.names.rules.companies import read_company, read_home, read_person
from transforms.names.rules.overlay import forget_lost, over
from transforms.names.rules.topics import (
    read_patterns,
    read_scoring,
    read_topic,
)
from transforms.names.rules.watchlist import (
    Alias,
    Company,
    Home,
    Person,
    Scoring,
    Topic,
    Watchlist,
)
from transforms.text.fold import fold

T = TypeVar("T")
_SECTIONS = (
    *EXTENDS_KEYS,
    "scoring",
    "home",
    "company",
    "person",
    "topic",
    "event",
    "prior",
    "macro",
    "credit",
)
# Part of rules_version: raise it when the code gives the same rules a new meaning.
_MATCHER = "2"
# Sections whose entries may extend a shipped one, and the key by which they do.
_EXTENDABLE = ("company", "topic", "event")
_KEY = "extends"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Sections of a watchlist by id."""

    companies: dict[str, Company] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    events: dict[str, Topic] = field(default_factory=dict)
    priors: dict[str, dict[str, float]] = field(default_factory=dict)
    macros: dict[str, str] = field(default_factory=dict)
    credit_lines: dict[str, str] = field(default_factory=dict)
    scoring: Scoring = field(default_factory=Scoring)
    home: Home = field(default_factory=Home)


def check_links(parts: Parts, config: ConfigText, base: ConfigText) -> None:
    """Refuse unknown ids, and cycles of parents.

    Raises:
        ConfigError: One of these, placed in *config* or, if it stands only there,
            in *base*.
    """
    links = _Links(config, base)
    for company in parts.companies.values():
        path = ("company", company.company_id, "parent")
        for parent in company.parents:
            links.must_exist(parent.company_id, parts.companies, path, "company")
    for person in parts.people.values():
        if person.company_id:
            path = ("person", person.person_id, "company")
            links.must_exist(person.company_id, parts.companies, path, "company")
    for topic in (*parts.topics.values(), *parts.events.values()):
        same_kind = parts.topics if topic.kind == "topic" else parts.events
        if topic.parent_id:
            path = (topic.kind, topic.topic_id, "parent")
            links.must_exist(topic.parent_id, same_kind, path, topic.kind)
    for company_id in parts.home.companies:
        if company_id not in parts.companies:
            remedy = did_you_mean(company_id, list(parts.companies)) or "take it out"
            problem = f"names {company_id!r}, which does not exist"
            raise config.error(("home", "companies"), problem, remedy)
    _check_priors(parts, links)
    _check_circles(parts, links)


def check_owners(companies: Iterable[Company], config: ConfigText) -> None:
    """Refuse an alias of several owners that is not marked as shared.

    An alias shared with the watchlist below needs ``shared`` only in the extending file.

    Raises:
        ConfigError: Both owners are named.
    """
    own = config.own.get("company", {})
    aliases = (alias for company in companies for alias in company.aliases)
    claims = grouped(aliases, lambda a: (a.kind == "ticker", fold(a.text).text.lower()))
    for owners in claims.values():
        for one, other in combinations(owners, 2):
            claimants = [a for a in (one, other) if a.company_id in own]
            unaware = [a for a in claimants if not a.shared]
            if unaware and _collide(one, other):
                at = unaware[-1]
                raise config.error(
                    ("company", at.company_id, "aliases"),
                    f"alias {at.text!r} belongs to {one.company_id!r} and "
                    f"{other.company_id!r}",
                    f'write {{ text = "{at.text}", shared = true }} for both, or remove it '
                    "from one",
                )


@dataclass(frozen=True, slots=True)
class _Links:
    config: ConfigText
    base: ConfigText

    def must_exist(
        self, key: str, known: Iterable[str], path: tuple[str, str, str], kind: str
    ) -> None:
        if key not in (known := list(known)):
            remedy = did_you_mean(key, known) or f"add [{kind}.{key}] or correct it"
            raise self.error(path, f"names {key!r}, which does not exist", remedy)

    def error(self, path: tuple[str, str, str], problem: str, remedy: str) -> ConfigError:
        stands_here = path[1] in self.config.data.get(path[0], {})
        return (self.config if stands_here else self.base).error(path, problem, remedy)


def _check_priors(parts: Parts, links: _Links) -> None:
    sectors = (c.sector for c in parts.companies.values())
    speakers = {*parts.companies, *sectors, *parts.events}
    for key, prior in parts.priors.items():
        for topic_id in prior:
            path = ("prior", key, topic_id)
            links.must_exist(key, speakers, path, "company")
            links.must_exist(topic_id, parts.topics, path, "topic")


def _check_circles(parts: Parts, links: _Links) -> None:
    for section, parent_of in (
        ("company", {k: c.parent_id for k, c in parts.companies.items()}),
        ("topic", {k: t.parent_id for k, t in parts.topics.items()}),
        ("event", {k: t.parent_id for k, t in parts.events.items()}),
    ):
        for key in parent_of:
            if circle := _circle(key, parent_of):
                raise links.error(
                    (section, key, "parent"),
                    f"goes round in a circle: {' → '.join(circle)}",
                    "take one of these parents out",
                )


def _circle(key: str, parent_of: Mapping[str, str | None]) -> list[str]:
    """Return the way from *key* back to itself, if its parents lead there."""
    seen = [key]
    while parent := parent_of[seen[-1]]:
        if parent in seen:
            return [*seen, parent]
        seen.append(parent)
    return []


def _collide(one: Alias, other: Alias) -> bool:
    return one.company_id != other.company_id and (
        not (one.exact and other.exact) or one.text == other.text
    )


def parse_watchlist(
    text: str,
    *,
    source: str = "watchlist.toml",
    default: str | None = None,
    rules: str = "",
    own: str | None = None,
) -> Watchlist:
    """Return the watchlist in *text*; ``extends = "default"`` refers to *default*.

    *rules* is the version of the other rules of its beat. Where *text* was laid over
    another one, *own* is what the file *source* says itself: lines are of it.

    Raises:
        ConfigError: Something is wrong; the message says where and what to do.
    """
    return _watchlist_of(text, source, default, rules, own)


# Those of a home and the shipped one: they are read anew by each run, and seldom change.
@lru_cache(maxsize=2)
def _watchlist_of(
    text: str, source: str, default: str | None, rules: str, own: str | None
) -> Watchlist:
    config = ConfigText(text, source, is_shipped=text == default, own=own)
    base = read_base(config, default, name="watchlist.toml")
    said = config.data
    if default and not config.is_shipped and any(_extending(config.data)):
        config.data = _laid_over(config, base.data if base else tomllib.loads(default))
    if base:
        forget_lost(base.data, config.data, said)
    parts = _read(config, _read(base, Parts()) if base else Parts())
    check_links(parts, config, base or config)
    check_owners(parts.companies.values(), config)
    return _watchlist(parts, rules)


def _laid_over(config: ConfigText, shipped: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parsed file with each entry that extends a shipped one whole.

    Raises:
        ConfigError: An entry extends what is not there.
    """
    theirs = entries_of(shipped)
    filled = dict(config.data)
    for section, key in _extending(config.data):
        entry = config.data[section][key]
        path = (section, key, _KEY)
        if entry[_KEY] != "default":
            raise config.error(
                path, f"is {entry[_KEY]!r}", 'write extends = "default" or leave it out'
            )
        if (section, key) not in theirs:
            raise config.error(
                path, "has no shipped entry to extend", "leave it out, and write it whole"
            )
        whole = over(theirs[section, key], entry)
        filled[section] = filled[section] | {key: whole}
    return filled


def _extending(own: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for (section, key), entry in entries_of(own).items():
        if section in _EXTENDABLE and _KEY in entry:
            yield section, key


def _read(config: ConfigText, below: Parts) -> Parts:
    """Return the sections of the file, laid over those *below* id by id."""
    config.check_keys(config.data, _SECTIONS, ())
    macros = below.macros | read_patterns(config, "macro")
    return Parts(
        macros=macros,
        companies=below.companies
        | {key: read_company(key, t, macros) for key, t in tables(config, "company")},
        people=below.people
        | {key: read_person(key, t) for key, t in tables(config, "person")},
        topics=below.topics
        | {key: read_topic(key, "topic", t, macros) for key, t in tables(config, "topic")},
        events=below.events
        | {key: read_topic(key, "event", t, macros) for key, t in tables(config, "event")},
        priors=below.priors
        | {
            key: {topic_id: t.number(topic_id) or 0.0 for topic_id in t.values}
            for key, t in tables(config, "prior")
        },
        credit_lines=below.credit_lines | read_patterns(config, "credit"),
        scoring=read_scoring(config, below.scoring),
        home=read_home(config, below.home),
    )


def _watchlist(parts: Parts, rules: str) -> Watchlist:
    watchlist = Watchlist(
        companies=tuple(
            replace(company, is_home=parts.home.holds(company))
            for company in _by_id(parts.companies)
        ),
        home=parts.home,
        topics=(*_by_id(parts.topics), *_by_id(parts.events)),
        people=_by_id(parts.people),
        macros=dict(sorted(parts.macros.items())),
        credit_lines=_by_id(parts.credit_lines),
        scoring=parts.scoring,
        priors=dict(sorted(parts.priors.items())),
    )
    return replace(watchlist, rules_version=_version(watchlist, rules))


def _by_id(entries: Mapping[str, T]) -> tuple[T, ...]:
    return tuple(entry for _, entry in sorted(entries.items()))


def _version(watchlist: Watchlist, rules: str) -> str:
    """Return a hash of what the rules say, whatever the order they say it in."""
    lines = sorted(_meaning(watchlist))
    text = "\n".join((_MATCHER, rules, *lines))
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"w{digest[:10]}"


def _meaning(watchlist: Watchlist) -> Iterator[str]:
    for company in watchlist.companies:
        yield repr(replace(company, aliases=()))
    for alias in watchlist.aliases:
        # What only tries, explains or permits an alias makes it match nothing else.
        yield repr(replace(alias, examples=(), sense="", common=False))
    for topic in watchlist.topics:
        yield repr(
            replace(
                topic,
                terms=tuple(sorted(topic.terms)),
                weak=tuple(sorted(topic.weak)),
                excludes=tuple(sorted(topic.excludes)),
                examples=(),
            )
        )
    yield from map(repr, watchlist.people)
    yield repr(watchlist.scoring)
    if watchlist.home != Home():
        yield repr(watchlist.home)
    yield repr(list(watchlist.macros.items()))
    yield repr(watchlist.credit_lines)
    for key, prior in watchlist.priors.items():
        yield repr((key, sorted(prior.items())))
