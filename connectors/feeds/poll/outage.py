"""Outages of one's own: where no host answered as it should, no feed is to blame."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from connectors.feeds.fetch.politeness import host_of
from connectors.feeds.poll.outcomes import NOBODY, WAY_OUT
from connectors.feeds.poll.record import Polled
from transforms.text.lengths import counted

# Where so many hosts are asked and none answers, it is not they who are away.
FEWEST_HOSTS = 3
_MET = {
    "connection": "gave no connection",
    "certificate": "showed a certificate that is not trusted",
    "address": "led to a private address",
    "gateway": "were answered for by a proxy or portal",
    "page": "gave one and the same page in place of a feed",
}


def is_outage(polls: Sequence[Polled]) -> bool:
    """Tell whether no host answered as it should, of enough hosts to blame the network.

    Different pages in place of feeds are those of hosts; a portal has one for all.
    """
    met = [polled.obstacle for polled in polls]
    pages = {obstacle.page for obstacle in met if obstacle and obstacle.page}
    hosts = {host_of(polled.feed.url) for polled in polls}
    return all(met) and len(pages) <= 1 and len(hosts) >= FEWEST_HOSTS


def said_of(polls: Iterable[Polled]) -> Counter[str]:
    """Return the reasons of an outage; a remedy for one feed would lead astray."""
    return Counter(polled.obstacle.said for polled in polls if polled.obstacle)


def outage_sentence(polls: Iterable[Polled], issuers: Collection[str]) -> str:
    """Return what was met on the way to all hosts, and the remedy.

    *issuers* are those of the certificates; where it is one, it is named.
    """
    kinds = {host_of(p.feed.url): p.obstacle.kind for p in polls if p.obstacle}
    met = Counter(kinds.values())
    listed = ", ".join(f"{n} {_MET[kind]}" for kind, n in met.most_common())
    one = f" (one issuer for all: {next(iter(issuers))!r})" if len(issuers) == 1 else ""
    return (
        f"{NOBODY} Of {counted(len(kinds), 'host')} {listed}{one}. "
        f"Nothing is held against feeds, which stay due. {WAY_OUT}"
    )
