"""Which of several machines polls a feed: shards, by the host that the feed lies on.

All feeds of a host are in one shard, so one process spaces the requests to that host, and
is the one that the host tells to wait (``Retry-After``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import blake2b
from typing import NamedTuple
from urllib.parse import urlsplit

# More shards than a network has machines; a slip of the finger makes no thousand of them.
MOST_SHARDS = 64
_FORM = re.compile(r"([0-9]{1,9})/([0-9]{1,9})")


class Shard(NamedTuple):
    """Shard *number* of so many, the first one is 1; as text "1/2"."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def holds(self, url: str) -> bool:
        """Return whether a feed at *url* is in this shard; each feed is in one."""
        host = _host(url).encode()
        # Python's own hash differs from process to process.
        drawn = int.from_bytes(blake2b(host, digest_size=8).digest(), "big")
        return drawn % self.of == self.number - 1


def parse_shard(text: str) -> Shard:
    """Return the shard that *text* names, as "1/2" does the first of two.

    Raises:
        ValueError: It names none; says what is wrong with it.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is not K/N, such as 1/2 for the first of two shards")
    shard = Shard(int(found[1]), int(found[2]))
    if not 1 <= shard.of <= MOST_SHARDS:
        raise ValueError(f"{text!r} is of no shards: N goes from 1 to {MOST_SHARDS}")
    if not 1 <= shard.number <= shard.of:
        raise ValueError(f"{text!r} is none of its shards: K goes from 1 to {shard.of}")
    return shard


def shard_sizes(urls: Iterable[str], of: int) -> list[tuple[int, int]]:
    """Return how many feeds of *urls*, and hosts of them, each of so many shards has."""
    told = list(urls)
    held = [
        [_host(url) for url in told if Shard(number, of).holds(url)]
        for number in range(1, of + 1)
    ]
    return [(len(hosts), len(set(hosts))) for hosts in held]


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
