"""What a sink needs besides the channel and the notice."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Protocol, TextIO

from connectors.feeds.names import DEFAULT_USER_AGENT
from transforms.models import Channel, Parcel

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """The surroundings of a delivery: where things are and what is allowed."""

    timeout: float
    allow_private: tuple[Network, ...]
    stream: TextIO
    home: Path
    user_agent: str = DEFAULT_USER_AGENT


class Sink(Protocol):
    """How a type of channel takes a parcel."""

    def __call__(self, channel: Channel, parcel: Parcel, outlet: Outlet) -> None:
        """Deliver, or raise a SinkError."""
