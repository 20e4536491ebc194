"""Stories: candidates for clustering, and the rows derived from their articles."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import duckdb

from transforms.models import StoryMember
from warehouse import queries


def candidates(
    con: duckdb.DuckDBPyConnection,
    keys: Iterable[int],
    since: datetime,
    until: datetime,
) -> list[StoryMember]:
    """Return the articles published in [since, until) that share a story key."""
    params = {"keys": sorted(set(keys)), "since": since, "until": until}
    return [
        StoryMember(
            **{
                **row,
                "story_keys": tuple(row["story_keys"]),
                "companies": tuple(row["companies"]),
            }
        )
        for row in queries.rows(con, "stories.candidates", params)
    ]


def existing_stories(con: duckdb.DuckDBPyConnection, story_ids: Iterable[str]) -> set[str]:
    """Return which of *story_ids* are here already."""
    params = {"story_id": sorted(set(story_ids))}
    return {story_id for (story_id,) in queries.run(con, "stories.existing", params)}


def refresh_stories(
    con: duckdb.DuckDBPyConnection, story_ids: Iterable[str], rules_version: str
) -> None:
    """Derive the rows of *story_ids* anew from their articles."""
    touched = sorted(set(story_ids))
    if not touched:
        return
    queries.run(con, "stories.delete_stories", {"story_id": touched})
    params = {"story_id": touched, "rules_version": rules_version}
    queries.run(con, "stories.insert_stories", params)


def refresh_all_stories(con: duckdb.DuckDBPyConnection, rules_version: str) -> None:
    """Derive every story anew from its articles."""
    queries.run(con, "stories.delete_all")
    queries.run(con, "stories.insert_all", {"rules_version": rules_version})


def list_stories(
    con: duckdb.DuckDBPyConnection,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    company_id: str | None = None,
    min_publishers: int = 1,
    limit: int = 20,
) -> list[queries.Row]:
    """Return stories that began in [since, until), newest day first, widest first in it.

    *company_id* takes its brands and subsidiaries with it.
    """
    params = {
        "since": since,
        "until": until,
        "company_id": company_id,
        "min_publishers": min_publishers,
        "limit": limit,
    }
    return queries.rows(con, "stories.list_stories", params)


def story(con: duckdb.DuckDBPyConnection, story_id: str) -> queries.Row | None:
    """Return one story."""
    return next(iter(queries.rows(con, "stories.story", {"story_id": story_id})), None)


def story_articles(con: duckdb.DuckDBPyConnection, story_id: str) -> list[queries.Row]:
    """Return the articles of one story, in order of publication."""
    return queries.rows(con, "stories.story_articles", {"story_id": story_id})
