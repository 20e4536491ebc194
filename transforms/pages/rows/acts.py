"""Official acts and the press that followed them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from transforms.models import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialAct:
    """What an official source published, and how soon the press told of it."""

    article_id: str
    act: str
    body: str
    kind: str
    region: str | None
    published_at: datetime
    companies: tuple[str, ...]
    url: str
    language: str
    is_on_beat: bool
    story_id: str
    press_stories: int
    first_press_at: datetime | None
    first_press: str | None
    hours_to_press: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActStory:
    """A story in which the press told of an act: its own, or a later one of its affair."""

    article_id: str
    story_id: str
    link: str
    followed_at: datetime
    publisher: str
    publishers: int
    hours_after: float


ACTS = Query(name="pages.acts", row=OfficialAct, relations=("acts_between",))
ACT_STORIES = Query(
    name="pages.act_stories", row=ActStory, relations=("act_stories_between",)
)
