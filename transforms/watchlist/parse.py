"""Read a ``watchlist.toml``, alone or on top of the shipped one."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from transforms.config import EXTENDS_KEYS, ConfigText, read_base
from transforms.watchlist.checks import Parts, check_links, check_owners
from transforms.watchlist.companies import read_companies, read_people
from transforms.watchlist.entities import Watchlist
from transforms.watchlist.over import adds, laid_over
from transforms.watchlist.shipped import shipped_rules
from transforms.watchlist.topics import (
    read_patterns,
    read_priors,
    read_scoring,
    read_topics,
)
from transforms.watchlist.without import without_dangling

T = TypeVar("T")

SECTIONS = (
    *EXTENDS_KEYS,
    "scoring",
    "company",
    "person",
    "topic",
    "event",
    "prior",
    "macro",
    "credit",
)
# Part of rules_version: raise it when the code gives the same rules a new meaning.
MATCHER = "2"


def parse_watchlist(
    text: str, *, source: str = "watchlist.toml", default: str | None = None
) -> Watchlist:
    """Read a watchlist; *default* is the text that ``extends = "default"`` extends.

    Raises:
        ConfigError: Something is wrong; the message says where and what to do.
    """
    return _watchlist_of(text, source, default)


# Those of a home and the shipped one: they are read anew by each run, and seldom change.
@lru_cache(maxsize=2)
def _watchlist_of(text: str, source: str, default: str | None) -> Watchlist:
    config = ConfigText(text, source, is_shipped=text == default)
    base = read_base(config, default, name="watchlist.toml")
    if default and not config.is_shipped and adds(config.data):
        config.data = laid_over(config, base.data if base else tomllib.loads(default))
    below = _read(base, Parts()) if base else Parts()
    parts = _read(config, below)
    if base:
        parts = without_dangling(parts, config)
    check_links(parts, config, base or config)
    check_owners(parts.companies.values(), config)
    return _watchlist(parts)


def _read(config: ConfigText, below: Parts) -> Parts:
    """Return the sections of the file, laid over those *below* id by id."""
    config.check_keys(config.data, SECTIONS, ())
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
    )


def _watchlist(parts: Parts) -> Watchlist:
    watchlist = Watchlist(
        companies=_by_id(parts.companies),
        topics=(*_by_id(parts.topics), *_by_id(parts.events)),
        people=_by_id(parts.people),
        macros=dict(sorted(parts.macros.items())),
        credit_lines=_by_id(parts.credit_lines),
        scoring=parts.scoring,
        priors=dict(sorted(parts.priors.items())),
    )
    return replace(watchlist, rules_version=_version(watchlist))


def _by_id(entries: Mapping[str, T]) -> tuple[T, ...]:
    return tuple(entry for _, entry in sorted(entries.items()))


def _version(watchlist: Watchlist) -> str:
    """Return a hash of what the rules say, whatever the order they say it in."""
    lines = sorted(_meaning(watchlist))
    text = "\n".join((MATCHER, shipped_rules(), *lines))
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
    yield repr(list(watchlist.macros.items()))
    yield repr(watchlist.credit_lines)
    for key, prior in watchlist.priors.items():
        yield repr((key, sorted(prior.items())))
