"""Read the headlines that have come since the last time for the frames they are put in."""

from __future__ import annotations

import duckdb

from transforms.headlines.frames import framings, shipped_frames
from warehouse.numbers import frames as frame_store

# A refresh has the writer's turn: a million headlines take ten seconds, so the history
# of a large warehouse is read over some refreshes.
AT_ONCE = 300_000
BATCH = 50_000


def refresh_frames(con: duckdb.DuckDBPyConnection) -> bool:
    """Bring the framings up to date, inside the caller's transaction.

    Returns whether all headlines are read now.
    """
    frames = shipped_frames()
    after = frame_store.start_frames(con, frames.rows, version=frames.version)
    for _ in range(AT_ONCE // BATCH):
        titles, read_to = frame_store.unread_titles(con, after=after, limit=BATCH)
        if read_to == after:
            return True
        frame_store.append_framings(
            con, framings(titles, frames), version=frames.version, read_to=read_to
        )
        after = read_to
    return False
