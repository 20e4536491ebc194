"""Findings made anew, staged beside the old ones, compared and exchanged in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from transforms.models import Mention, Tag
from warehouse import queries

# Articles that a worker tags at once: seconds of work, and a few megabytes.
CHUNK = 2_000
# So far back new matches are told; an older one is history, whatever the rules.
ALERT_DAYS = 7
BEAT_FIELDS = ("article_id", "relevance", "is_on_beat", "beat_reason")

KINDS = ("mentions", "tags", "facts")

Columns = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StagedFindings:
    """New findings of some articles: columns as JSON text, as DuckDB takes them in."""

    articles: int
    mentions: Columns
    tags: Columns
    facts: Columns
    beats: Columns


def begin(con: duckdb.DuckDBPyConnection) -> None:
    """Make room for new findings."""
    for kind in (*KINDS, "beats"):
        queries.run(con, f"retag.begin_{kind}")


def texts(con: duckdb.DuckDBPyConnection) -> Iterator[list[tuple[Any, ...]]]:
    """Yield what tagging reads of all articles, in chunks.

    Id, title, summary, content, ``is_digest``, feed, publisher and day of publication.
    """
    last = queries.scalar(con, "retag.last_seq")
    for after in range(0, last, CHUNK):
        params = {"after": after, "until": after + CHUNK}
        if found := queries.run(con, "retag.texts", params):
            yield found


def stage(con: duckdb.DuckDBPyConnection, found: StagedFindings) -> None:
    """Put new findings beside the old ones."""
    for kind in (*KINDS, "beats"):
        columns: Columns = getattr(found, kind)
        queries.run(con, f"retag.stage_{kind}", columns)


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
    queries.run(con, "retag.update_beats")
