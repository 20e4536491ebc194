"""Rows of the lists: acts of states, claims, official acts, developing stories, dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from transforms.models import ClaimKey, Query, StoryOf
from transforms.models.calendar import DueDate
from transforms.models.measures import Measure
from transforms.pages.stories import Headline, ToldStory, headlines
from transforms.pages.words import PageWords

# Stories that are shown under an act; the others are on the story's page.
SHOWN = 4
# A claim is open for 30 days; what became of it is told by so many after its own.
AROUND = timedelta(days=31)


@dataclass(frozen=True, kw_only=True)
class _FirstReport:
    measure_id: str
    story_id: str
    first_reported_at: datetime
    day: date


@dataclass(frozen=True, kw_only=True)
class ActRow(Measure, _FirstReport):
    """An act of a state, with its place in a thread of ``steps`` acts.

    Its first report comes first, since the last base of a dataclass has the first fields.
    """

    answers: str | None
    sentence: str
    language: str
    article_id: str
    first_publisher: str
    articles: int
    stories: tuple[str, ...]
    thread_id: str
    step: int
    steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow(ClaimKey):
    """What was told of a firm, and what became of it."""

    first_reported_at: datetime
    first_publisher: str
    basis: str
    modality: str
    outcome: str
    settled_at: datetime | None
    settled_by: str | None
    settled_headline: str | None
    settled_language: str | None
    settled_story: str | None
    sentence: str
    language: str
    cue: str
    publishers: int
    article_id: str
    age_hours: float


MEASURES = Query(
    name="pages.measures", row=ActRow, relations=("new_measures_between", "articles")
)
HITS = Query(
    name="pages.hits",
    row=ActRow,
    relations=("measures_of", "covered", "article_measures", "articles"),
)
CLAIMS_ON = Query(
    name="pages.claims_on",
    row=ClaimRow,
    relations=("claims_of", "covered", "article_claims", "articles"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InLedgers:
    """Whether any article of a story tells of an act, or of what a firm is said to do."""

    acts: bool
    claims: bool


IN_LEDGERS = Query(
    name="pages.in_ledgers", row=InLedgers, relations=("article_measures", "article_claims")
)
THREAD = Query(
    name="pages.acts_of_story",
    row=ActRow,
    relations=("measures_of", "article_measures", "articles"),
)
CLAIMS_OF = Query(
    name="pages.claims_of_story", row=ClaimRow, relations=("claims_of", "articles")
)
CLAIMS = Query(name="pages.claims", row=ClaimRow, relations=("claims_between", "articles"))


def body_of(words: PageWords, states: Mapping[str, frozenset[str]], act: ActRow) -> str:
    """Return the body that acts for a side; "" if it is the state itself.

    *states* is what the state of each side is called.
    """
    return "" if act.actor.lower() in states.get(act.side, ()) else words.name(act.actor)


def record(row: Any) -> dict[str, Any]:
    """Return a row as one of the page's data table."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(row).items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Development:
    """A developing story of ``turns`` stories, by the newest of them."""

    affair_id: str
    story_id: str
    company: str | None
    topic: str | None
    turns: int
    turned_at: datetime
    headline: str
    language: str
    first_publisher: str
    publishers: int
    began_at: datetime
    first_story: str
    first_headline: str


CALENDAR = Query(name="pages.calendar", row=DueDate, relations=("dates_due",))
DEVELOPING = Query(
    name="pages.developing",
    row=Development,
    relations=("story_affairs", "stories", "articles"),
)


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
class ActStory(StoryOf):
    """A press story on an act: its own, or a later one of its affair."""

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


def act_record(act: OfficialAct) -> dict[str, Any]:
    """Return an act as a row of the page's data table."""
    hours = act.hours_to_press
    rounded = {"hours_to_press": None if hours is None else round(hours, 3)}
    return {**asdict(act), "companies": list(act.companies), **rounded}
