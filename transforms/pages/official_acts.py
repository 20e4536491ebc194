"""Official acts: each with its body, companies and press coverage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from transforms.models import Query
from transforms.pages.stories import Headline, ToldStory, headlines
from transforms.pages.words import PageWords

# Stories that are shown under an act; the others are on the story's page.
SHOWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialAct:
    """An act published by an official source, and the delay of press coverage."""

    article_id: str
    act: str
    number: str | None
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


@dataclass(frozen=True, slots=True)
class OfficialFeeds:
    """How many feeds of official sources are followed."""

    feeds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActStory:
    """A press story on an act: its own, or a later one of its affair."""

    article_id: str
    story_id: str
    link: str
    followed_at: datetime
    publisher: str
    publishers: int
    hours_after: float


ACTS = Query(name="pages.acts", row=OfficialAct, relations=("acts_between",))


OFFICIAL_FEEDS = Query(
    name="pages.official_feeds",
    row=OfficialFeeds,
    relations=("feeds",),
    counts="feeds of a kind are counted nowhere else",
)
ACT_STORIES = Query(
    name="pages.act_stories", row=ActStory, relations=("act_stories_between",)
)


def followed(
    words: PageWords, stories: Iterable[ActStory], told: Mapping[str, ToldStory]
) -> dict[str, list[tuple[ActStory, Headline]]]:
    """Return the first stories on each act, with their headlines; *told* has them by id."""
    by_act: defaultdict[str, list[ActStory]] = defaultdict(list)
    for story in stories:
        by_act[story.article_id].append(story)
    return {
        act: [
            (s, headlines(words, told[s.story_id])[0])
            for s in own[:SHOWN]
            if s.story_id in told
        ]
        for act, own in by_act.items()
    }


def record(act: OfficialAct) -> dict[str, Any]:
    """Return an act as a row of the page's data table."""
    hours = act.hours_to_press
    rounded = {"hours_to_press": None if hours is None else round(hours, 3)}
    return {**asdict(act), "companies": list(act.companies), **rounded}
