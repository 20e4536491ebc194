"""Group articles about the same event, across outlets, scripts and languages."""

from __future__ import annotations

from transforms.stories.candidates import NEWEST, shortlist
from transforms.stories.cluster import (
    HEADS,
    VOTERS,
    Assigned,
    Recent,
    assign_stories,
    is_chinese,
    meeting_keys,
)
from transforms.stories.keys import actor_keys, bridge_keys, story_keys
from transforms.stories.pairs.similarity import WINDOW, Comparison, StoryText, compare

__all__ = [
    "HEADS",
    "NEWEST",
    "VOTERS",
    "WINDOW",
    "Assigned",
    "Comparison",
    "Recent",
    "StoryText",
    "actor_keys",
    "assign_stories",
    "bridge_keys",
    "compare",
    "is_chinese",
    "meeting_keys",
    "shortlist",
    "story_keys",
]
