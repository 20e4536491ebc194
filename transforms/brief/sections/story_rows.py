"""Rows of leading stories and of their articles."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from transforms.brief.draft import Headlines
from transforms.brief.ranking import LeadCandidate
from transforms.models import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Story(Headlines):
    """A story of the period, with its coverage up to the end.

    ``outlets``, ``languages`` and ``titles`` are those of the period; ``subjects`` are the
    companies that it is about, ``companies`` all that it names. Of one that tells what a
    state does, ``act`` is that, ``measure`` the affair, by side, thing and target side, and
    ``status`` how far it has come.
    """

    story_id: str
    first_publisher: str
    first_published_at: datetime
    first_en_at: datetime | None
    first_zh_at: datetime | None
    articles: int
    publishers: int
    outlets: tuple[str, ...]
    languages: tuple[str, ...]
    titles: tuple[str, ...]
    companies: tuple[str, ...]
    subjects: tuple[str, ...]
    relevance: float
    is_reported: bool
    topics: tuple[str, ...]
    events: tuple[str, ...]
    affairs: tuple[str, ...]
    act: str
    measure: str
    status: str

    def candidate(self, bursts: Collection[str]) -> LeadCandidate:
        """Return the input of the ranking; *bursts* are the companies with a burst."""
        return LeadCandidate(
            story_id=self.story_id,
            titles=self.titles,
            publishers=self.outlets,
            languages=self.languages,
            articles=self.articles,
            subjects=self.subjects,
            named=self.companies,
            topics=self.topics,
            events=self.events,
            relevance=self.relevance,
            is_reported=self.is_reported,
            affairs=self.affairs,
            act=self.act,
            measure=self.measure,
            is_answer=self.status == "answered",
            bursts=tuple(name for name in self.subjects if name in bursts),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryArticle:
    """An article of a story in order of publication, with its translation."""

    story_id: str
    article_id: str
    title: str
    summary: str
    url: str
    publisher: str
    language: str
    made_en: str | None
    made_zh: str | None
    topics: tuple[str, ...]


STORIES = Query(
    name="brief.stories",
    row=Story,
    relations=(
        "articles",
        "article_days",
        "coverage",
        "story_affairs",
        "told_measures_between",
        "outlet_columns",
        "headlines_of",
    ),
    counts="a story is ranked by what was told of it up to the end of the period",
)
# Its parameter is a list of stories, so it is asked after them and not shown as SQL.
ARTICLES = Query(
    name="brief.story_articles",
    row=StoryArticle,
    relations=("articles", "coverage", "translations"),
)
