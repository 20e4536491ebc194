"""The page of official acts: each with its body, its companies, and who told of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from transforms.pages.links import Link
from transforms.pages.rows.acts import ActStory, OfficialAct
from transforms.pages.stories import Headline, ToldStory, company_links, headlines
from transforms.pages.words import PageWords, web_address

# Stories that are shown under an act; the others are on the story's page.
SHOWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A story of the press, and how long after the act it came."""

    after: str
    publisher: str
    headline: Headline
    href: str
    publishers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActLine:
    """An act as the page shows it."""

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
    """Return *acts* with the stories that followed each, of which *told* has the words."""
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
    """Return a row of the table of acts, for programs."""
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
