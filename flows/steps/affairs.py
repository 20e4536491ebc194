"""Link stories that build on one another, where stories are made or refreshed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime

import duckdb

from transforms.stories.affairs import LONGEST, Turn, affairs_of
from warehouse import affairs as affair_store

_EVER = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


def refresh_affairs(con: duckdb.DuckDBPyConnection, story_ids: Iterable[str]) -> None:
    """Make anew the affairs that some stories may be a turn of.

    Of these stories' groups, affairs are linked from twice their longest time before:
    those of the first half may have begun earlier still, and stay as they are.
    """
    touched = set(story_ids)
    first, last = affair_store.span_of(con, touched)
    groups = affair_store.groups_of(con, touched)
    if first is None or last is None or not groups:
        return
    since, until = first - LONGEST, last + 2 * LONGEST
    told = affair_store.turns(con, groups, since - LONGEST, until)
    _replace(con, told, groups, since)


def refresh_all_affairs(con: duckdb.DuckDBPyConnection) -> None:
    """Make all affairs anew."""
    since, until = _EVER
    _replace(con, affair_store.turns(con, None, since, until), None, since)


def _replace(
    con: duckdb.DuckDBPyConnection,
    told: Iterable[dict[str, object]],
    groups: Iterable[str] | None,
    since: datetime,
) -> None:
    turns = [
        Turn(
            group_id=str(row["group_id"]),
            story_id=str(row["story_id"]),
            headline=str(row["headline"]),
            began_at=row["first_published_at"],  # type: ignore[arg-type]
        )
        for row in told
    ]
    began = {turn.story_id: turn.began_at for turn in turns}
    steps = affairs_of(turns)
    late = {s.affair_id for s in steps if s.step == 1 and began[s.story_id] >= since}
    kept = [asdict(step) for step in steps if step.affair_id in late]
    affair_store.replace_affairs(con, kept, groups, since)
