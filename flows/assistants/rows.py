"""Rows of the desk as rows of an answer: outlets' words quoted, the others as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows.assistants.look import Look, outside
from flows.assistants.results import QuotedHeadlines, StoryRow
from transforms.text.harmless import shorten

HEADLINE = 300
NAME = 80
OUTLETS = 8


def headline(text: str | None) -> str:
    """Return a headline as it is quoted."""
    return shorten(text or "", HEADLINE)


def outlet(name: str | None) -> str:
    """Return the name of an outlet as it is quoted."""
    return shorten(name or "", NAME)


def headlines(row: Mapping[str, Any]) -> QuotedHeadlines:
    """Return the headlines of a row of stories as they are quoted."""
    return QuotedHeadlines(
        headline=headline(row["headline"]),
        headline_en=headline(row["headline_en"]),
        headline_zh=headline(row["headline_zh"]),
        headline_translated=headline(row["headline_translated"]),
        outlets=[outlet(name) for name in row["publishers"][:OUTLETS]],
        url=outside(row["url"]),
    )


def story_row(look: Look, row: Mapping[str, Any]) -> StoryRow:
    """Return a row of a table of stories."""
    page = look.address(f"/stories/{row['story_id']}")
    return StoryRow(
        id=row["story_id"],
        address=page,
        page=page,
        first_published_at=row["first_published_at"],
        last_published_at=row["last_published_at"],
        articles=row["articles"],
        languages=row["languages"],
        gap_hours=row["gap_hours"],
        companies=row.get("companies", []),
        topics=[*row.get("events", []), *row.get("topics", [])],
        why=row.get("why", ""),
        quoted=headlines(row),
    )
