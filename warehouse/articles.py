"""Articles: what is known of them, and appending what is not, once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import duckdb

from transforms.models import (
    Article,
    ArticleVersion,
    HeadlineFact,
    Mention,
    Sighting,
    Tag,
)
from transforms.models.articles import WORDING
from warehouse import queries

_ARTICLE_ID = re.compile(r"[0-9a-f]{20}")
_ARTICLE_FIELDS = tuple(f.name for f in fields(Article))
_VERSION_FIELDS = tuple(f.name for f in fields(ArticleVersion))
_SIGHTING_FIELDS = tuple(f.name for f in fields(Sighting))
_MENTION_FIELDS = Mention._fields
_TAG_FIELDS = Tag._fields
_FACT_FIELDS = HeadlineFact._fields
# What another feed's words bring along.
_OWNER_FIELDS = (
    "article_id",
    "feed_id",
    "publisher",
    "authors",
    "published_at",
    "published_raw",
    "published_from",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """What an article that comes again is compared with.

    ``feed_id`` is the feed whose words it has.
    """

    article_id: str
    feed_id: str
    story_id: str
    content_hash: str


def known(
    con: duckdb.DuckDBPyConnection, article_ids: Iterable[str]
) -> dict[str, StoredArticle]:
    """Return what is known of the articles that are here; their newest wording counts."""
    return {
        row["article_id"]: StoredArticle(**row)
        for batch in queries.batches(article_ids)
        for row in queries.rows(con, "articles.known", {"article_id": batch})
    }


def append_articles(
    con: duckdb.DuckDBPyConnection, articles: Iterable[Article], *, run_id: str = ""
) -> set[str]:
    """Append the articles that are not here yet; return their ids."""
    added = _write(con, "articles.append_articles", articles, _ARTICLE_FIELDS, run=run_id)
    return {article_id for (article_id,) in added}


def update_articles(con: duckdb.DuckDBPyConnection, articles: Iterable[Article]) -> None:
    """Show the newest wording of articles that are here already.

    Of two wordings in *articles* the later one counts.
    """
    latest = {article.article_id: article for article in articles}
    _write(con, "articles.update_articles", latest.values(), ("article_id", *WORDING))


def hand_over(con: duckdb.DuckDBPyConnection, articles: Iterable[Article]) -> None:
    """Let articles that are here already be those of the feed that each now comes from.

    The date changes too, unless it is later than the first sight; the wording is for
    :func:`update_articles`.
    """
    queries.append(con, "articles.hand_over", articles, _OWNER_FIELDS)


def append_versions(
    con: duckdb.DuckDBPyConnection, versions: Iterable[ArticleVersion]
) -> int:
    """Append the wordings that are not here yet; return how many were not."""
    return len(
        queries.append_columns(con, "articles.append_versions", versions, _VERSION_FIELDS)
    )


def append_sightings(con: duckdb.DuckDBPyConnection, sightings: Iterable[Sighting]) -> int:
    """Append the sightings that are not here yet; return how many were not."""
    return len(
        queries.append_columns(
            con, "articles.append_sightings", sightings, _SIGHTING_FIELDS
        )
    )


def append_mentions(con: duckdb.DuckDBPyConnection, mentions: Iterable[Mention]) -> int:
    """Append the mentions that are not here yet; return how many were not."""
    return len(
        queries.append_columns(con, "articles.append_mentions", mentions, _MENTION_FIELDS)
    )


def append_tags(con: duckdb.DuckDBPyConnection, tags: Iterable[Tag]) -> int:
    """Append the tags that are not here yet; return how many were not."""
    return len(queries.append_columns(con, "articles.append_tags", tags, _TAG_FIELDS))


def append_facts(con: duckdb.DuckDBPyConnection, facts: Iterable[HeadlineFact]) -> int:
    """Append what headlines say that is not here yet; return how much was not."""
    return len(queries.append_columns(con, "articles.append_facts", facts, _FACT_FIELDS))


def forget_findings(con: duckdb.DuckDBPyConnection, article_ids: Iterable[str]) -> None:
    """Remove what was found in these articles, to make room for what is found anew."""
    for batch in queries.batches(article_ids):
        for kind in ("mentions", "tags", "facts"):
            queries.run(con, f"articles.delete_{kind}", {"article_id": batch})


def replace_findings(
    con: duckdb.DuckDBPyConnection,
    article_ids: Collection[str],
    mentions: Iterable[Mention],
    tags: Iterable[Tag],
    facts: Iterable[HeadlineFact],
) -> None:
    """Put these in place of the mentions, tags and facts that *article_ids* have."""
    forget_findings(con, article_ids)
    append_mentions(con, mentions)
    append_tags(con, tags)
    append_facts(con, facts)


def mentions_of(
    con: duckdb.DuckDBPyConnection, article_ids: Iterable[str]
) -> list[Mention]:
    """Return the mentions of these articles."""
    return [
        Mention(**row)
        for batch in queries.batches(article_ids)
        for row in queries.rows(con, "articles.mentions_of", {"article_id": batch})
    ]


def tags_of(con: duckdb.DuckDBPyConnection, article_ids: Iterable[str]) -> list[Tag]:
    """Return the tags of these articles."""
    return [
        Tag(**row)
        for batch in queries.batches(article_ids)
        for row in queries.rows(con, "articles.tags_of", {"article_id": batch})
    ]


def first_arrivals(con: duckdb.DuckDBPyConnection) -> dict[str, datetime]:
    """Return when each feed brought its first article."""
    return dict(queries.run(con, "articles.first_arrivals"))


def ids_of_stories(
    con: duckdb.DuckDBPyConnection, story_ids: Iterable[str], *, since: datetime
) -> list[str]:
    """Return the articles of these stories that were published since then, as they came."""
    params = {"story_id": sorted(set(story_ids)), "since": since}
    return [key for (key,) in queries.run(con, "articles.ids_of_stories", params)]


def few_articles(
    con: duckdb.DuckDBPyConnection, article_ids: Iterable[str]
) -> list[Article]:
    """Return these articles, in order of arrival; one at a time, in little memory."""
    return [
        _article(row)
        for batch in queries.batches(article_ids)
        for (seq,) in queries.run(con, "articles.seqs_of", {"article_id": batch})
        for row in queries.rows(con, "articles.by_place", {"seq": seq})
    ]


def get_articles(
    con: duckdb.DuckDBPyConnection, article_ids: Iterable[str]
) -> list[Article]:
    """Return these articles, in order of arrival; for thousands, in much memory."""
    return [
        _article(row)
        for batch in queries.batches(article_ids)
        for row in queries.rows(con, "articles.by_ids", {"article_id": batch})
    ]


def iterate_articles(
    con: duckdb.DuckDBPyConnection,
    *,
    since: datetime | None = None,
    size: int = queries.BATCH,
) -> Iterator[list[Article]]:
    """Go through the articles seen since then in order of arrival, *size* at a time."""
    after = 0
    params = {"since": since, "limit": size}
    while found := queries.rows(con, "articles.by_seq", {**params, "after": after}):
        after = found[-1]["seq"]
        yield [_article(row) for row in found]


def count_articles(con: duckdb.DuckDBPyConnection) -> int:
    """Return how many articles there are."""
    return int(queries.scalar(con, "articles.total"))


def search(
    con: duckdb.DuckDBPyConnection, folded_text: str, *, limit: int = 20
) -> list[queries.Row]:
    """Return articles whose headline or summary holds *folded_text*, newest first."""
    params = {"text": folded_text, "limit": limit}
    return queries.rows(con, "articles.search", params)


def looks_like_id(text: str) -> bool:
    """Say whether *text* has the form of an article id."""
    return _ARTICLE_ID.fullmatch(text) is not None


def words(con: duckdb.DuckDBPyConnection, article_id: str) -> queries.Row:
    """Return title, summary, content and sources of an article that is here."""
    [found] = queries.rows(con, "articles.words", {"article_id": article_id})
    return found


def recent_headlines(
    con: duckdb.DuckDBPyConnection, *, days: int, before: int, language: str = ""
) -> list[queries.Row]:
    """Return the headlines of the last *days* before the newest article arrived.

    And those of *before* days more, which are not ``is_recent``.
    """
    params = {"days": days, "before": before, "language": language}
    return queries.rows(con, "articles.recent_headlines", params)


def _write(
    con: duckdb.DuckDBPyConnection,
    name: str,
    articles: Iterable[Article],
    fields: Sequence[str],
    **params: object,
) -> list[tuple[Any, ...]]:
    """Run a query on *fields* of *articles*: the table says of which type each is."""
    types = dict(queries.run(con, "articles.types"))
    return queries.append_by_name(
        con, name, articles, {field: types[field] for field in fields}, params
    )


def _article(row: queries.Row) -> Article:
    values = {name: row[name] for name in _ARTICLE_FIELDS}
    values |= {name: tuple(v) for name, v in values.items() if isinstance(v, list)}
    return Article(**values)
