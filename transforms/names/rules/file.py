"""File of a watchlist, read alone or over the shipped one.

Where an entry says ``extends = "default"``, what it does not say is as shipped and follows
each update; its lists are added to the shipped ones, and an alias of a text that is listed
is added to that alias. The version of the rules covers those of the beat.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar

from transforms.config import EXTENDS_KEYS, ConfigText, read_base
from transforms.config.extends import entries_of
from transforms.names.rules.companies import read_companies, read_home, read_people
from transforms.names.rules.links import Parts, check_links, check_owners, without_dangling
from transforms.names.rules.overlay import over
from transforms.names.rules.topics import (
    read_patterns,
    read_priors,
    read_scoring,
    read_topics,
)
from transforms.names.rules.watchlist import Home, Watchlist

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
    below = _read(base, Parts()) if base else Parts()
    parts = _read(config, below)
    if base:
        parts = without_dangling(parts, said)
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
        companies=below.companies | read_companies(config, macros),
        people=below.people | read_people(config),
        topics=below.topics | read_topics(config, "topic", macros),
        events=below.events | read_topics(config, "event", macros),
        priors=below.priors | read_priors(config),
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
