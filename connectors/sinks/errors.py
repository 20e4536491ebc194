"""What can go wrong with handing over an alert.

SinkError
├── TransientSinkError   worth another try: timeouts, 429, 5xx, a full disk
└── PermanentSinkError   another try will not help until somebody changes something

Messages name the channel and never its address, which may be a secret.
"""

from __future__ import annotations


class SinkError(Exception):
    """A channel did not take an alert."""

    def __init__(self, channel_id: str, reason: str) -> None:
        super().__init__(channel_id, reason)
        self.channel_id = channel_id
        self.reason = reason

    def __str__(self) -> str:
        return f"channel {self.channel_id}: {self.reason}"


class TransientSinkError(SinkError):
    """The channel may take it later, after ``retry_after`` seconds if it said so."""

    def __init__(
        self, channel_id: str, reason: str, *, retry_after: float | None = None
    ) -> None:
        super().__init__(channel_id, reason)
        self.retry_after = retry_after


class PermanentSinkError(SinkError):
    """Trying again will not help until a person changes something."""
