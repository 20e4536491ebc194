"""How the fetcher behaves: one set of numbers a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from ipaddress import IPv4Network, IPv6Network

Network = IPv4Network | IPv6Network


@cache
def default_user_agent() -> str:
    """Return how we name ourselves where nobody set a name."""
    try:
        release = version("sinowire")
    except PackageNotFoundError:
        release = "0"
    return f"sinowire/{release} (+https://sinowire.example; news monitor)"


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchOptions:
    """What bounds a run's fetching and parsing.

    ``allow_private`` opens internal networks; hosts there are not spaced either.
    """

    user_agent: str = field(default_factory=default_user_agent)
    timeout: float = 20.0
    max_bytes: int = 5_000_000
    # Measured on local feeds: more in flight gains nothing, fewer waits on slow hosts.
    concurrency: int = 64
    per_host: int = 2
    spacing: float = 1.0
    allow_private: tuple[Network, ...] = ()
    proxy: str | None = None
    default_poll: timedelta = timedelta(minutes=30)
    # A 5 MB feed takes about a second; what takes ten was made to.
    parse_deadline: float = 10.0
    parsers: int | None = None
