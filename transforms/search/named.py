"""Named searches of a home, and the company names usable in searches."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from transforms.config import ConfigTable, ConfigText, tables
from transforms.models import (
    AliasRow,
    CompanyRow,
    Name,
    OfSearch,
    Query,
    SearchFilters,
    SearchNames,
    SearchQuery,
    Subject,
    TopicRow,
    Words,
)
from transforms.search.query import SearchError, alias_key, read_search
from transforms.text.fold import search_text

SEARCHES = "searches.toml"
_SECTION = "search"
_FILTERS = ("companies", "topics", "events", "languages", "publishers")
_KEYS = ("name", "note", "words", *_FILTERS, "on_beat")
_SLIP = 2
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
# Rules of aliases that are a company only where something else says so, too.
_ELSEWHERE = ("ticker:", "needs ", "never by itself")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSearch(OfSearch):
    """A shared search: one ``[search.<id>]`` of ``searches.toml``."""

    name: str
    query: SearchQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class NearName(Subject):
    """A name that is, begins with or nearly is what was ``asked``: 0, 1 or 2.

    ``kind`` is company, topic, event or person.
    """

    name: str
    asked: str
    nearness: int

    @property
    def is_slip(self) -> bool:
        """Whether it only nearly is what was asked."""
        return self.nearness == _SLIP


NEAR_NAMES = Query(
    name="search.near_names", row=NearName, relations=("subjects", "aliases")
)


def asked_names(text: str, terms: Iterable[Words | Name] = ()) -> list[str]:
    """Return what may be a name in a search: all of it, and each of its words."""
    words = [term.text for term in terms if isinstance(term, Words)]
    whole = search_text(text.replace('"', " "))
    return list(dict.fromkeys([" ".join(whole.split()), *words]))


def near_params(
    asked: Iterable[str], people: Mapping[str, Iterable[str]], limit: int
) -> dict[str, Any]:
    """Return the parameters of ``NEAR_NAMES``; *people* are names by id."""
    called = [(key, name) for key, names in people.items() for name in names]
    return {
        "asked": list(asked),
        "person_ids": [key for key, _ in called],
        "person_names": [name for _, name in called],
        "limit": limit,
    }


def parse_searches(
    text: str, names: Callable[[], SearchNames], *, source: str = SEARCHES
) -> Mapping[str, NamedSearch]:
    """Return the searches of a file by id; *names* is called only if there are any.

    Outlets are not checked: *names* has none before the first poll.

    Raises:
        ConfigError: Something is wrong; names file, line and the nearest known name.
    """
    config = ConfigText(text, source)
    config.check_keys(config.data, (_SECTION,), ())
    found = list(tables(config, _SECTION))
    known = names() if found else SearchNames()
    return {key: _search(key, table, known) for key, table in found}


def _search(key: str, table: ConfigTable, names: SearchNames) -> NamedSearch:
    if not _ID.fullmatch(key):
        raise table.config.error(
            table.path, f"has the id {key!r}", "use small letters, digits, - and _"
        )
    table.only(*_KEYS)
    table.string("note")
    filters: dict[str, Any] = {name: table.strings(name) for name in _FILTERS}
    outlets = {name.lower(): name for name in filters["publishers"]}
    known = replace(names, publishers=outlets)
    for name, values in filters.items():
        _check(name, values, table, known)
    on_beat = "on_beat" not in table.values or table.flag("on_beat")
    try:
        query = read_search(
            table.string("words"), known, SearchFilters(**filters), on_beat=on_beat
        )
    except SearchError as exc:
        raise table.error("words", exc.problem, exc.remedy) from exc
    return NamedSearch(search_id=key, name=table.string("name") or key, query=query)


def _check(
    name: str, values: tuple[str, ...], table: ConfigTable, known: SearchNames
) -> None:
    """Refuse a value that a search cannot ask for, at its own key."""
    for value in values:
        filters: dict[str, Any] = {name: (value,)}
        try:
            read_search("", known, SearchFilters(**filters))
        except SearchError as exc:
            raise table.error(name, exc.problem, exc.remedy) from exc


def make_names(
    companies: Iterable[CompanyRow],
    aliases: Iterable[AliasRow],
    topics: Iterable[TopicRow],
    publishers: Iterable[str] = (),
) -> SearchNames:
    """Return the names of a watchlist and of outlets, indexed for searches."""
    known: dict[str, dict[str, str]] = defaultdict(dict)
    rows = [("company", c.company_id, c.name, c.name_zh) for c in companies]
    rows += [(t.kind, t.topic_id, t.name, t.name_zh) for t in topics]
    for kind, key, *names in rows:
        for written in filter(None, (*names, key)):
            known[kind][written.lower()] = key
    owners: dict[str, dict[str, None]] = defaultdict(dict)
    certain = set()
    for alias in aliases:
        # A ticker, or a common word, is a company only where its context says so.
        if any(word in alias.rule for word in _ELSEWHERE):
            continue
        key = alias_key(alias.alias)
        owners[key][alias.company_id] = None
        if alias.rule == "always":
            certain.add(key)
    return SearchNames(
        companies=known["company"],
        topics=known["topic"],
        events=known["event"],
        publishers={name.lower(): name for name in publishers},
        aliases={key: tuple(ids) for key, ids in owners.items()},
        certain=frozenset(certain),
    )
