"""A host that wants to be left alone: until when, and for which feeds.

The run heeds it at once (``fetch/politeness.py``), the next ones from ``host_holds``, where
``warehouse/feeds.py`` keeps it. How long a host may ask for is in ``net/headers.py``.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from connectors.errors import FeedError, TransientFeedError
from connectors.feeds.fetch.politeness import Politeness, host_of
from connectors.feeds.fetch.redirects import address_of
from connectors.feeds.poll.schedule import after
from transforms.models import Feed, HostHold, Standing


async def asked_for(
    error: FeedError, feed: Feed, standing: Standing, now: datetime, politeness: Politeness
) -> tuple[datetime | None, HostHold | None]:
    """Return until when the server wants *feed*, and maybe its host, left alone."""
    if not isinstance(error, TransientFeedError) or error.retry_after is None:
        return None, None
    until = after(now, timedelta(seconds=error.retry_after))
    asked = host_of(address_of(feed, standing).url)
    host = error.host or asked
    # A redirect leads anywhere: at another's host only this one feed waits.
    is_own = host in (asked, host_of(feed.url))
    if until <= now or not is_own or not await politeness.hold(host):
        return until, None
    return until, HostHold(host=host, until=until, asked_at=now, feed_id=feed.feed_id)
