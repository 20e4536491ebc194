"""Pages of search and SQL: terms, filters, named searches, recipes of the cookbook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from transforms.models import Name, SearchResult
from transforms.pages.words import Link, PageWords
from transforms.search.named import NamedSearch

_BEGIN, _END = "\n\n```sql\n", "\n```"
_MARKS = re.compile(r"[*`]")


def terms(words: PageWords, result: SearchResult | None) -> list[Link]:
    """Return the terms of the search; a company's name links to its page."""
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
    """Return links to the pages of named searches, each with its feed."""
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
    """Return topics and event types as (id, name), for the form's lists."""
    found: dict[str, list[tuple[str, str]]] = {"topic": [], "event": []}
    for subject in names:
        kind = kinds.get(subject, "")
        if kind in found:
            found[kind].append((subject, words.name(subject)))
    return {kind: sorted(pairs, key=lambda pair: pair[1]) for kind, pairs in found.items()}


def recipes(text: str) -> list[tuple[str, str]]:
    """Return the questions of a cookbook in Markdown, each with its SQL."""
    found: list[tuple[str, str]] = []
    before, *rest = text.split(_BEGIN)
    for part in rest:
        sql, _, after = part.partition(_END)
        asked = before.rpartition("\n\n")[2]
        found.append((_title(asked), sql.strip()))
        before = after
    return found


def _title(asked: str) -> str:
    """Return the question: what stands below it in its paragraph explains it."""
    lines = asked.strip().splitlines()
    # Of a list, the point that the block belongs to.
    first = max((at for at, line in enumerate(lines) if line.startswith("- ")), default=0)
    return _MARKS.sub("", lines[first].removeprefix("- ")).rstrip(":")
