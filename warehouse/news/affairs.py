"""Affairs: stories that build on one another, derived from the headlines of stories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import duckdb

from warehouse import queries


def subjects_of(
    con: duckdb.DuckDBPyConnection, story_ids: Iterable[str], *, since: datetime
) -> list[str]:
    """Return whose affairs stories may be of, as ``group:lumo`` and ``topic:tariffs``.

    None of them may have an article from before *since*: what is older is not looked at.
    """
    params = {"story_id": sorted(set(story_ids)), "since": since}
    return [subject for (subject,) in queries.run(con, "affairs.subjects_of", params)]


def span_of(
    con: duckdb.DuckDBPyConnection, story_ids: Iterable[str], *, since: datetime
) -> tuple[datetime | None, datetime | None]:
    """Return when the first and the last of some stories began; None of none.

    None of them may have begun before *since*: what is older is not looked at.
    """
    params = {"story_id": sorted(set(story_ids)), "since": since}
    [(first, last)] = queries.run(con, "affairs.span_of", params)
    return first, last


def affairs_of(
    con: duckdb.DuckDBPyConnection, story_ids: Iterable[str]
) -> dict[str, list[str]]:
    """Return the affairs, in order, of each of these stories that is a turn of one."""
    params = {"story_id": sorted(set(story_ids))}
    return dict(queries.run(con, "affairs.affairs_of", params))


def turns(
    con: duckdb.DuckDBPyConnection,
    subjects: Iterable[str] | None,
    since: datetime,
    until: datetime,
) -> list[queries.Row]:
    """Return the stories of *subjects* (None: of all) that began in [since, until)."""
    params = _params(subjects, since, until)
    # One after the other: both at once need more memory than a run has.
    of_groups = queries.rows(con, "affairs.turns_of_groups", params)
    return of_groups + queries.rows(con, "affairs.turns_of_topics", params)


def replace_affairs(
    con: duckdb.DuckDBPyConnection,
    steps: Iterable[Mapping[str, object]],
    subjects: Iterable[str] | None,
    since: datetime,
    until: datetime,
    *,
    touched: Iterable[str] | None = None,
) -> None:
    """Put *steps* in place of the affairs of *subjects* that began in [since, until).

    Those of *touched* stories (None: of all) that did not begin in it are no more.
    """
    named = None if touched is None else sorted(set(touched))
    params = {**_params(subjects, since, until), "story_id": named}
    queries.run(con, "affairs.delete_affairs", params)
    for batch in queries.batches(steps):
        queries.run(con, "affairs.insert_affairs", {"rows": list(batch)})


def _params(
    subjects: Iterable[str] | None, since: datetime, until: datetime
) -> dict[str, object]:
    named = None if subjects is None else sorted(set(subjects))
    return {"subject": named, "since": since, "until": until}
