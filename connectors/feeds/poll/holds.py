"""A host that wants to be left alone (429, Retry-After): until when, and for which feeds.

The run heeds it at once (``fetch/politeness.py``), the next ones (``begin`` in
``flows/steps/ingest/plan.py``) from ``host_holds``, kept by ``warehouse/feeds.py``.
How long a host may ask for is in ``net/headers.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from connectors.errors import FeedError, TransientFeedError
from connectors.feeds.fetch.politeness import Politeness
from connectors.feeds.poll.schedule import after
from transforms.models import HostHold


async def asked_for(
    error: FeedError,
    hosts: Sequence[str],
    feed_id: str,
    now: datetime,
    politeness: Politeness,
) -> tuple[datetime | None, HostHold | None]:
    """Return until when the server wants what was asked, and maybe its host, left alone.

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
