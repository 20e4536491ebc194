"""Rows on a company, topic or event type in a period.

``covered`` stands for the articles that count: those of one company with its brands and
subsidiaries, or those of one topic (``COVERED``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from transforms.models import (
    AliasRow,
    Burst,
    Facet,
    HeadlineLink,
    LevelShift,
    Query,
    StoryId,
    StorySize,
)
from transforms.pages.rows.stories import StoryTimes

R = TypeVar("R")

FILTERED = "a page counts what its filters leave, which no relation knows"
COVERED = {
    "companies": "pages.company_covered",
    "topics": "pages.topic_covered",
    "people": "pages.person_covered",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredDay:
    """Stories of a day, in total and by language."""

    day: date
    stories: int
    stories_en: int
    stories_zh: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredSums:
    """Stories of the period, by language, of its last seven days, and of seven before."""

    stories: int
    en: int
    zh: int
    both: int
    week: int
    before: int
    is_hardly_covered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredWord:
    """An alias by which articles named a company."""

    alias: str
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredStory(StorySize, StoryId):
    """A story that passes the filters; ``found`` is the total number."""

    last_at: datetime
    found: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredEvent:
    """Stories of an event type in seven days, with one of them and its headline."""

    week: date
    event_id: str
    stories: int
    story_id: str
    headline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredHeadline(HeadlineLink, StoryId):
    """A headline that names a person."""

    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredGap(StoryId):
    """First publication of a story in each language."""

    first_zh_at: datetime | None
    first_en_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectOfLate(Facet):
    """A subject with its stories of seven days, of the seven before, and of 28 by day."""

    sector: str
    previous: int
    days: tuple[int, ...]
    is_hardly_covered: bool


def _counted(name: str, row: type[R], *relations: str) -> Query[R]:
    return Query(name=f"pages.{name}", row=row, relations=relations, counts=FILTERED)


DAYS: Query[CoveredDay] = _counted("days", CoveredDay, "covered")
SUMS: Query[CoveredSums] = _counted("sums", CoveredSums, "covered")
OUTLETS: Query[Facet] = _counted("outlets", Facet, "covered")
TOPICS: Query[Facet] = _counted("topics", Facet, "covered", "coverage")
EVENTS: Query[CoveredEvent] = _counted(
    "events", CoveredEvent, "covered", "coverage", "articles"
)
COMPANIES: Query[Facet] = _counted(
    "companies", Facet, "covered", "company_coverage", "company_groups"
)
WITH: Query[Facet] = _counted(
    "with", Facet, "company_coverage", "company_groups", "covered"
)
WORDS: Query[CoveredWord] = _counted("words", CoveredWord, "company_coverage")
STORIES: Query[CoveredStory] = _counted(
    "stories", CoveredStory, "covered", "coverage", "company_coverage", "company_families"
)
HEADLINES = Query(
    name="pages.headlines_on", row=CoveredHeadline, relations=("covered", "articles")
)
GAPS = Query(name="pages.gaps", row=CoveredGap, relations=("dated_articles", "covered"))
BEGAN = Query(name="pages.began", row=StoryTimes, relations=("stories", "covered"))
BURSTS = Query(name="pages.bursts", row=Burst, relations=("bursts",))
SHIFTS = Query(name="pages.shifts", row=LevelShift, relations=("level_shifts",))
ALIASES = Query(name="pages.aliases", row=AliasRow, relations=("aliases",))
COMPANIES_OF_LATE = Query(
    name="pages.companies_of_late",
    row=SubjectOfLate,
    relations=("family_latest", "companies"),
)
TOPICS_OF_LATE = Query(
    name="pages.topics_of_late",
    row=SubjectOfLate,
    relations=("family_latest", "topics", "subjects_between"),
)
