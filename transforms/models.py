"""The nouns of sinowire: frozen records that pass between the packages.

Every arrow in docs/architecture.md carries one of these. Instants are
timezone-aware and in UTC; an empty string means "not known" where a field is
not optional.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

FeedKind = Literal[
    "news",
    "official",
    "regulator",
    "newsletter",
    "company",
    "aggregator",
    "community",
    "research",
    "blog",
]
Outcome = Literal[
    "new",
    "unchanged",
    "empty",
    "not_a_feed",
    "challenge",
    "undated",
    "stale_copy",
    "gone",
    "moved",
    "transient_error",
    "permanent_error",
]
DateOrigin = Literal["published", "updated", "relative", "url", "first_seen"]
Script = Literal["latin", "hans", "hant", "other"]
TextField = Literal["title", "summary", "content"]
TopicKind = Literal["topic", "event"]
AlertKind = Literal["mention", "burst", "silence"]
AlertState = Literal["pending", "delivered", "parked", "suppressed"]
DeliveryOutcome = Literal["delivered", "retry", "parked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A subscribed document: one entry of ``feeds.toml``."""

    feed_id: str
    url: str
    publisher: str = ""
    language: str = ""
    region: str = ""
    kind: FeedKind = "news"
    timezone: str = ""
    enabled: bool = True
    poll: timedelta | None = None
    max_silence: timedelta | None = None
    proxy: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    note: str = ""

    @property
    def zone(self) -> str:
        """The IANA zone of dates that carry none of their own."""
        if self.timezone:
            return self.timezone
        return "Asia/Shanghai" if self.language.startswith("zh") else "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """What the last poll of a feed left behind, to be sent or compared next time.

    ``item_hashes`` are those of the items in the last document that was read,
    so that known items never reach the parser again.
    """

    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    item_hashes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An item as the feed published it: HTML is kept, links are absolute.

    ``published_raw`` and ``updated_raw`` are the dates' own text;
    ``published_from`` says where ``published_at`` was read from.
    """

    guid: str
    url: str
    title: str
    summary: str = ""
    content: str = ""
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_raw: str = ""
    published_from: DateOrigin = "published"
    updated_at: datetime | None = None
    updated_raw: str = ""
    categories: tuple[str, ...] = ()
    language: str = ""
    publisher: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One piece of coverage at one canonical URL; all text is plain."""

    article_id: str
    feed_id: str
    url: str
    title: str
    summary: str
    content: str | None
    language: str
    script: Script
    is_digest: bool
    publisher: str
    authors: tuple[str, ...]
    published_at: datetime
    published_raw: str
    published_from: DateOrigin
    first_seen_at: datetime
    content_hash: str
    search_text: str
    story_id: str = ""
    story_keys: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An article seen in a feed under one link, as the entry carried it."""

    article_id: str
    feed_id: str
    guid: str
    url: str
    first_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleVersion:
    """The headline and text of an article at one moment."""

    article_id: str
    seen_at: datetime
    title: str
    summary: str
    content_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A company named in one field of an article: its first alias there.

    ``start`` and ``length`` count characters of the field as stored.
    """

    article_id: str
    company_id: str
    field: TextField
    alias: str
    start: int
    length: int
    rules_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A topic or event type of an article, with the heaviest term that spoke for it."""

    article_id: str
    topic_id: str
    kind: TopicKind
    term: str
    score: float
    rules_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyRow:
    """An entity of the watchlist as the warehouse keeps it."""

    company_id: str
    name: str
    name_zh: str
    kind: str
    sector: str
    parent_id: str | None
    tickers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasRow:
    """A way to write a company's name; ``rule`` says in words when it counts."""

    company_id: str
    alias: str
    script: Script
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRow:
    """A topic or event type of the watchlist as the warehouse keeps it."""

    topic_id: str
    kind: TopicKind
    name: str
    name_zh: str
    parent_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMember:
    """What clustering must know of an article that has a story already."""

    article_id: str
    story_id: str
    title: str
    language: str
    publisher: str
    published_at: datetime
    story_keys: tuple[int, ...]
    companies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One visit to a feed and how it ended."""

    feed_id: str
    run_id: str
    polled_at: datetime
    outcome: Outcome
    http_status: int | None = None
    duration_ms: int = 0
    bytes: int = 0
    entries: int = 0
    new_articles: int = 0
    error: str | None = None
    next_poll_at: datetime | None = None
    retry_after_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One pass of the pipeline."""

    run_id: str
    started_at: datetime
    ended_at: datetime | None
    outcome: Literal["running", "completed", "failed", "crashed"]
    feeds: int
    new_articles: int
    alerts: int
    version: str
    rules_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """The decision that someone should hear of something."""

    alert_id: str
    rule_id: str
    kind: AlertKind
    company_id: str | None
    topic_id: str | None
    story_id: str | None
    article_id: str | None
    title: str
    url: str
    created_at: datetime
    state: AlertState
    rules_version: str
    updates_alert_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One alert on its way to one channel: a row of the outbox.

    ``message_id`` is derived from alert and channel, and is the idempotency
    key that receivers see.
    """

    message_id: str
    alert_id: str
    channel_id: str
    created_at: datetime
    attempts: int = 0
    next_attempt_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a channel shows of an alert: the alert with the words around it."""

    message_id: str
    alert: Alert
    channel_id: str
    attempt: int
    company_name: str = ""
    company_name_zh: str = ""
    publisher: str = ""
    language: str = ""
    summary: str = ""
    published_at: datetime | None = None
    alias: str = ""
    publishers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One attempt to hand a message to its channel."""

    message_id: str
    alert_id: str
    channel_id: str
    attempt: int
    attempted_at: datetime
    outcome: DeliveryOutcome
    error: str | None = None
    next_attempt_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """Stories on one subject in one reporting day, the raw material of bursts."""

    subject_id: str
    kind: Literal["company", "topic"]
    day: date
    stories: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """A subject's day far above its own recent level; p and q are one-sided."""

    subject_id: str
    kind: Literal["company", "topic"]
    day: date
    observed: int
    expected: float
    p: float
    q: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergingTerm:
    """A term used this week far more than in the weeks before."""

    week: date
    term: str
    language: str
    count: int
    z: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A destination of alerts, as ``alerts.toml`` names it.

    ``address`` may be a secret: it is never logged, shown or stored. ``private``
    says that it may lie in a private network.
    """

    channel_id: str
    type: Literal["console", "file", "webhook", "apprise"]
    address: str = field(default="", repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Who wants to hear of what: one ``[rule.<id>]`` of ``alerts.toml``.

    ``companies`` is already widened to brands and subsidiaries unless the rule
    is exact. Empty sets do not restrict.
    """

    rule_id: str
    kind: AlertKind = "mention"
    companies: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    terms: tuple[str, ...] = ()
    people: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    feeds: frozenset[str] = frozenset()
    fields: tuple[TextField, ...] = ("title", "summary")
    min_publishers: int = 1
    max_age: timedelta = timedelta(hours=72)
    cooldown: timedelta = timedelta(0)
    channels: tuple[str, ...] = ()
