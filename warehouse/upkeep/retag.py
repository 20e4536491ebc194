"""Findings made anew, staged beside the old ones, compared and exchanged in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from transforms.models import Mention, Tag
from warehouse import queries
from warehouse.news.arrivals import refresh_all_arrivals
from warehouse.news.coverage import refresh_all_coverage

# Articles that a worker tags at once: seconds of work, and a few megabytes.
CHUNK = 2_000
# Articles that get their masks in one statement.
PART = 100_000
# So far back new matches are told; an older one is history, whatever the rules.
ALERT_DAYS = 7
# What headline and summary both name counts once: whoever tags says which is a repeat.
MENTION_FIELDS = (*Mention._fields, "is_repeat")
BEAT_FIELDS = ("article_id", "relevance", "is_on_beat", "beat_reason")
TITLE_FIELDS = ("article_id", "title", "is_digest", "content_hash", "search_text")
KEY_FIELDS = ("seq", "story_keys")
SIGN_FIELDS = ("seq", "search_bits")

KINDS = ("mentions", "tags", "facts")
# What is of the articles themselves: it is updated where it differs.
OWN = ("beats", "titles")
# Lists, which are written with the whole row, and so a part of the articles at a time.
LISTS = ("keys", "signs")
STAGED = (*KINDS, *OWN, *LISTS)

Columns = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StagedFindings:
    """New findings of some articles: columns as JSON text, as DuckDB takes them in.

    ``titles`` has those articles alone whose headline or ``is_digest`` is another,
    ``keys`` those whose story is found by other keys, ``signs`` those that had no mask of
    their words.
    """

    articles: int
    mentions: Columns
    tags: Columns
    facts: Columns
    beats: Columns
    titles: Columns
    keys: Columns
    signs: Columns


def begin(con: duckdb.DuckDBPyConnection) -> None:
    """Make room for new findings."""
    for kind in STAGED:
        queries.run(con, f"retag.begin_{kind}")


def texts(con: duckdb.DuckDBPyConnection) -> Iterator[list[tuple[Any, ...]]]:
    """Yield what tagging reads of all articles, in chunks.

    Place, words where these have no mask yet, keys as JSON, id, title, summary, content,
    text of the page, language, ``is_digest``, feed, publisher and day of publication.
    """
    last = queries.scalar(con, "articles.last_seq")
    for after in range(0, last, CHUNK):
        params = {"after": after, "until": after + CHUNK}
        if found := queries.run(con, "retag.texts", params):
            yield found


def stage(con: duckdb.DuckDBPyConnection, found: StagedFindings) -> None:
    """Put new findings beside the old ones."""
    for kind in STAGED:
        columns: Columns = getattr(found, kind)
        if "[]" in columns.values():
            continue
        queries.insert_columns(con, f"new_{kind}", columns)


def changes(con: duckdb.DuckDBPyConnection) -> list[queries.Row]:
    """Return a row per company, topic or kind of fact gained or lost, with an example."""
    return queries.rows(con, "retag.changes")


def lost_alerts(con: duckdb.DuckDBPyConnection) -> list[queries.Row]:
    """Return a row per rule: how many of its alerts rest on a finding that would go."""
    return queries.rows(con, "retag.lost_alerts")


def lately_gaining(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the articles of the last days that gain a finding."""
    found = queries.run(con, "retag.lately_gaining", {"days": ALERT_DAYS})
    return [article_id for (article_id,) in found]


def staged_mentions(
    con: duckdb.DuckDBPyConnection, article_ids: Iterable[str]
) -> list[Mention]:
    """Return the new mentions of these articles."""
    return [
        Mention(**row)
        for batch in queries.batches(article_ids)
        for row in queries.rows(con, "retag.staged_mentions", {"article_id": batch})
    ]


def staged_tags(con: duckdb.DuckDBPyConnection, article_ids: Iterable[str]) -> list[Tag]:
    """Return the new tags of these articles."""
    return [
        Tag(**row)
        for batch in queries.batches(article_ids)
        for row in queries.rows(con, "retag.staged_tags", {"article_id": batch})
    ]


def exchange(con: duckdb.DuckDBPyConnection) -> None:
    """Put the new findings in place of all the old ones."""
    for kind in KINDS:
        queries.run(con, f"retag.delete_{kind}")
        queries.run(con, f"retag.insert_{kind}")
    for kind in OWN:
        queries.run(con, f"retag.update_{kind}")
    refresh_all_coverage(con)
    refresh_all_arrivals(con)


def list_anew(con: duckdb.DuckDBPyConnection) -> None:
    """Give articles the keys that changed, and their masks to those that had none."""
    last = queries.scalar(con, "articles.last_seq")
    for kind in LISTS:
        for after in range(0, last, PART):
            part = {"after": after, "until": after + PART}
            queries.run(con, f"retag.update_{kind}", part)
