"""Framings of headlines, and how far headlines have been read for them."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from transforms.models import FramePole, Framing
from warehouse import queries

POLE_FIELDS = ("frame_id", "pole", "name", "name_zh")
FRAMING_FIELDS = ("article_id", "frame_id", "pole", "term")


def start_frames(
    con: duckdb.DuckDBPyConnection, poles: Iterable[FramePole], *, version: str
) -> int:
    """Return the last article read with *version*; begin anew where that is another."""
    progress = queries.run(con, "frames.progress")
    if progress and progress[0][0] == version:
        return int(progress[0][1])
    queries.run(con, "frames.restart")
    queries.append(con, "frames.insert_frames", poles, POLE_FIELDS)
    return -1


def unread_titles(
    con: duckdb.DuckDBPyConnection, *, after: int, limit: int
) -> tuple[list[tuple[str, str]], int]:
    """Return (article id, headline) of what arrived *after*, and the last one read."""
    found = queries.run(con, "frames.unread", {"seq": after, "limit": limit})
    titles = [(article_id, title) for _, article_id, title, digest in found if not digest]
    return titles, found[-1][0] if found else after


def append_framings(
    con: duckdb.DuckDBPyConnection,
    framings: Iterable[Framing],
    *,
    version: str,
    read_to: int,
) -> None:
    """Record *framings*, and that headlines have been read up to *read_to*."""
    queries.append(con, "frames.insert_framings", framings, FRAMING_FIELDS)
    queries.run(con, "frames.forget_progress")
    progress = {"rules_version": version, "seq": read_to}
    queries.run(con, "frames.record_progress", progress)
