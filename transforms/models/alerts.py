"""Alerts: who wants to hear of what, the decision, and the way to a channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from transforms.models.watchlist import TextField

AlertKind = Literal["mention", "burst", "silence"]
AlertState = Literal["pending", "delivered", "parked", "suppressed"]
DeliveryOutcome = Literal["delivered", "retry", "parked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Who wants to hear of what: one ``[rule.<id>]`` of ``alerts.toml``.

    ``companies`` is already widened to brands and subsidiaries unless the rule
    is exact. Empty sets do not restrict. ``about`` leaves out articles that only
    name a company. ``namesakes`` are the other people whose names hold one of ``people``.
    """

    rule_id: str
    kind: AlertKind = "mention"
    companies: frozenset[str] = frozenset()
    about: bool = False
    topics: frozenset[str] = frozenset()
    terms: tuple[str, ...] = ()
    people: frozenset[str] = frozenset()
    namesakes: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    feeds: frozenset[str] = frozenset()
    fields: tuple[TextField, ...] = ("title", "summary")
    min_publishers: int = 1
    max_age: timedelta = timedelta(hours=72)
    cooldown: timedelta = timedelta(0)
    channels: tuple[str, ...] = ()


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
