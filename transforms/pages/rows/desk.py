"""Rows for all pages of the desk: subjects, entities, feeds, metrics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from transforms.models import CompanyRow, Query, SubjectName


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSpan:
    """First and last day with an article, and the newest article's time."""

    first_day: date | None
    last_day: date | None
    newest_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt:
    """How many articles were looked at."""

    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """A feed with its health and the reason."""

    feed_id: str
    publisher: str
    language: str
    url: str
    site: str | None
    state: str
    reason: str
    last_success_at: datetime | None
    last_article_at: datetime | None
    usual_gap_hours: float | None
    silent_hours: float | None
    failures: int
    next_poll_at: datetime | None
    retry_after_at: datetime | None
    moved_to: str | None
    other_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedAnswers:
    """Feeds with one kind of answer: how many, since when, and who can mend them."""

    kind: str
    feeds: int
    since: datetime | None
    remedy_by: str
    feed_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPoll:
    """A poll of a feed."""

    feed_id: str
    polled_at: datetime
    outcome: str
    http_status: int | None
    duration_ms: int | None
    new_articles: int
    error: str | None


@dataclass(frozen=True, slots=True)
class StockLine:
    """A summary that an outlet gives to whatever it tells."""

    publisher: str
    summary: str


SUBJECTS = Query(name="pages.subjects", row=SubjectName, relations=("subjects",))


ENTITIES = Query(name="pages.groups", row=CompanyRow, relations=("companies",))


SPAN = Query(name="pages.span", row=RecordSpan, relations=("articles",))


LOOKED_AT = Query(
    name="pages.looked_at",
    row=LookedAt,
    relations=("articles",),
    counts="how many were looked at is told where nothing was found",
)


STOCK = Query(
    name="pages.stock",
    row=StockLine,
    relations=("articles",),
    counts="how often an outlet repeats itself is shown nowhere",
)


FEED_STATES = Query(
    name="pages.feed_states", row=FeedState, relations=("feed_health", "feeds")
)


FEED_ANSWERS = Query(
    name="pages.feed_answers", row=FeedAnswers, relations=("feed_answers",)
)


POLLS = Query(name="pages.polls", row=FeedPoll, relations=("feed_polls",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A metric of the pipeline, with its label."""

    metric: str
    label: str
    value: float | None


def _part(name: str, *relations: str) -> Query[Measured]:
    return Query(
        name=f"metrics.{name}",
        row=Measured,
        relations=relations,
        counts="no page counts these for a machine",
    )


PARTS = (
    _part("articles", "articles"),
    _part("runs", "runs", "run_hosts"),
    Query(name="metrics.hosts", row=Measured, relations=("host_runs", "shard_reads")),
    _part("polls", "feed_polls"),
    _part("feeds", "feed_health"),
    _part("alerts", "alerts"),
    _part("deliveries", "alert_latency"),
    _part("verdicts", "verdicts"),
)
