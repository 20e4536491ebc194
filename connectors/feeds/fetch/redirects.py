"""Permanent redirects: followed at once, believed after a while, dropped at a failure.

A site that redirects for good for an hour is under repair; one that still does so the
next day has moved. Then its feed is asked at the new address directly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from transforms.models import Feed, Standing
from transforms.urls.canonical import SecretUrl, redact_url

PERMANENT = frozenset({301, 308})
SIGHTINGS = 3
OVER = timedelta(days=1)
# Passing failures at an adopted address before the configured one gets a try.
PATIENCE = 1.0
_LONGEST_URL = 2_000


def address_of(feed: Feed, standing: Standing) -> Feed:
    """Return *feed* as it is to be asked for: at the address that it moved to, if any."""
    return replace(feed, url=standing.moved_to) if standing.adopted_at else feed


def seen_at(
    feed: Feed,
    standing: Standing,
    redirects: Sequence[tuple[int, str]],
    final_url: str,
    now: datetime,
) -> Standing:
    """Return *standing* after a feed was read at *final_url*; may adopt that address."""
    if not is_permanent(redirects):
        # Read where we asked: the address that we have is right, adopted or not.
        return standing if standing.adopted_at else _without(standing)
    if not _is_adoptable(feed, final_url):
        return _without(standing)
    if final_url != standing.moved_to:
        return replace(
            _without(standing), moved_to=final_url, moved_seen=1, moved_since=now
        )
    seen = min(standing.moved_seen + 1, SIGHTINGS)
    since = standing.moved_since or now
    is_old = seen == SIGHTINGS and now - since >= OVER
    adopted_at = standing.adopted_at or (now if is_old else None)
    return replace(standing, moved_seen=seen, adopted_at=adopted_at)


def failed_at(standing: Standing, *, for_good: bool) -> Standing:
    """Return *standing* after a failure: an adopted address that fails is given up."""
    if standing.adopted_at and (for_good or standing.error_score >= PATIENCE):
        return _without(standing)
    return standing


def is_permanent(redirects: Sequence[tuple[int, str]]) -> bool:
    """Tell whether there were redirects, and every one of them said "for good"."""
    return bool(redirects) and all(status in PERMANENT for status, _ in redirects)


def _is_adoptable(feed: Feed, url: str) -> bool:
    """Tell whether *url* may be stored, and asked with all that the feed's address gets."""
    if url == feed.url or len(url) > _LONGEST_URL or redact_url(url) != url:
        return False
    if isinstance(feed.url, SecretUrl):
        return False  # what follows from a secret may hold it
    try:
        before, new = urlsplit(feed.url), urlsplit(url)
        is_same_host = (before.hostname, before.port) == (new.hostname, new.port)
    except ValueError:
        return False
    if new.scheme != "https" and before.scheme == "https":
        return False
    # Headers of feeds.toml, often a key, are meant for the host that they were given for.
    return is_same_host or not feed.headers


def _without(standing: Standing) -> Standing:
    if not standing.moved_to:
        return standing
    return replace(standing, moved_to="", moved_seen=0, moved_since=None, adopted_at=None)
