"""Servers that answer "not modified" for ever: found out by asking without validators.

From time to time a feed is fetched without validators. If that brings entries which we
did not have, it is fetched again with the old validators: "not modified" is then wrong.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from connectors.feeds.poll.schedule import chance
from transforms.models import Cursor, Standing

# A feed that brings nothing but 304 is asked for whole this often.
EVERY = timedelta(days=7)
# One that is silent beyond its rhythm is suspicious: at most daily.
SUSPICIOUS = timedelta(days=1)
# The rhythm of most outlets has a weekend in it.
LEAST_SILENCE = timedelta(days=2)
PACES_OF_SILENCE = 4
# How long a server that lied is asked without validators.
DISTRUST = timedelta(days=30)

LIED = 'its "not modified" was wrong: asked without validators it brought new entries'


def validators(cursor: Cursor, standing: Standing, feed_id: str, now: datetime) -> Cursor:
    """Return *cursor* as it is to be sent: without validators where a probe is due."""
    if not (cursor.etag or cursor.last_modified):
        return cursor
    if is_distrusted(standing, now) or _is_probe_due(standing, feed_id, now):
        return without_validators(cursor)
    return cursor


def is_distrusted(standing: Standing, now: datetime) -> bool:
    """Tell whether the feed's server lied about "not modified" not long ago."""
    until = standing.distrusted_until
    # The clock may go back; a promise from the future is none.
    return until is not None and now < until <= now + DISTRUST


def without_validators(cursor: Cursor) -> Cursor:
    """Return *cursor* with nothing that a server could answer "not modified" to."""
    return replace(cursor, etag="", last_modified="")


def caught_lying(standing: Standing, now: datetime) -> Standing:
    """Return *standing* of a feed whose server said "not modified" and was wrong."""
    return replace(standing, distrusted_until=now + DISTRUST)


def _is_probe_due(standing: Standing, feed_id: str, now: datetime) -> bool:
    if standing.full_at is None:
        return False
    since = abs(now - standing.full_at)
    if since < SUSPICIOUS:
        return False
    # Feeds subscribed in one pass must not all be asked for whole in one pass.
    spread = chance(feed_id, standing.full_at) / 4
    return since >= EVERY * (1 - spread) or _is_silent(standing, now)


def _is_silent(standing: Standing, now: datetime) -> bool:
    if standing.news_at is None or standing.pace is None:
        return False
    return now - standing.news_at > max(PACES_OF_SILENCE * standing.pace, LEAST_SILENCE)
