"""Record of a poll: its result, notices for a person, holds of hosts, outages.

A host that wants to be left alone (429, Retry-After) is heeded at once in the run
(``fetch/politeness.py``), in the next ones (``begin`` in ``flows/steps/ingest/plan.py``)
from ``host_holds``, kept by ``warehouse/feeds.py``. How long a host may ask for is in
``net/headers.py``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connectors.errors import FeedError, Obstacle, TransientFeedError
from connectors.feeds.fetch.document import Document
from connectors.feeds.fetch.politeness import FetchOptions, Politeness, host_of
from connectors.feeds.formats.result import Parsed
from connectors.feeds.poll.outcomes import NOBODY, WAY_OUT
from connectors.feeds.poll.schedule import RETIRED_AT, Ask, Bounds, after, next_poll
from connectors.net.headers import fresh_for
from transforms.articles.reader import ReadEntry
from transforms.models import Cursor, Entry, Feed, HostHold, Outcome, Poll, Standing
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """One feed's poll. ``cursor`` and ``standing`` are None if they did not change.

    ``body_hash`` is of ``body``. ``notices`` are what a person should hear of once,
    ``warnings`` what the document was like, ``obstacle`` what came in place of an answer.
    ``document`` has the body apart. One that ``is_late`` a later poll has overtaken.
    """

    feed: Feed
    poll: Poll
    cursor: Cursor | None = None
    standing: Standing | None = None
    hold: HostHold | None = None
    entries: list[Entry] = field(default_factory=list)
    readings: list[ReadEntry] = field(default_factory=list)
    body: bytes | None = None
    body_hash: str = ""
    document: Document | None = None
    final_url: str = ""
    warnings: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    obstacle: Obstacle | None = None
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Recorder:
    """Writes the records of a run's polls, with the time of each feed's next poll."""

    run_id: str
    now: datetime
    options: FetchOptions

    def success(
        self,
        feed: Feed,
        outcome: Outcome,
        document: Document,
        standing: Standing,
        *,
        reach: timedelta | None = None,
    ) -> Poll:
        """Return the record of a poll that *document* answered, which goes *reach* back."""
        fresh = fresh_for(
            document.cache_control,
            age=document.age,
            expires=document.expires,
            date=document.date,
        )
        return Poll(
            feed_id=feed.feed_id,
            run_id=self.run_id,
            polled_at=self.now,
            outcome=outcome,
            http_status=document.status,
            bytes=len(document.body),
            next_poll_at=next_poll(
                self._ask(feed, outcome, standing, fresh=fresh, reach=reach)
            ),
        )

    def failure(
        self, feed: Feed, error: FeedError, standing: Standing, until: datetime | None
    ) -> Poll:
        """Return the record of a poll that failed; *until* is the server's request."""
        return Poll(
            feed_id=feed.feed_id,
            run_id=self.run_id,
            polled_at=self.now,
            outcome=error.outcome,
            http_status=error.status,
            error=error.reason,
            next_poll_at=next_poll(self._ask(feed, error.outcome, standing, until=until)),
            retry_after_at=until,
        )

    def _ask(
        self,
        feed: Feed,
        outcome: Outcome,
        standing: Standing,
        *,
        fresh: timedelta | None = None,
        until: datetime | None = None,
        reach: timedelta | None = None,
    ) -> Ask:
        options = self.options
        bounds = Bounds(
            default=options.default_poll,
            shortest=options.shortest_poll,
            longest=options.longest_poll,
        )
        return Ask(
            feed_id=feed.feed_id,
            now=self.now,
            outcome=outcome,
            standing=standing,
            bounds=bounds,
            own=feed.poll,
            fresh_for=fresh,
            until=until,
            reach=reach,
        )


def next_cursor(document: Document, parsed: Parsed, cursor: Cursor, digest: str) -> Cursor:
    """Return the next poll's cursor; a document that broke off is fetched whole again.

    So is one with more to read, and then its bytes are not known either. An empty one
    does not make us forget the items of the one before.
    """
    whole = not (parsed.is_cut or parsed.postponed)
    return Cursor(
        etag=document.etag if whole else "",
        last_modified=document.last_modified if whole else "",
        body_hash="" if parsed.postponed else digest,
        item_hashes=parsed.item_hashes if parsed.total else cursor.item_hashes,
    )


def notices_of(feed: Feed, before: Standing, now: Standing) -> tuple[str, ...]:
    """Return the notices for a person on the change from *before* to *now*."""
    return tuple(_notices(feed, before, now))


def document_notices(feed: Feed, parsed: Parsed, lost: str = "") -> tuple[str, ...]:
    """Return the notices for a person on the document of a poll, and on what it *lost*."""
    later = f"new entries left to the next polls: {parsed.postponed:,}"
    said = (*parsed.notices, *([later] if parsed.postponed else []), *filter(None, [lost]))
    return tuple(f"feed {feed.feed_id}: {notice}" for notice in said)


def _notices(feed: Feed, before: Standing, now: Standing) -> Iterator[str]:
    name = f"feed {feed.feed_id}"
    if now.adopted_at and now.moved_to != (before.moved_to if before.adopted_at else ""):
        yield (
            f"{name} moved permanently and is polled at {now.moved_to} from now on; "
            f'write url = "{now.moved_to}" in feeds.toml'
        )
    if before.adopted_at and not now.adopted_at:
        yield (
            f"{name} is polled at its address in feeds.toml again, "
            f"since {before.moved_to} failed"
        )
    if now.other_url != before.other_url:
        yield (
            f"{name} is polled at {now.other_url or now.url} from now on, "
            f"since {before.other_url or before.url} failed"
        )
    if before.gone_seen < RETIRED_AT <= now.gone_seen:
        yield (
            f"{name} is gone (410) and retired: polled once a week in case it comes back; "
            "remove it, or look for its new address"
        )
    if before.gone_seen >= RETIRED_AT > now.gone_seen:
        yield f"{name} is back"
    if now.distrusted_until and now.distrusted_until != before.distrusted_until:
        yield (
            f'{name}: its server said "not modified" and was wrong; '
            f"it is fetched whole until {now.distrusted_until:%Y-%m-%d}"
        )


async def requested_hold(
    error: FeedError,
    hosts: Sequence[str],
    feed_id: str,
    now: datetime,
    politeness: Politeness,
) -> tuple[datetime | None, HostHold | None]:
    """Return when the server allows the next request, and the hold on its host, if any.

    *hosts* are those that may ask it for themselves; the first of them was asked.
    """
    if not isinstance(error, TransientFeedError) or error.retry_after is None:
        return None, None
    until = after(now, timedelta(seconds=error.retry_after))
    host = error.host or hosts[0]
    # A redirect leads anywhere: at another's host only what was asked waits.
    if until <= now or host not in hosts or not await politeness.hold(host):
        return until, None
    return until, HostHold(host=host, until=until, asked_at=now, feed_id=feed_id)


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
