"""The page of a search: how it was read, and what it can be narrowed down by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from transforms.models import Name, SearchResult
from transforms.pages.links import Link
from transforms.pages.words import PageWords
from transforms.search.named import NamedSearch


def terms(words: PageWords, result: SearchResult | None) -> list[Link]:
    """Return the terms of the search; a name leads to its company."""
    if result is None:
        return []
    made = []
    for term in result.query.terms:
        if isinstance(term, Name):
            names = words.joined(words.name(company) for company in term.companies)
            href = words.href(f"/companies/{term.companies[0]}")
            made.append(Link(text=names, href=href, note=term.text))
        else:
            made.append(Link(text=f"“{term.text}”", href=""))
    return made


def named_links(words: PageWords, searches: Iterable[NamedSearch]) -> list[Link]:
    """Return the pages of searches that have a name, each with its feed."""
    return [
        Link(
            text=each.name,
            href=words.href(f"/searches/{each.search_id}"),
            note=words.href(f"/searches/{each.search_id}/atom"),
        )
        for each in searches
    ]


def choices(
    words: PageWords, names: Mapping[str, tuple[str, str]], kinds: Mapping[str, str]
) -> dict[str, list[tuple[str, str]]]:
    """Return topics and event types as ids with names, for the form's lists."""
    found: dict[str, list[tuple[str, str]]] = {"topic": [], "event": []}
    for subject in names:
        kind = kinds.get(subject, "")
        if kind in found:
            found[kind].append((subject, words.name(subject)))
    return {kind: sorted(pairs, key=lambda pair: pair[1]) for kind, pairs in found.items()}
