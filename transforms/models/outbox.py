"""The outbox as its planner sees it: what waits, what goes out, what is held back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from transforms.models.alerts import Held, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A message that has not arrived yet, with what decides when it may go out.

    ``seq`` is its place in the order of arrival, which is the order within a channel.
    ``held`` says what kept it back so far, or what gathered the digest ``bundle_id``.
    ``is_left`` says that a deliverer took it and never said what became of it: it may
    have arrived.
    """

    message_id: str
    channel_id: str
    rule_id: str
    severity: Severity
    seq: int
    created_at: datetime
    attempts: int = 0
    next_attempt_at: datetime | None = None
    held: Held | None = None
    bundle_id: str | None = None
    is_left: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What goes out to a channel as one: a message, or the members of a digest.

    ``bundle_id`` is None for a single message, or its own id where it may have arrived,
    so that it stays single. ``why`` says what gathered a digest.
    """

    channel_id: str
    message_ids: tuple[str, ...]
    bundle_id: str | None = None
    why: Held | None = None

    @property
    def key(self) -> str:
        """The idempotency key that the receiver sees."""
        return self.bundle_id or self.message_ids[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A message that is kept back until a moment, and what keeps it."""

    message_id: str
    why: Held
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPlan:
    """What to do with the messages that wait: send these now, hold those.

    Sendings are in the order of each channel. What is in neither waits for its channel.
    """

    sendings: tuple[Sending, ...] = ()
    holds: tuple[Hold, ...] = ()
