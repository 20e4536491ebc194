"""Articles, their versions and sightings; each appended once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from transforms.models import Article, ArticleVersion, Sighting
from transforms.models.articles import WORDING
from warehouse import appends, queries
from warehouse.dialect import is_lake
from warehouse.news.coverage import note_arrivals, recount_arrivals
from warehouse.queries import Connection

_ARTICLE_ID = re.compile(r"[0-9a-f]{20}")
_ARTICLE_FIELDS = appends.names(Article)
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

# Where articles stand in the order of arrival, by their ids.
Places = Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """Stored state of an article, compared with a repeated entry.

    ``seq`` is its place in the order of arrival, ``feed_id`` the feed of its wording.
    """

    article_id: str
    seq: int
    feed_id: str
    story_id: str
    content_hash: str


def known(con: Connection, article_ids: Iterable[str]) -> dict[str, StoredArticle]:
    """Return the stored articles among *article_ids*, in their newest wording."""
    return {
        row["article_id"]: StoredArticle(**row)
        for row in appends.each(con, "articles.known", article_id=article_ids)
    }


def places(con: Connection, article_ids: Iterable[str]) -> Places:
    """Return the places of stored articles in the order of arrival.

    Rows on an article carry its place and are stored in that order, so that rows before the
    first place asked for are skipped.
    """
    return {
        article_id: seq
        for batch in appends.batches(article_ids)
        for article_id, seq in queries.run(con, "articles.places", article_id=batch)
    }


def append_new(con: Connection, articles: Iterable[Article], *, run_id: str = "") -> Places:
    """Append articles unknown to :func:`known`, each once; return their places."""
    more = f"{queries.text(run_id)} as run_id"
    first = last = last_place(con)
    ids: list[str] = []
    for batch in appends.batches(articles, appends.WIDE_BATCH):
        ids += [article.article_id for article in batch]
        columns = appends.columns(batch, _ARTICLE_FIELDS)
        columns["seq"] = orjson.dumps(list(range(last + 1, last + 1 + len(batch)))).decode()
        appends.insert_columns(con, "articles", columns, more=more)
        last += queries.scalar(
            con, "articles.note_seen", key=columns["article_id"], seq=columns["seq"]
        )
    return dict(zip(ids, range(first + 1, last + 1), strict=True))


def update_articles(
    con: Connection, articles: Iterable[Article], *, at: Places | None = None
) -> None:
    """Store the newest wording of articles that are stored already.

    Of two wordings in *articles* the later one is stored.
    """
    latest = {article.article_id: article for article in articles}
    at = places(con, latest) if at is None else at
    for batch in appends.batches(latest.values(), appends.WIDE_BATCH):
        columns = appends.columns(batch, WORDING) | _placed(batch, at)
        rows = appends.unnested(con, "articles", columns)
        update = queries.sql("articles.update_articles")
        con.execute(f"with batch as ({rows})\n{update}", columns)


def hand_over(con: Connection, articles: Sequence[Article], *, at: Places) -> None:
    """Assign stored articles to the feed that each now comes from.

    The date changes too, unless it is later than the first sighting;
    :func:`update_articles` stores the wording.
    """
    appends.append(con, "articles.hand_over", articles, _OWNER_FIELDS)
    recount_arrivals(con, (at[article.article_id] for article in articles))


def append_versions(
    con: Connection,
    versions: Iterable[ArticleVersion],
    at: Places,
    *,
    of_new: Collection[str] = (),
) -> int:
    """Append the wordings not stored yet; return their number.

    Articles *of_new* have none stored, so that no look-up is needed.
    """
    unique = appends.first_of_each(versions, ("article_id", "content_hash"))
    kind, key = ArticleVersion, ("content_hash",)
    return _append_unseen(con, "article_versions", kind, unique, key, of_new, at)


def append_sightings(
    con: Connection,
    sightings: Iterable[Sighting],
    at: Places,
    *,
    of_new: Collection[str] = (),
) -> int:
    """Append the sightings not stored yet; return their number.

    Articles *of_new* have none stored, so that no look-up is needed.
    """
    unique = appends.first_of_each(sightings, ("article_id", "feed_id", "url"))
    key = ("feed_id", "url")
    count = _append_unseen(con, "sightings", Sighting, unique, key, of_new, at)
    note_arrivals(con, (at[sighting.article_id] for sighting in unique))
    return count


def first_arrivals(con: Connection) -> dict[str, datetime]:
    """Return the time of each feed's first article."""
    return dict(queries.run(con, "articles.first_arrivals"))


