"""Rows on a company, topic or event type in a period.

``covered`` stands for the articles that count: those of one company with its brands and
subsidiaries, or those of one topic (``COVERED``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from transforms.models import Query
from transforms.pages.rows.stories import NamedOften, StoryTimes

R = TypeVar("R")

FILTERED = "a page counts what its filters leave, which no relation knows"
COVERED = {"company": "pages.company_covered", "topic": "pages.topic_covered"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredDay:
    """Stories of a day, in total and by language."""

    day: date
    stories: int
    stories_en: int
    stories_zh: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredOutlet:
    """An outlet with its number of stories."""

    publisher: str
    stories: int
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredTopic:
    """A topic or event type with its number of stories."""

    topic_id: str
    kind: str
    stories: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredWord:
    """An alias by which articles named a company."""

    alias: str
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredStory:
    """A story that passes the filters; ``found`` is the total number."""

    story_id: str
    articles: int
    publishers: int
    last_at: datetime
    found: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredGap:
    """First publication of a story in each language."""

    story_id: str
    first_zh_at: datetime | None
    first_en_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BurstDay:
    """A day far above a subject's own level."""

    subject_id: str
    day: date
    observed: int
    expected: float
    q: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LastingChange:
    """A subject's latest level shift."""

    subject_id: str
    since: date
    until: date
    before: float
    after: float
    ratio: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAlias:
    """An alias of a company."""

    company_id: str
    alias: str
    script: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekShare:
    """A group's share of the company-stories of seven days, with its 95 % interval."""

    start: date
    stories: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyOfLate:
    """A company, brand or body with its stories of seven days, and of 28 by day."""

    company_id: str
    kind: str
    sector: str
    stories: int
    previous: int
    days: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicOfLate:
    """A topic or event type with its stories of seven days, and of 28 by day."""

    topic_id: str
    kind: str
    stories: int
    previous: int
    days: tuple[int, ...]


def _counted(name: str, row: type[R], *relations: str) -> Query[R]:
    return Query(name=f"pages.{name}", row=row, relations=relations, counts=FILTERED)


DAYS: Query[CoveredDay] = _counted("days", CoveredDay, "covered")
OUTLETS: Query[CoveredOutlet] = _counted("outlets", CoveredOutlet, "covered")
TOPICS: Query[CoveredTopic] = _counted("topics", CoveredTopic, "covered", "coverage")
COMPANIES: Query[NamedOften] = _counted(
    "companies", NamedOften, "covered", "company_coverage"
)
WITH: Query[NamedOften] = _counted("with", NamedOften, "company_coverage", "covered")
WORDS: Query[CoveredWord] = _counted("words", CoveredWord, "company_coverage")
STORIES: Query[CoveredStory] = _counted(
    "stories", CoveredStory, "covered", "coverage", "company_coverage"
)
GAPS: Query[CoveredGap] = Query(
    name="pages.gaps", row=CoveredGap, relations=("dated_articles", "covered")
)
BEGAN: Query[StoryTimes] = Query(
    name="pages.began", row=StoryTimes, relations=("stories", "covered")
)
BURSTS: Query[BurstDay] = Query(name="pages.bursts", row=BurstDay, relations=("bursts",))
SHIFTS: Query[LastingChange] = Query(
    name="pages.shifts", row=LastingChange, relations=("level_shifts",)
)
ALIASES: Query[KnownAlias] = Query(
    name="pages.aliases", row=KnownAlias, relations=("aliases",)
)
SHARES: Query[WeekShare] = Query(
    name="pages.shares", row=WeekShare, relations=("share_every",)
)
COMPANIES_OF_LATE: Query[CompanyOfLate] = Query(
    name="pages.companies_of_late",
    row=CompanyOfLate,
    relations=("companies", "changes_between", "sparks_between"),
)
TOPICS_OF_LATE: Query[TopicOfLate] = Query(
    name="pages.topics_of_late",
    row=TopicOfLate,
    relations=("topics", "changes_between", "sparks_between"),
)
