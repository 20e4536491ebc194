"""Group articles about the same event, across outlets, scripts and languages."""

from __future__ import annotations

from transforms.stories.candidates import NEWEST, shortlist
from transforms.stories.cluster import HEADS, Assigned, Recent, assign_stories
from transforms.stories.keys import bridge_keys, story_keys
from transforms.stories.pairs.similarity import WINDOW, Comparison, StoryText, compare

__all__ = [
    "HEADS",
    "NEWEST",
    "WINDOW",
    "Assigned",
    "Comparison",
    "Recent",
    "StoryText",
    "assign_stories",
    "bridge_keys",
    "compare",
    "shortlist",
    "story_keys",
]
