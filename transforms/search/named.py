"""Read ``searches.toml``: searches that have a name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from transforms.config import ConfigTable, ConfigText, tables
from transforms.models import SearchFilters, SearchNames, SearchQuery
from transforms.search.errors import SearchError
from transforms.search.query import read_search

SEARCHES = "searches.toml"
SECTION = "search"
_FILTERS = ("companies", "topics", "events", "languages", "publishers")
KEYS = ("name", "note", "words", *_FILTERS, "on_beat")
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSearch:
    """A search that people share: one ``[search.<id>]`` of ``searches.toml``."""

    search_id: str
    name: str
    query: SearchQuery


def parse_searches(
    text: str, names: Callable[[], SearchNames], *, source: str = SEARCHES
) -> Mapping[str, NamedSearch]:
    """Return the searches of a file by id; *names* is called only where there is one.

    Outlets are not checked: *names* knows none where nothing was polled yet.

    Raises:
        ConfigError: Something is wrong; names file, line and the nearest known name.
    """
    config = ConfigText(text, source)
    config.check_keys(config.data, (SECTION,), ())
    found = list(tables(config, SECTION))
    known = names() if found else SearchNames()
    return {key: _search(key, table, known) for key, table in found}


def _search(key: str, table: ConfigTable, names: SearchNames) -> NamedSearch:
    if not _ID.fullmatch(key):
        raise table.config.error(
            table.path, f"has the id {key!r}", "use small letters, digits, - and _"
        )
    table.only(*KEYS)
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
