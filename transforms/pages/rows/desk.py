"""What stands on every page, and what tells how the pipeline does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from transforms.models import Query

COUNTED = "what waits in the outbox is counted nowhere else"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectName:
    """A company, topic or event type and its names."""

    kind: str
    subject_id: str
    name: str
    name_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """An entity of the watchlist and the one it belongs to."""

    company_id: str
    parent_id: str | None
    kind: str
    sector: str
    country: str
    tickers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSpan:
    """The first and the last day with an article, and the newest one."""

    first_day: date | None
    last_day: date | None
    newest_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxAlert:
    """An alert and how far it got; channels and states go together."""

    alert_id: str
    rule_id: str
    kind: str
    company_id: str | None
    topic_id: str | None
    story_id: str | None
    article_id: str | None
    feed_id: str | None
    title: str
    title_zh: str | None
    url: str | None
    created_at: datetime
    state: str
    phase: str | None
    updates_alert_id: str | None
    step: str | None
    term: str | None
    severity: str | None
    publishers: int
    companies: tuple[str, ...]
    attempts: int
    channels: tuple[str, ...]
    states: tuple[str, ...]
    muted_by: str | None
    last_error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasSpan:
    """Where an article names a company."""

    article_id: str
    company_id: str
    field: str
    alias: str
    start: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """A feed, how it does and why."""

    feed_id: str
    publisher: str
    language: str
    url: str
    state: str
    reason: str
    last_success_at: datetime | None
    last_article_at: datetime | None
    usual_gap_hours: float | None
    silent_hours: float | None
    failures: int
    next_poll_at: datetime | None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertCounts:
    """How many alerts are parked, wait, and were decided in a period."""

    parked: int
    pending: int
    decided: int


SUBJECTS = Query(name="pages.subjects", row=SubjectName, relations=("subjects",))
ENTITIES = Query(name="pages.groups", row=Entity, relations=("companies",))
SPAN = Query(name="pages.span", row=RecordSpan, relations=("articles",))
INBOX = Query(
    name="pages.inbox",
    row=InboxAlert,
    relations=("alerts", "messages", "alert_deliveries"),
    counts=COUNTED,
)
SPANS = Query(name="pages.spans", row=AliasSpan, relations=("mentions",))
FEED_STATES = Query(
    name="pages.feed_states", row=FeedState, relations=("feed_health", "feeds")
)
POLLS = Query(name="pages.polls", row=FeedPoll, relations=("feed_polls",))
ALERT_COUNTS = Query(
    name="pages.newest_alerts", row=AlertCounts, relations=("alerts",), counts=COUNTED
)
