"""Outbox as its planner sees it: waiting messages, sendings and holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from transforms.models.alerts import Held, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An undelivered message with the data that decide its sending time.

    ``seq`` is its place in the order of arrival, which is the order within a channel.
    ``held`` is the reason of its hold, or of the digest ``bundle_id``. ``is_left`` says
    that a deliverer's lease ended without a result: the message may have arrived.
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
    """A unit sent to a channel: a message, or the members of a digest.

    ``bundle_id`` is None for a single message, or its own id if it may have arrived, so
    that it stays single. ``why`` is the reason of a digest.
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
    """A message held until a moment, with the reason."""

    message_id: str
    why: Held
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPlan:
    """Plan for the waiting messages: those to send now and those to hold.

    Sendings are in the order of each channel. Messages in neither list wait for their
    channel.
    """

    sendings: tuple[Sending, ...] = ()
    holds: tuple[Hold, ...] = ()
