"""Group articles about the same event, across outlets, scripts and languages."""

from __future__ import annotations

from transforms.stories.candidates import NEWEST, shortlist
from transforms.stories.cluster import HEADS, Recent, assign_stories
from transforms.stories.keys import company_keys, story_keys
from transforms.stories.similarity import WINDOW, Comparison, StoryText, compare

__all__ = [
    "HEADS",
    "NEWEST",
    "WINDOW",
    "Comparison",
    "Recent",
    "StoryText",
    "assign_stories",
    "company_keys",
    "compare",
    "shortlist",
    "story_keys",
]
