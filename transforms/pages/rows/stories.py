"""Rows of stories: articles, names, topics, and steps of developing stories."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from transforms.models import (
    DayCount,
    EarlierWording,
    Facet,
    PublishedArticle,
    Query,
    StoryId,
    StoryOf,
    Subject,
    Translated,
)

OF_FAMILIES = "a firm with its brands is counted of the stories that a macro lists"
BY_IDS = "a story's page and a list of stories count the same articles"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldArticle(PublishedArticle, StoryId):
    """An article of a story; ``zone`` is its feed's, if known.

    ``speaks`` ranks its headline as the story's headline.
    """

    speaks: int
    zone: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryTimes:
    """First and last publication in some stories; None without any."""

    began_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageExcerpt:
    """Beginning of an article's page."""

    article_id: str
    beginning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedIn:
    """A company named in articles, with the matched aliases."""

    company_id: str
    articles: int
    is_subject: bool
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatedIn:
    """A topic or event type of articles, with a matched term."""

    topic_id: str
    kind: str
    articles: int
    term: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AffairStep:
    """Another story of an affair, with its step and the step of the requested story."""

    affair_id: str
    story_id: str
    step: int
    own_step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedStory(StoryId):
    """A story that went into another, with the headline of the article that named it."""

    merged_at: datetime
    title: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedSubject(Subject):
    """A company or topic, with its stories in a period and in the one before."""

    stories: int
    previous: int


ARTICLES_OF = Query(
    name="pages.articles_of",
    row=ToldArticle,
    relations=("articles", "feeds", "chosen_headlines"),
)
OF_DAYS = Query(
    name="pages.of_days",
    row=DayCount,
    relations=("family_stories_every",),
    counts=OF_FAMILIES,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysAround:
    """The nearest days with articles before a day and after it."""

    before: date | None
    after: date | None


DAYS_AROUND = Query(name="pages.days_around", row=DaysAround, relations=("dated_articles",))
ANY_STORY = Query(name="pages.any_story", row=StoryId, relations=("dated_articles",))
STORIES_OF = Query(name="pages.stories_of", row=StoryOf, relations=("articles",))
TOLD = Query(name="pages.told", row=StoryTimes, relations=("stories",))
OFF_BEAT = Query(name="pages.off_beat", row=StoryId, relations=("stories",))
WORDINGS = Query(
    name="pages.wordings",
    row=EarlierWording,
    relations=("article_versions",),
    counts=BY_IDS,
)
EXCERPTS = Query(name="pages.excerpts", row=PageExcerpt, relations=("full_texts",))
TRANSLATED = Query(name="pages.translated", row=Translated, relations=("translations",))
NAMED_IN = Query(
    name="pages.named_in", row=NamedIn, relations=("company_coverage",), counts=BY_IDS
)
NAMED_IN_DIGESTS = Query(
    name="pages.named_in_digests",
    row=NamedIn,
    relations=("named_mentions",),
    counts=BY_IDS,
)
TREATED_IN = Query(
    name="pages.treated_in", row=TreatedIn, relations=("coverage",), counts=BY_IDS
)
AFFAIR = Query(name="pages.affair", row=AffairStep, relations=("story_affairs",))
JOINED = Query(
    name="pages.joined", row=JoinedStory, relations=("story_merges", "stories", "articles")
)
PARTED = Query(name="pages.parted", row=StoryId, relations=("story_splits", "stories"))
MOST_NAMED = Query(
    name="pages.most_named",
    row=Facet,
    relations=("family_stories_every", "companies", "competing_groups"),
    counts=OF_FAMILIES,
)
CHANGED = Query(
    name="pages.changed",
    row=ChangedSubject,
    relations=("family_stories_every", "companies", "competing_groups"),
    counts=OF_FAMILIES,
)
