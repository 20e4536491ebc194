"""What a run tells about a feed: of its standing once, when that changes."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.feeds.formats.result import Parsed
from connectors.feeds.poll.schedule import RETIRED_AT
from transforms.models import Feed, Standing


def notices_of(feed: Feed, before: Standing, now: Standing) -> tuple[str, ...]:
    """Return what a person should hear of the change from *before* to *now*."""
    return tuple(_notices(feed, before, now))


def document_notices(feed: Feed, parsed: Parsed) -> tuple[str, ...]:
    """Return what a person should hear of the document that a poll brought."""
    later = f"new entries left to the next polls: {parsed.postponed:,}"
    said = (*parsed.notices, *([later] if parsed.postponed else []))
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
