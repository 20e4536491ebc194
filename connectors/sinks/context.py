"""The sink protocol, the context of a delivery, and its errors.

SinkError
├── TransientSinkError   worth another try: timeouts, 429, 5xx, a full disk
└── PermanentSinkError   another try will not help until somebody changes something

Messages name the channel and never its address, which may be a secret.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TextIO

from connectors.net.headers import DEFAULT_USER_AGENT
from transforms.alerts.rules.channels import ChannelKeys
from transforms.models import Channel, Parcel

if TYPE_CHECKING:
    from connectors.net.guard import Network

Send = Callable[[Parcel], None]


class Sink(Protocol):
    """Opener of a type of channel; it yields a function that delivers one parcel."""

    def __call__(
        self, channel: Channel, context: SinkContext
    ) -> AbstractContextManager[Send]:
        """Open *channel* for the thread that enters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelType(ChannelKeys):
    """A type of channel: its keys in alerts.toml, and its opener."""

    open: Sink


@dataclass(frozen=True, slots=True, kw_only=True)
class SinkContext:
    """The context of a delivery: paths, limits and permissions.

    ``channels`` are types that somebody else brings: only flows know Prefect.
    ``umask`` is what files for readers go by; the process's own may be narrower just now.
    In ``data`` nothing is made for readers. Lines of ``stream`` have ``width`` cells, None
    where they are as long as they come.
    """

    timeout: float
    allow_private: tuple[Network, ...]
    stream: TextIO
    home: Path
    width: int | None = None
    user_agent: str = DEFAULT_USER_AGENT
    umask: int = 0o022
    data: Path | None = None
    channels: Mapping[str, ChannelType] = field(default_factory=dict)


def each(send: Callable[[Channel, Parcel, SinkContext], None]) -> Sink:
    """Return a sink that delivers each parcel separately through *send*."""

    @contextmanager
    def sink(channel: Channel, context: SinkContext) -> Iterator[Send]:
        def deliver(parcel: Parcel) -> None:
            send(channel, parcel, context)

        yield deliver

    return sink


class SinkError(Exception):
    """A channel did not accept an alert."""

    def __init__(self, channel_id: str, reason: str) -> None:
        super().__init__(channel_id, reason)
        self.channel_id = channel_id
        self.reason = reason

    def __str__(self) -> str:
        return f"channel {self.channel_id}: {self.reason}"


class TransientSinkError(SinkError):
    """The channel may accept it later, after ``retry_after`` seconds if known."""

    def __init__(
        self, channel_id: str, reason: str, *, retry_after: float | None = None
    ) -> None:
        super().__init__(channel_id, reason)
        self.retry_after = retry_after


class PermanentSinkError(SinkError):
    """A retry will not help until a person changes something."""
