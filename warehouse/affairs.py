"""Affairs: stories that build on one another, derived from the headlines of stories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import duckdb

from warehouse import queries


def groups_of(con: duckdb.DuckDBPyConnection, story_ids: Iterable[str]) -> list[str]:
    """Return the groups of companies and brands that stories name."""
    params = {"story_id": sorted(set(story_ids))}
    return [group for (group,) in queries.run(con, "affairs.groups_of", params)]


def span_of(
    con: duckdb.DuckDBPyConnection, story_ids: Iterable[str]
) -> tuple[datetime | None, datetime | None]:
    """Return when the first and the last of some stories began; None of none."""
    params = {"story_id": sorted(set(story_ids))}
    [(first, last)] = queries.run(con, "affairs.span_of", params)
    return first, last


def turns(
    con: duckdb.DuckDBPyConnection,
    groups: Iterable[str] | None,
    since: datetime,
    until: datetime,
) -> list[queries.Row]:
    """Return the stories of *groups* (None: of all) that began in [since, until)."""
    return queries.rows(con, "affairs.turns", _params(groups, since, until))


def replace_affairs(
    con: duckdb.DuckDBPyConnection,
    steps: Iterable[Mapping[str, object]],
    groups: Iterable[str] | None,
    since: datetime,
    until: datetime,
) -> None:
    """Put *steps* in the place of the affairs of *groups* that began in [since, until)."""
    queries.run(con, "affairs.delete_affairs", _params(groups, since, until))
    for batch in queries.batches(steps):
        queries.run(con, "affairs.insert_affairs", {"rows": list(batch)})


def _params(
    groups: Iterable[str] | None, since: datetime, until: datetime
) -> dict[str, object]:
    named = None if groups is None else sorted(set(groups))
    return {"group_id": named, "since": since, "until": until}
