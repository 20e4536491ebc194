"""What the searches found that the brief was asked for, each under its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transforms.brief.desk import Desk
from transforms.brief.heading import Heading
from transforms.brief.headlines import link
from transforms.brief.model import BREAK, Items, Line, Section, Text
from transforms.models import NamedResult, StoryFound

KEY = "searches"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchedStory:
    """A story that a search found: the article that fits best, and who else tells it."""

    search_id: str
    story_id: str
    article_id: str
    headline: str
    url: str
    publisher: str
    language: str
    articles: int
    publishers: int


def section(desk: Desk) -> Section:
    """List the stories of each search, the best first."""
    return Section(
        key=KEY,
        title=desk.word("section.searches"),
        blocks=tuple(_items(desk, found) for found in desk.answers.found),
        notes=tuple(
            desk.line("searches.more", name=found.name, n=more)
            for found in desk.answers.found
            if (more := found.total - len(found.stories))
        ),
    )


def _items(desk: Desk, found: NamedResult) -> Items:
    return Items(
        tuple(_line(desk, story) for story in found.stories),
        heading=found.name,
        empty=desk.word("searches.none"),
    )


def _line(desk: Desk, story: StoryFound) -> Line:
    return (
        link(story.headline, story.url, style="strong"),
        Text(BREAK),
        *desk.line(
            "search.told",
            publisher=story.publisher,
            when=desk.moment(story.published_at),
            publishers=desk.count("publisher", story.publishers),
            articles=desk.count("article", story.articles),
        ),
    )


def _rows(desk: Desk) -> Mapping[str, Sequence[SearchedStory]]:
    """Return the stories of all searches, where the brief was asked for some."""
    if not desk.answers.found:
        return {}
    return {
        KEY: [
            SearchedStory(
                search_id=found.search_id,
                story_id=story.story_id,
                article_id=story.article_id,
                headline=story.headline,
                url=story.url,
                publisher=story.publisher,
                language=story.language,
                articles=story.articles,
                publishers=story.publishers,
            )
            for found in desk.answers.found
            for story in found.stories
        ]
    }


HEADING = Heading(key=KEY, write=section, queries=(), printed=_rows, is_front=True)
