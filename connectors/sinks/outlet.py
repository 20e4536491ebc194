"""The sink protocol, and the surroundings that a sink is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TextIO

from connectors.net.user_agent import DEFAULT_USER_AGENT
from transforms.alerts.rules.channels import ChannelKeys
from transforms.models import Channel, Parcel

if TYPE_CHECKING:
    from connectors.net.guard import Network

Send = Callable[[Parcel], None]


class Sink(Protocol):
    """How a type of channel is opened: what it yields delivers one parcel."""

    def __call__(self, channel: Channel, outlet: Outlet) -> AbstractContextManager[Send]:
        """Open *channel* for the thread that enters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelType(ChannelKeys):
    """A type of channel: how it is written in alerts.toml, and how it is opened."""

    open: Sink


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """The surroundings of a delivery: where things are and what is allowed.

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


def each(send: Callable[[Channel, Parcel, Outlet], None]) -> Sink:
    """Return the sink that delivers every parcel by itself through *send*."""

    @contextmanager
    def sink(channel: Channel, outlet: Outlet) -> Iterator[Send]:
        def deliver(parcel: Parcel) -> None:
            send(channel, parcel, outlet)

        yield deliver

    return sink
