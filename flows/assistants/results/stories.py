"""Answers about stories: of a day, of a search, one whole."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from flows.assistants.results.base import (
    Measure,
    Moment,
    QuotedHeadline,
    QuotedHeadlines,
    Row,
    StoryRow,
    ToolAnswer,
)


class Today(ToolAnswer):
    """The stories of a day in the order of the brief."""

    day: date
    since: Moment
    until: Moment
    total: int = Field(description="Stories that the filters leave.")
    stories: list[StoryRow]
    alerts_parked: int
    alerts_pending: int
    warnings: list[str] = Field(description="What is wrong with the data.")


class FoundRow(Row):
    """A story that has what was searched for; the article that fits best is quoted."""

    article_id: str
    page: str
    published_at: Moment
    language: str
    matches: int = Field(description="Articles of the story that were found.")
    articles: int
    publishers: int
    languages: list[str]
    is_on_beat: bool
    quoted: QuotedHeadline


class FoundStories(ToolAnswer):
    """What a search found, one row a story."""

    total: int
    off_beat: int = Field(description="Stories left out because they are off the beat.")
    stories: list[FoundRow]


class ArticleWords(QuotedHeadline):
    """Words of an outlet: the headline of today, and those before it."""

    earlier: list[str] = Field(default=[])


class ArticleRow(Row):
    """An article of a story."""

    published_at: Moment
    hours_after_first: Measure
    language: str
    is_digest: bool
    quoted: ArticleWords


class NamedRow(Row):
    """A company, topic or event type of a story, with its articles."""

    articles: int
    is_subject: bool | None = Field(
        default=None, description="Whether the story is about it."
    )


class StoryLink(Row):
    """Another story of the same affair."""

    first_published_at: Moment
    quoted: QuotedHeadline


class StoryAlert(Row):
    """An alert that the story caused."""

    rule: str
    state: str
    created_at: Moment


class StoryTold(ToolAnswer):
    """A story whole: who told it when, whom it names, what came before and after."""

    id: str
    address: str
    page: str
    merged_from: str = Field(
        default="", description="The id asked for, where it was merged."
    )
    spread_hours: Measure
    gap_hours: Measure | None
    articles: list[ArticleRow]
    companies: list[NamedRow]
    topics: list[NamedRow]
    affair: list[StoryLink]
    alerts: list[StoryAlert]
    quoted: QuotedHeadlines