def places_of_stories(
    con: Connection, story_ids: Iterable[str], *, since: datetime
) -> Places:
    """Return the places of the stories' articles published since then."""
    return dict(
        queries.run(con, "articles.places_of_stories", story_id=set(story_ids), since=since)
    )


def few_articles(con: Connection, at: Iterable[int]) -> list[Article]:
    """Return the articles at these places, in order; one query each saves memory.

    A lake lists its files for every query and has more memory, so it reads in batches.
    """
    if is_lake(con):
        return [
            article_of(row)
            for row in appends.each(
                con, "articles.by_places", size=appends.WIDE_BATCH, seq=sorted(at)
            )
        ]
    return [
        article_of(row)
        for seq in sorted(at)
        for row in queries.rows(con, "articles.by_place", seq=seq)
    ]


def get_articles(con: Connection, article_ids: Iterable[str]) -> list[Article]:
    """Return these articles in order of arrival; thousands need much memory."""
    return [
        article_of(row)
        for row in appends.each(con, "articles.by_ids", article_id=article_ids)
    ]


def iterate_articles(
    con: Connection, *, since: datetime | None = None, size: int = appends.BATCH
) -> Iterator[list[Article]]:
    """Yield the articles seen since then in order of arrival, *size* at a time."""
    after = 0
    params = {"since": since, "limit": size}
    while found := queries.rows(con, "articles.by_seq", **params, after=after):
        after = found[-1]["seq"]
        yield [article_of(row) for row in found]


def last_place(con: Connection) -> int:
    """Return the place of the newest article in the order of arrival."""
    return int(queries.scalar(con, "articles.last_seq"))


def count_articles(con: Connection) -> int:
    """Return the number of articles."""
    return int(queries.scalar(con, "articles.total"))


def looks_like_id(text: str) -> bool:
    """Tell whether *text* has the form of an article id."""
    return _ARTICLE_ID.fullmatch(text) is not None


def words(con: Connection, article_id: str) -> queries.Row:
    """Return the title, summary, content and sources of a stored article."""
    [found] = queries.rows(con, "articles.words", article_id=article_id)
    return found


def article_of(row: queries.Row) -> Article:
    """Return the article in a row that has all its columns."""
    values = {name: row[name] for name in _ARTICLE_FIELDS}
    values |= {name: tuple(v) for name, v in values.items() if isinstance(v, list)}
    return Article(**values)


def _append_unseen(
    con: Connection,
    table: str,
    kind: type[ArticleVersion | Sighting],
    records: Iterable[ArticleVersion | Sighting],
    key: Sequence[str],
    of_new: Collection[str],
    at: Places,
) -> int:
    """Append *records* that are of new articles, or have another *key* than is here."""
    row = f"({', '.join(('seq', *key))})"
    # DuckDB skips what lies elsewhere for a part of a table, and not for an anti-join. With
    # `not exists` on that part it compares each row with each: 5,000 took 7 s.
    near = f"select {row} from {table} where seq in (select seq from batch)"  # noqa: S608
    unseen = f"{row} not in ({near})"
    new = set(of_new)
    parts: tuple[list[ArticleVersion | Sighting], ...] = ([], [])
    for record in records:
        parts[record.article_id in new].append(record)
    fields = appends.names(kind)
    return sum(
        appends.insert_columns(
            con, table, appends.columns(batch, fields) | _placed(batch, at), where=where
        )
        for part, where in zip(parts, (unseen, ""), strict=True)
        for batch in appends.batches(part)
    )


def _placed(
    records: Sequence[Article | ArticleVersion | Sighting], at: Places
) -> dict[str, str]:
    return {"seq": orjson.dumps([at[record.article_id] for record in records]).decode()}


def current_article(con: Connection, article_id: str) -> str | None:
    """Return the article that *article_id* was merged into, or itself; None if unknown."""
    found = queries.run(con, "identities.current", article_id=article_id)
    return found[0][0] if found else None
