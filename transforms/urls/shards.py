"""Shards of feeds for several machines, by the feeds' hosts.

All feeds of a host are in one shard, so one process spaces the requests to that host, and
is the one that the host tells to wait (``Retry-After``). A host goes to the first shard of
its own ranking that has room for its polls (docs/decisions/0021-shards-by-ranking.md).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from typing import NamedTuple
from urllib.parse import urlsplit

# More shards than a network has machines; a slip of the finger makes no thousand of them.
MOST_SHARDS = 64
# A shard takes so many times its even part: with less room, more hosts would have to move
# where a feed comes or goes.
ROOM = 1.25
_FORM = re.compile(r"([0-9]{1,9})/([0-9]{1,9})")


class Shard(NamedTuple):
    """Shard *number*, from 1, of several; as text "1/2"."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


@dataclass(frozen=True, slots=True)
class ShardContents:
    """Contents of a shard; *numbers* are the shards of assigned hosts."""

    shard: Shard
    numbers: Mapping[str, int]

    def holds(self, url: str) -> bool:
        """Tell whether the feed at *url* is in this shard; each feed is in one."""
        host = _host(url)
        return self.shard.number == (
            self.numbers.get(host) or _ranking(host, self.shard.of)[0]
        )


class Size(NamedTuple):
    """Number of a shard's feeds, hosts and polls a day."""

    feeds: int
    hosts: int
    polls: int


def parse_shard(text: str) -> Shard:
    """Return the shard in *text*, such as "1/2", the first of two.

    Raises:
        ValueError: It is invalid; the message says why.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is not K/N, such as 1/2 for the first of two shards")
    shard = Shard(int(found[1]), int(found[2]))
    if not 1 <= shard.of <= MOST_SHARDS:
        raise ValueError(f"{text!r} is not a shard K/N: N goes from 1 to {MOST_SHARDS}")
    if not 1 <= shard.number <= shard.of:
        raise ValueError(f"{text!r} is not a shard K/N: K goes from 1 to {shard.of}")
    return shard


def share_out(polls: Iterable[tuple[str, int]], of: int) -> tuple[ShardContents, ...]:
    """Return *of* shards of feeds, given as (address, polls a day).

    The result does not depend on their order, so that all machines agree.
    """
    weights: Counter[str] = Counter()
    for url, a_day in polls:
        weights[_host(url)] += a_day
    mean = weights.total() / of
    has, numbers = [0] * (of + 1), {}
    for host in sorted(weights, key=partial(_turn, weights, (ROOM - 1) * mean)):
        free = [n for n in _ranking(host, of) if has[n] + weights[host] <= ROOM * mean]
        number = free[0] if free else min(range(1, of + 1), key=has.__getitem__)
        has[number] += weights[host]
        numbers[host] = number
    return tuple(ShardContents(Shard(number, of), numbers) for number in range(1, of + 1))


def sizes(polls: Iterable[tuple[str, int]], of: int) -> list[Size]:
    """Return the size of each of *of* shards of these feeds."""
    told = list(polls)
    return [
        Size(
            feeds=len(held),
            hosts=len({_host(url) for url, _ in held}),
            polls=sum(a_day for _, a_day in held),
        )
        for share in share_out(told, of)
        for held in [[one for one in told if share.holds(one[0])]]
    ]


def _turn(weights: Mapping[str, int], light: float, host: str) -> tuple[int, int]:
    """Return when *host* chooses: heavy ones first, as the light ones fit in anywhere.

    In an order by chance few others choose anew where one comes or goes.
    """
    weight = weights[host]
    return (-weight if weight > light else 0, _drawn(host))


def _ranking(host: str, of: int) -> list[int]:
    """Return the shards as *host* would choose them; one more changes nothing else."""
    return sorted(range(1, of + 1), key=lambda number: -_drawn(f"{number} {host}"))


def _drawn(text: str) -> int:
    # Python's own hash differs from process to process.
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
