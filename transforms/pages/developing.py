"""Developing stories: the newest turn of each, with the first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from transforms.models import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Development:
    """A developing story of ``turns`` stories, by the newest of them."""

    affair_id: str
    story_id: str
    company: str | None
    topic: str | None
    turns: int
    turned_at: datetime
    headline: str
    language: str
    first_publisher: str
    publishers: int
    began_at: datetime
    first_story: str
    first_headline: str


DEVELOPING = Query(
    name="pages.developing",
    row=Development,
    relations=("story_affairs", "stories", "articles"),
)
