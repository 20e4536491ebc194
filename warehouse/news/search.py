"""Full-text search of the published file, one row a story.

It covers headlines, summaries and stored page texts.

The signature of their words excludes most articles without reading their text
(``transforms/search/query.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from transforms.models import (
    AliasRow,
    CompanyRow,
    Facet,
    FullText,
    Name,
    SearchFilters,
    SearchNames,
    SearchQuery,
    SearchResult,
    StoryFound,
    TopicRow,
    Translated,
    WantedTranslation,
    Words,
)
from transforms.search.named import make_names
from transforms.search.query import (
    joint_signature,
    reads_off_beat,
    signature,
    spaced,
    word_pattern,
)
from warehouse import appends, queries
from warehouse.news.articles import Places
from warehouse.news.findings import rejects_early
from warehouse.queries import Connection

_FIELDS = tuple(field.name for field in fields(StoryFound))
_LISTS = ("companies", "topics", "events", "languages", "publishers")
_SIGNS = {"since": ">=", "until": "<"}
_NEWEST = "newest_at desc, story_id"
_ORDERS = {"newest": _NEWEST, "best": f"is_in_headline desc, publishers desc, {_NEWEST}"}
# To look for those without a mask takes a while in a million, so many go at once.
_BATCH = 50_000
_TEXT = "search_text"
_MATCHED = "matched"
_HEADLINE = "headline"
_FULL_TEXT_FIELDS = tuple(f.name for f in fields(FullText))


def search_names(con: Connection) -> SearchNames:
    """Return the names that a search of this file may use."""
    outlets = queries.run(con, "search.publishers")
    return make_names(
        [CompanyRow(**_listed(row)) for row in queries.rows(con, "watchlist.companies")],
        queries.records(con, AliasRow, "watchlist.aliases"),
        [TopicRow(**_listed(row)) for row in queries.rows(con, "watchlist.topics")],
        (outlet for (outlet,) in outlets),
    )


def search(
    con: Connection, query: SearchQuery, *, limit: int = 20, offset: int = 0
) -> SearchResult:
    """Return the stories matching *query*, *limit* of them from *offset* on.

    The order "best" puts stories with all terms in one headline first, then those with more
    outlets, then newer ones; "newest" sorts by the newest article found.
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


def _listed(row: queries.Row) -> queries.Row:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}


def _story(row: queries.Row) -> StoryFound:
    values = {name: row[name] for name in _FIELDS}
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


def _hold(words: Sequence[str], column: str, params: dict[str, Any]) -> str:
    """Return the condition that *column* holds all *words*; adds their parameters."""
    held = []
    for at, each in enumerate(words):
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


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingPage:
    """A page to visit, with the number of failed attempts."""

    article_id: str
    feed_id: str
    url: str
    content_hash: str
    attempts: int


def renew(con: Connection, *, since: datetime, later: datetime) -> list[str]:
    """Queue the pages of edited articles for a visit *later*; return the article ids.

    The findings of these articles are without their pages until then.
    """
    # A lake takes no ``returning``.
    changed = queries.run(con, "full_texts.changed", since=since)
    if changed:
        places = [seq for seq, _ in changed]
        queries.run(con, "full_texts.renew", seq=places, later=later)
    return [article_id for _, article_id in changed]


def pending(
    con: Connection, feeds: Iterable[str], *, since: datetime, now: datetime, limit: int
) -> list[PendingPage]:
    """Return pages of *feeds* that are due for a visit at *now*, first seen since then."""
    rows = queries.rows(
        con, "full_texts.pending", feeds=set(feeds), since=since, now=now, limit=limit
    )
    return [PendingPage(**row) for row in rows]


def visited(con: Connection, *, since: datetime) -> list[tuple[str, int]]:
    """Return the addresses visited since then, with their highest number of attempts."""
    return queries.run(con, "full_texts.visited", since=since)


def store_full_texts(con: Connection, found: Sequence[FullText], at: Places) -> None:
    """Record visits to the pages of articles *at* these places."""
    for batch in appends.batches(found, appends.WIDE_BATCH):
        places = orjson.dumps([at[each.article_id] for each in batch]).decode()
        columns = {**appends.columns(batch, _FULL_TEXT_FIELDS), "seq": places}
        rows = appends.unnested(con, "full_texts", columns)
        con.execute(f"with batch as ({rows})\n{queries.sql('full_texts.store')}", columns)


def texts_of(con: Connection, at: Places) -> dict[str, str]:
    """Return the page texts of articles *at* these places, where stored."""
    return dict(queries.run(con, "full_texts.texts_of", seq=sorted(at.values())))


def has_any(con: Connection) -> bool:
    """Tell whether any page text is stored."""
    return bool(queries.scalar(con, "full_texts.any_text"))


def wanted(
    con: Connection, into: str, *, since: datetime, limit: int
) -> list[WantedTranslation]:
    """Return headlines first seen since then whose stories have none in language *into*."""
    rows = queries.rows(con, "translations.wanted", into=into, since=since, limit=limit)
    return [WantedTranslation(**row) for row in rows]


def store_translations(
    con: Connection,
    made: Sequence[Translated],
    into: str,
    *,
    made_by: str,
    made_at: datetime,
) -> None:
    """Store translations of headlines, and the reasons for rejected ones."""
    columns = {
        name: [getattr(each, name) for each in made] for name in ("title", "text", "reason")
    }
    queries.run(
        con, "translations.store", into=into, made_by=made_by, made_at=made_at, **columns
    )
