"""Make a search of what somebody typed and chose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace

from transforms.config.text import nearest
from transforms.models import SearchFilters, SearchNames, SearchOrder, SearchQuery
from transforms.search.errors import SearchError
from transforms.search.words import read_words

_ALL = SearchFilters()
_LANGUAGE = re.compile(r"[a-z]{2,3}")


def read_search(
    text: str,
    names: SearchNames,
    filters: SearchFilters = _ALL,
    *,
    on_beat: bool = True,
    order: SearchOrder = "best",
) -> SearchQuery:
    """Return the search for *text* among the articles that *filters* leave.

    Companies, topics, events and outlets may be written in the filters by id or name.

    Raises:
        SearchError: It asks for nothing, for what is not there, or the impossible; says
            what to write instead.
    """
    since, until = filters.since, filters.until
    if since and until and since > until:
        raise SearchError(f"{since} is after {until}", "change since or until")
    known = SearchFilters(
        companies=_known("company", filters.companies, names.companies),
        topics=_known("topic", filters.topics, names.topics),
        events=_known("event", filters.events, names.events),
        languages=tuple(map(_language, filters.languages)),
        publishers=_known("outlet", filters.publishers, names.publishers),
        since=since,
        until=until,
    )
    terms = read_words(text, names)
    if not terms and known == _ALL:
        raise SearchError("the search is empty", "write words, or choose a filter")
    return SearchQuery(
        text=text.strip(), terms=terms, filters=known, on_beat=on_beat, order=order
    )


def narrowed(query: SearchQuery, by: SearchQuery) -> SearchQuery:
    """Return what both searches find; a filter that both have is the second one's."""
    given = {f.name: getattr(by.filters, f.name) for f in fields(SearchFilters)}
    changed = {name: value for name, value in given.items() if value}
    return SearchQuery(
        text=f"{query.text} {by.text}".strip(),
        terms=tuple(dict.fromkeys((*query.terms, *by.terms))),
        filters=replace(query.filters, **changed),
        on_beat=query.on_beat and by.on_beat,
        order=by.order,
    )


def _known(noun: str, asked: Iterable[str], known: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(known_id(noun, each, known) for each in asked))


def known_id(noun: str, asked: str, known: Mapping[str, str]) -> str:
    """Return the id of what is called *asked*, in any case.

    Raises:
        SearchError: Nothing is; names the nearest.
    """
    key = asked.strip().lower()
    if key in known:
        return known[key]
    near = nearest(key, known)
    guess = f"did you mean {known[near]!r}?" if near else "search without it"
    raise SearchError(f"there is no {noun} {asked!r} here", guess)


def _language(text: str) -> str:
    code = text.strip().lower()
    if not _LANGUAGE.fullmatch(code):
        raise SearchError(f"{text!r} is not a language code", 'write "zh" or "en"')
    return code
