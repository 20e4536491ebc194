"""What a sink needs besides the channel and the notice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import TextIO

from connectors.feeds.names import DEFAULT_USER_AGENT
from transforms.models import Channel, Notice

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """The surroundings of a delivery: where things are and what is allowed."""

    timeout: float
    allow_private: tuple[Network, ...]
    stream: TextIO
    home: Path
    user_agent: str = DEFAULT_USER_AGENT


Sink = Callable[[Channel, Notice, Outlet], None]
