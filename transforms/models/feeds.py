"""Feeds, polls and runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from transforms.urls.identity import site_of

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
# States of feeds: what is wrong comes first.
FEED_STATES = ("dead", "failing", "quiet", "healthy", "paused")
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
    "too_large",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSelectors:
    """Selectors for reading a list that is not a feed.

    ``items`` finds the entries in the document, the others find each entry's
    parts in it: CSS selectors (``a@href`` for an attribute) in HTML, dotted
    paths (``data.list``) in JSON. Of several, the first that finds something
    counts. An empty ``title`` or ``link`` stands for where they usually are.
    """

    items: str
    title: tuple[str, ...] = ()
    link: tuple[str, ...] = ()
    guid: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    publisher: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A subscribed document: one entry of ``feeds.toml``.

    With ``selectors`` it is a page or a JSON answer that is no feed by itself;
    ``plain_sitemap`` takes addresses without titles out of a sitemap. ``full_text`` has the
    pages of its articles fetched, too. ``max_bytes`` is the limit of its document alone.
    ``also`` are further addresses of it; ``lacks`` is the setting without which it is off.
    """

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
    selectors: ListSelectors | None = None
    plain_sitemap: bool = False
    full_text: bool = False
    max_bytes: int | None = None
    also: tuple[str, ...] = ()
    lacks: str = ""

    @property
    def zone(self) -> str:
        """IANA zone for dates without one."""
        if self.timezone:
            return self.timezone
        return "Asia/Shanghai" if self.language.startswith("zh") else "UTC"

    @property
    def site(self) -> str:
        """Registered domain of its address; empty within a private network."""
        return site_of(self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """State after the last poll of a feed, sent or compared at the next.

    ``item_hashes`` are those of the items in the last document that was read,
    so that known items never reach the parser again.
    """

    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    item_hashes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Polling frequency that a document requests in its own head.

    ``ttl`` is a request, ``claim`` (``sy:updatePeriod``) only the feed's own update
    interval. Skipped hours and days (Monday is 0) are in UTC.
    """

    ttl: timedelta | None = None
    claim: timedelta | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Facts learnt about a feed from polls, beside its cursor.

    All of it is about ``url``, the configured address without its secrets. ``pace`` is
    the smoothed time between new entries, ``news_at`` when the newest one appeared,
    ``full_at`` the time of the last complete document. Validators are not sent until
    ``distrusted_until``. ``moved_to`` is the target of a permanent redirect; it is polled
    directly from ``adopted_at`` on. ``other_url`` is the second address that answered last
    and is polled instead, "" for none.
    """

    url: str = ""
    pace: timedelta | None = None
    news_at: datetime | None = None
    wishes: Wishes = Wishes()
    full_at: datetime | None = None
    distrusted_until: datetime | None = None
    error_score: float = 0.0
    gone_seen: int = 0
    moved_to: str = ""
    moved_seen: int = 0
    moved_since: datetime | None = None
    adopted_at: datetime | None = None
    other_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostHold:
    """A server's request to pause polls of its host ``until`` then."""

    host: str
    until: datetime
    asked_at: datetime
    feed_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One visit to a feed, with its outcome."""

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
    """One pass of the pipeline.

    On a shared warehouse ``feeds_version`` distinguishes the hosts' feed lists, ``shard``
    is the part of the feeds that the pass polls, as "1/2", and ``home`` the home on its
    host.
    """

    run_id: str
    started_at: datetime
    ended_at: datetime | None
    outcome: Literal["running", "completed", "failed", "offline", "crashed"]
    feeds: int
    new_articles: int
    alerts: int
    version: str
    rules_version: str
    feeds_version: str | None = None
    shard: str | None = None
    home: str | None = None
