"""Pages of search and SQL: terms, near names, facets, named searches, recipes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

from transforms.models import Facet, Name, SearchFilters, SearchResult
from transforms.pages.words import Link, PageWords, Ranked, Ranking
from transforms.search.named import NamedSearch, NearName

_BEGIN, _END = "\n\n```sql\n", "\n```"
_MARKS = re.compile(r"[*`]")
# The filters of a search's page, by the field that each is read into.
FILTERS = {
    "company": "companies",
    "topic": "topics",
    "event": "events",
    "outlet": "publishers",
    "language": "languages",
}
_SUNDAY = timedelta(days=6)
# Who finds more than so many stories has written what was meant.
FEW = 5


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


def as_typed(
    words: PageWords,
    result: SearchResult | None,
    path: str,
    query: Mapping[str, str],
    since: date | None,
) -> list[Link]:
    """Return a link to the stories that hold the words as typed, where others are found."""
    if result is None or not 0 < result.typed < result.total or "q" not in query:
        return []
    quoted = " ".join(f'"{term.text}"' for term in result.query.terms)
    kept = {**query, "page": "", **({"since": since} if since else {}), "q": quoted}
    said = words.word("search.typed", words=query["q"])
    return [Link(text=said, href=words.href(path, **kept), n=result.typed)]


def pages_of(words: PageWords, near: Iterable[NearName], whole: str) -> list[Link]:
    """Return links to the pages of subjects whose name is or begins with *whole*."""
    return [
        words.subject(each.kind, each.subject_id)
        for each in near
        if each.asked == whole and not each.is_slip
    ]


def meant(
    words: PageWords, path: str, text: str, near: Sequence[NearName]
) -> list[tuple[Link, Link]]:
    """Return searches with a name that *text* nearly has, each with the name's page."""
    known = {each.asked for each in near if not each.is_slip}
    found: dict[str, tuple[Link, Link]] = {}
    for each in near:
        if each.is_slip and each.asked not in known:
            page = words.subject(each.kind, each.subject_id)
            name = page.text if each.name == each.subject_id else each.name
            typed = re.compile(re.escape(each.asked), re.IGNORECASE)
            # What was folded does not stand in the text as it was typed.
            whole = name.join(typed.split(text, maxsplit=1)) if typed.search(text) else name
            link = Link(text=whole, href=words.href(path, q=whole))
            found.setdefault(whole.lower(), (link, page))
    return list(found.values())


def facets(
    words: PageWords,
    result: SearchResult,
    path: str,
    query: Mapping[str, str],
    since: date | None,
) -> list[Ranking]:
    """Return a board for each filter that would narrow a search; a number opens as many.

    *since* is the first day of a search that is of the latest days alone.
    """
    filters = result.query.filters
    kept = {**query, "page": "", **({"since": since} if since else {})}
    boards = []
    for kind, group in groupby(result.facets, key=lambda facet: facet.kind):
        found = list(group)
        is_asked = kind in FILTERS and getattr(filters, FILTERS[kind])
        if is_asked or (len(found) == 1 and found[0].stories == result.total):
            continue
        high = max(facet.stories for facet in found)
        rows = []
        for facet in found:
            href = words.href(path, **{**kept, **_narrowing(facet, filters)})
            link = Link(text=_facet_name(words, facet), href=href)
            part = facet.stories / high
            rows.append(Ranked(link=link, count=facet.stories, opens=href, level=part))
        title = words.word(f"search.{kind}")
        boards.append(Ranking(key=f"by-{kind}", title=title, rows=rows))
    return sorted(boards, key=lambda board: _BOARDS.index(board.key))


_BOARDS = [f"by-{k}" for k in ("company", "topic", "event", "outlet", "language", "week")]


def _narrowing(facet: Facet, filters: SearchFilters) -> dict[str, object]:
    if facet.kind != "week":
        return {facet.kind: facet.id}
    monday = date.fromisoformat(facet.id)
    return {
        "since": max(monday, filters.since or monday),
        "until": min(monday + _SUNDAY, filters.until or monday + _SUNDAY),
    }


def _facet_name(words: PageWords, facet: Facet) -> str:
    if facet.kind == "week":
        monday = date.fromisoformat(facet.id)
        form = "date.short" if monday.year == words.local_day(words.until).year else "date"
        return words.word("ahead.week", day=words.day(monday, form=form))
    if facet.kind == "language":
        return words.label("language", facet.id)
    return facet.id if facet.kind == "outlet" else words.name(facet.id)


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
