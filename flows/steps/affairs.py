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

    Of these stories' groups, those affairs that can hold one of them; a longest time more
    is read on either side, so that none of these is cut.
    """
    touched = set(story_ids)
    first, last = affair_store.span_of(con, touched)
    groups = affair_store.groups_of(con, touched)
    if first is None or last is None or not groups:
        return
    since, until = first - LONGEST, last + LONGEST
    told = affair_store.turns(con, groups, since - LONGEST, until + LONGEST)
    _replace(con, told, groups, since, until)


def refresh_all_affairs(con: duckdb.DuckDBPyConnection) -> None:
    """Make all affairs anew."""
    since, until = _EVER
    _replace(con, affair_store.turns(con, None, since, until), None, since, until)


def _replace(
    con: duckdb.DuckDBPyConnection,
    told: Iterable[dict[str, object]],
    groups: Iterable[str] | None,
    since: datetime,
    until: datetime,
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
    within = {
        step.affair_id
        for step in steps
        if step.step == 1 and since <= began[step.story_id] < until
    }
    kept = [asdict(step) for step in steps if step.affair_id in within]
    affair_store.replace_affairs(con, kept, groups, since, until)
