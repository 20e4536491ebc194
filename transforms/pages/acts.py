"""Official acts: each with its body, companies and press coverage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from transforms.models import Query
from transforms.pages.stories import Headline, ToldStory, company_links, headlines
from transforms.pages.words import Link, PageWords, web_address

# Stories that are shown under an act; the others are on the story's page.
SHOWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialAct:
    """An act published by an official source, and the delay of press coverage."""

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
    """A press story on an act: its own, or a later one of its affair."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A press story, with its delay after the act."""

    after: str
    publisher: str
    headline: Headline
    href: str
    publishers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActLine:
    """An act as a line of the page."""

    article_id: str
    headline: Headline
    href: str
    outside: str
    body: Link
    published_at: datetime
    companies: tuple[Link, ...]
    followed: tuple[Followed, ...]


def act_lines(
    words: PageWords,
    acts: Sequence[OfficialAct],
    stories: Iterable[ActStory],
    told: Mapping[str, ToldStory],
) -> list[ActLine]:
    """Return *acts* with the stories on each; *told* has the stories by id."""
    by_act: defaultdict[str, list[ActStory]] = defaultdict(list)
    for story in stories:
        by_act[story.article_id].append(story)
    return [
        ActLine(
            article_id=act.article_id,
            headline=Headline(text=act.act, language=act.language),
            href=words.href(f"/stories/{act.story_id}"),
            outside=web_address(act.url),
            body=Link(text=act.body, href=words.href("/acts", body=act.body)),
            published_at=act.published_at,
            companies=company_links(words, act.companies),
            followed=tuple(
                _followed(words, story, told[story.story_id])
                for story in by_act[act.article_id][:SHOWN]
                if story.story_id in told
            ),
        )
        for act in acts
    ]


def record(act: OfficialAct) -> dict[str, Any]:
    """Return an act as a row of the page's data table."""
    hours = act.hours_to_press
    rounded = {"hours_to_press": None if hours is None else round(hours, 3)}
    return {**asdict(act), "companies": list(act.companies), **rounded}


def _followed(words: PageWords, story: ActStory, told: ToldStory) -> Followed:
    own, _ = headlines(words, told)
    return Followed(
        after=f"+{words.short_span(story.hours_after)}",
        publisher=story.publisher,
        headline=own,
        href=words.href(f"/stories/{story.story_id}"),
        publishers=story.publishers,
    )
