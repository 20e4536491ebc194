"""How the fetcher behaves: one set of numbers a run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from connectors.net.guard import Network
from connectors.net.user_agent import DEFAULT_USER_AGENT


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchOptions:
    """What bounds a run's fetching and parsing.

    ``allow_private`` opens internal networks; hosts there are not spaced either.
    """

    user_agent: str = DEFAULT_USER_AGENT
    timeout: float = 20.0
    max_bytes: int = 5_000_000
    # Measured on local feeds: more in flight gains nothing, fewer waits on slow hosts.
    concurrency: int = 64
    # With two, one slow answer does not hold up all feeds of a host; more would be a load.
    per_host: int = 2
    spacing: float = 1.0
    allow_private: tuple[Network, ...] = ()
    proxy: str | None = None
    # Between polls of a feed: of unknown pace, of the liveliest, of the slowest.
    default_poll: timedelta = timedelta(minutes=30)
    shortest_poll: timedelta = timedelta(minutes=15)
    longest_poll: timedelta = timedelta(hours=6)
    # A 5 MB feed takes about a second; one that takes ten is an attack.
    parse_deadline: float = 10.0
    parsers: int | None = None
    # New entries that a poll reads: news sitemaps have up to 1,000, Google News 500. The
    # next polls take the rest.
    entries_per_poll: int = 2_000
