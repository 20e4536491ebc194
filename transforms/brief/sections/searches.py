"""Results of the brief's named searches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transforms.brief.draft import Draft, Heading, link
from transforms.brief.model import BREAK, Items, Line, Section, Text
from transforms.models import BestArticle, NamedResult, OfSearch, StoryFound, StorySize

KEY = "searches"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchedStory(StorySize, BestArticle, OfSearch):
    """A story found by a search: its best article, and its other outlets."""


def searches_section(draft: Draft) -> Section:
    """List the stories of each search, best first."""
    return Section(
        key=KEY,
        title=draft.word("section.searches"),
        blocks=tuple(_items(draft, found) for found in draft.answers.found),
        notes=tuple(
            draft.line("searches.more", name=found.name, n=more)
            for found in draft.answers.found
            if (more := found.total - len(found.stories))
        ),
    )


def _items(draft: Draft, found: NamedResult) -> Items:
    return Items(
        tuple(_line(draft, story) for story in found.stories),
        heading=found.name,
        empty=draft.word("searches.none"),
    )


def _line(draft: Draft, story: StoryFound) -> Line:
    return (
        link(story.headline, story.url, style="strong"),
        Text(BREAK),
        *draft.line(
            "search.told",
            publisher=story.publisher,
            when=draft.moment(story.published_at),
            publishers=draft.count("publisher", story.publishers),
            articles=draft.count("article", story.articles),
        ),
    )


def _rows(draft: Draft) -> Mapping[str, Sequence[SearchedStory]]:
    """Return the stories of all searches, where the brief was asked for some."""
    if not draft.answers.found:
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
            for found in draft.answers.found
            for story in found.stories
        ]
    }


SEARCHES_SECTION = Heading(
    key=KEY, write=searches_section, queries=(), printed=_rows, is_front=True
)
