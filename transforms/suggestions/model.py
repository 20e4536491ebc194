"""What suggestions are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredHeadline:
    """A stored article, as far as suggestions read it; *is_recent* ones count.

    Names are looked for in those on the beat.
    """

    title: str
    publisher: str
    story_id: str
    seen_at: datetime
    is_recent: bool = True
    is_on_beat: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A name that may deserve an entry, and what speaks for it.

    *before* counts the articles of the weeks before, scaled to as many days.
    """

    name: str
    kind: str
    articles: int
    stories: int
    publishers: int
    before: float
    first_seen: datetime
    last_seen: datetime
    example: str
    why: str


class FoundName(NamedTuple):
    """A name found in a headline, and how strong the evidence of its pattern is, 1 to 4.

    *stem* is the part that makes it a name and no noun: 亮道 of 亮道智能.
    """

    name: str
    start: int
    end: int
    why: str
    strength: int
    stem: str = ""
    owner_end: int = -1
    ticker: str = ""
