"""Full-text search of the published file, one row a story.

It covers headlines, summaries and stored page texts.

The signature of their words excludes most articles without reading their text
(``transforms/search/query.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from transforms.models import (
    AliasRow,
    CompanyRow,
    Facet,
    Name,
    SearchFilters,
    SearchNames,
    SearchQuery,
    SearchResult,
    StoryFound,
    TopicRow,
    Words,
)
from transforms.search.named import NEAR_NAMES, asked_names, make_names, near_params
from transforms.search.query import (
    joint_signature,
    reads_off_beat,
    signature,
    spaced,
    word_pattern,
)
from warehouse import appends, queries
from warehouse.news.findings import rejects_early
from warehouse.news.texts import has_any
from warehouse.queries import Connection

_LISTS = ("companies", "topics", "events", "languages", "publishers")
_SIGNS = {"since": ">=", "until": "<"}
_NEWEST = "newest_at desc, story_id"
_BEST = "is_typed desc, is_in_headline desc, publishers desc"
_ORDERS = {"newest": _NEWEST, "best": f"{_BEST}, {_NEWEST}"}
# To look for those without a mask takes a while in a million, so many go at once.
_BATCH = 50_000
_TEXT = "search_text"
_MATCHED = "matched"
_HEADLINE = "headline"


def search_names(con: Connection) -> SearchNames:
    """Return the names that a search of this file may use."""
    outlets = queries.run(con, "search.publishers")
    return make_names(
        [
            CompanyRow(**queries.frozen(row))
            for row in queries.rows(con, "watchlist.companies")
        ],
        queries.records(con, AliasRow, "watchlist.aliases"),
        [TopicRow(**queries.frozen(row)) for row in queries.rows(con, "watchlist.topics")],
        (outlet for (outlet,) in outlets),
    )


def search(
    con: Connection, query: SearchQuery, *, limit: int = 20, offset: int = 0
) -> SearchResult:
    """Return the stories matching *query*, *limit* of them from *offset* on.

    The order "best" puts stories with names as they were typed first, then those with all
    terms in one headline, with more outlets, and newer ones; "newest" sorts by the newest
    article found.
    """
    statement, params = _statement(con, query, limit=limit, offset=offset)
    return _result(con, query, queries.rows_of(con, statement, params))


def search_with_facets(
    con: Connection,
    query: SearchQuery,
    *,
    most: int,
    limit: int = 20,
    offset: int = 0,
    least: int = 0,
) -> SearchResult | None:
    """Return the same, with the *most* frequent values of each filter that narrows it.

    None where fewer articles are found than *least*.
    """
    matched, params = _matched(con, query)
    queries.create_temp_of(con, _MATCHED, f"with {matched} from {_MATCHED}", params)
    try:
        if least and queries.scalar(con, "search.count") < least:
            return None
        told, shown = _told(con, query, params, limit=limit, offset=offset)
        rows = queries.rows_of(con, f"with {told}", shown)
        facets = queries.records(
            con, Facet, "search.facets", on_beat=query.on_beat, limit=most
        )
    finally:
        con.execute(f"drop table temp.{_MATCHED}")
    return replace(_result(con, query, rows), facets=tuple(facets))


def nearly_named(
    con: Connection, query: SearchQuery, people: Mapping[str, Iterable[str]], *, most: int
) -> list[str]:
    """Return the names that the words of *query* nearly are; *people* are names by id."""
    params = near_params(asked_names(query.text, query.terms), people, most)
    return [each.name for each in queries.read(con, NEAR_NAMES, params) if each.is_slip]


def search_sql(con: Connection, query: SearchQuery, *, limit: int = 20) -> str:
    """Return a search as SQL with its values filled in, for pasting."""
    return queries.pasted(*_statement(con, query, limit=limit, offset=0))


def sign_articles(con: Connection) -> int:
    """Store the search mask of each article without one; return their number."""
    signed = 0
    while found := queries.run(con, "search.unsigned", limit=_BATCH):
        queries.run(
            con,
            "search.sign",
            article_id=[article_id for article_id, _ in found],
            search_bits=[list(signature(text)) for _, text in found],
        )
        signed += len(found)
    return signed


def _story(row: queries.Row) -> StoryFound:
    values = {name: row[name] for name in appends.names(StoryFound)}
    return StoryFound(**values | {"languages": tuple(row["languages"])})


def _result(
    con: Connection, query: SearchQuery, rows: Sequence[queries.Row]
) -> SearchResult:
    on_beat, off_beat = rows[0]["stories_on_beat"], rows[0]["stories_off_beat"]
    return SearchResult(
        query=query,
        stories=tuple(_story(row) for row in rows if row["story_id"]),
        total=on_beat if query.on_beat else on_beat + off_beat,
        off_beat=off_beat if query.on_beat else 0,
        typed=rows[0]["stories_typed"],
        is_partial=reads_off_beat(query) and rejects_early(con),
    )


def _statement(
    con: Connection, query: SearchQuery, *, limit: int, offset: int
) -> tuple[str, dict[str, Any]]:
    """Return the SQL of a search, and the values of its parameters."""
    matched, params = _matched(con, query)
    told, shown = _told(con, query, params, limit=limit, offset=offset)
    return f"with {matched},\n{told}", params | shown


def _told(
    con: Connection,
    query: SearchQuery,
    params: Mapping[str, Any],
    *,
    limit: int,
    offset: int,
) -> tuple[str, dict[str, Any]]:
    """Return the SQL of the stories of what was matched, and its parameters."""
    since = {"since": params["since"]} if "since" in params else {}
    in_pages = _reads_pages(con, query)
    statement = queries.sql("search.stories").format(
        matches="count(distinct seq)" if in_pages else "count(*)",
        late=" and stories.last_published_at >= $since" if since else "",
        order=_ORDERS[query.order],
    )
    shown = {"on_beat": query.on_beat, "limit": limit, "offset": offset}
    return statement, shown | since


def _reads_pages(con: Connection, query: SearchQuery) -> bool:
    """Tell whether the texts of pages are looked at, where there are any.

    What names alone find is found in the articles' own words already.
    """
    return any(isinstance(term, Words) for term in query.terms) and has_any(con)


def _matched(con: Connection, query: SearchQuery) -> tuple[str, dict[str, Any]]:
    """Return the SQL of the articles that a search finds, and its parameters."""
    words = [term.text for term in query.terms if isinstance(term, Words)]
    names = dict(enumerate(term for term in query.terms if isinstance(term, Name)))
    params: dict[str, Any] = {**_bounds(con, query.filters)}
    params |= {key: list(ids) for key in _LISTS if (ids := getattr(query.filters, key))}
    params |= {f"companies_{at}": list(name.companies) for at, name in names.items()}
    filters = [
        *(queries.sql(f"search.of_{key}") for key in _LISTS if key in params),
        *(f"published_at {sign} ${key}" for key, sign in _SIGNS.items() if key in params),
    ]
    shared = {
        "named_in_headline": _all(f"named_{at}.is_in_headline" for at in names),
        "joins": " ".join(f"join named_{at} using (article_id)" for at in names),
    }
    in_pages = _reads_pages(con, query)
    pages = queries.sql("search.of_pages").format(candidate=_all(filters), **shared)
    matched = queries.sql("search.matched").format(
        **shared,
        named="".join(queries.sql("search.named").format(at=at) for at in names),
        candidate=_all([*_bits(words, params), *filters]),
        of_pages=pages if in_pages else "",
        sources="candidates_and_pages" if in_pages else "candidates",
        in_headline=_hold(words, _HEADLINE, params),
        holds=_hold(words, _TEXT, params),
        typed=_hold([name.text for name in names.values()], _TEXT, params, len(words)),
    )
    return matched, params


def _bounds(con: Connection, filters: SearchFilters) -> dict[str, datetime]:
    """Return the instants at which a search begins and ends.

    Constants: by a sub-query in the condition DuckDB would skip nothing of the file.
    """
    after = filters.until
    if after and not isinstance(after, datetime):
        after += timedelta(days=1)
    return {
        key: value
        if isinstance(value, datetime)
        else queries.scalar(con, "search.day_start", day=value)
        for key, value in (("since", filters.since), ("until", after))
        if value
    }


def _bits(words: Sequence[str], params: dict[str, Any]) -> Iterator[str]:
    """Yield the conditions that a text has the bits of *words*; adds their parameters."""
    for lane, bits in enumerate(joint_signature(words), 1):
        if bits:
            params[f"bits_{lane}"] = bits
            asked = f"$bits_{lane}::ubigint"
            yield f"coalesce(search_bits[{lane}] & {asked} = {asked}, true)"


def _hold(words: Sequence[str], column: str, params: dict[str, Any], first: int = 0) -> str:
    """Return the condition that *column* holds all *words*; adds their parameters.

    These are numbered from the *first* on.
    """
    held = []
    for at, each in enumerate(words, first):
        params[f"words_{at}"] = each
        pattern, plain = word_pattern(each), spaced(each)
        if not pattern:
            held.append(f"contains({column}, $words_{at})")
            continue
        # A pattern costs ten times as much: it is tried where the letters stand, and not
        # where spaces alone say that the word is whole.
        params |= {f"spaced_{at}": plain, f"pattern_{at}": pattern}
        held.append(
            f"case when contains({column}, $spaced_{at}) then true "
            f"when contains({column}, $words_{at}) "
            f"then regexp_matches({column}, $pattern_{at}) else false end"
        )
    return _all(held)


def _all(conditions: Iterable[str]) -> str:
    return "\n        and ".join(conditions) or "true"
