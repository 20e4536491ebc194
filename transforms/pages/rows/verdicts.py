"""What a verdict can be about, and the verdicts that were given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from transforms.models import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedArticle:
    """An article of a story with what was found in it."""

    article_id: str
    story_id: str
    title: str
    language: str
    publisher: str
    published_at: datetime
    is_digest: bool
    is_on_beat: bool
    is_shown: bool
    companies: tuple[str, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LikeStory:
    """A story that may be the same event as another."""

    story_id: str
    headline: str
    first_publisher: str
    first_published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedAlert:
    """An alert that was wanted or not."""

    alert_id: str
    rule_id: str
    title: str
    story_id: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldVerdict:
    """A verdict, with the words of what it is about.

    Of two articles ``is_one`` says whether they are in one story today.
    """

    verdict_id: int
    made_at: datetime
    by: str
    subject_id: str
    kind: str
    value: str
    scope: str
    why: str
    undone_at: datetime | None
    title: str | None
    language: str | None
    story_id: str | None
    other_title: str | None
    is_one: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """How much of what a rule, an outlet or an event type brought was wanted."""

    part: str
    id: str
    wanted: int
    judged: int
    share: float
    low: float
    high: float
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """The teaching that stands; ``report`` is what was said of it, as JSON."""

    teaching_id: int
    taught_at: datetime
    by: str
    verdicts: int
    report: str


PRECISION = Query(name="pages.precision", row=Precision, relations=("verdict_precision",))
TAUGHT = Query(name="taught.newest", row=Taught, relations=("teachings",))
JUDGED = Query(
    name="pages.judged",
    row=JudgedArticle,
    relations=("articles", "stories", "named_mentions", "tags"),
)
LIKE_STORIES = Query(
    name="pages.like_stories",
    row=LikeStory,
    relations=("stories", "story_companies"),
    counts="how many companies two stories share orders a list alone",
)
JUDGED_ALERT = Query(name="pages.judged_alert", row=JudgedAlert, relations=("alerts",))
VERDICTS = Query(
    name="pages.verdicts", row=ToldVerdict, relations=("verdicts", "articles", "alerts")
)
