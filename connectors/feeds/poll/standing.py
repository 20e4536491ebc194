"""Standing of a feed after a poll: failures, pace, redirects, trust in "not modified".

A permanent redirect is followed at once, believed after a while, dropped at a failure: a
site that redirects for good for an hour is under repair, one that still does so the next
day has moved, and is asked there.

Some servers answer "not modified" for ever. So a feed is fetched without validators from
time to time. If that brings new entries, it is fetched again with the old validators: "not
modified" is then wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from connectors.feeds.fetch.document import Document
from connectors.feeds.fetch.politeness import at_address
from connectors.feeds.poll.outcomes import SOFT, WEIGHTS
from connectors.feeds.poll.schedule import chance, learn, wishes_in
from transforms.models import Cursor, Entry, Feed, Outcome, Standing
from transforms.urls.canonical import HubUrl, SecretUrl, redact_url

# A whole document is noted twice a day at most: a note is a row to be written.
NOTE_EVERY = timedelta(hours=12)
PERMANENT = frozenset({301, 308})
SIGHTINGS = 3
MOVED_AFTER = timedelta(days=1)
# Passing failures at an adopted address before the configured one gets a try.
PATIENCE = 1.0
_LONGEST_URL = 2_000
# A feed that brings nothing but 304 is asked for whole this often.
PROBE_EVERY = timedelta(days=7)
# One that is silent beyond its rhythm is suspicious: at most daily.
SUSPICIOUS = timedelta(days=1)
# The rhythm of most outlets has a weekend in it.
LEAST_SILENCE = timedelta(days=2)
PACES_OF_SILENCE = 4
# How long a server that lied is asked without validators.
DISTRUST = timedelta(days=30)
LIED = 'its "not modified" was wrong: asked without validators it brought new entries'


def current(feed: Feed, standing: Standing | None) -> Standing:
    """Return the standing of *feed* at its present address.

    A new address keeps the pace, and nothing else: failures, wishes, validators and
    redirects were those of the old one.
    """
    url = public_url(feed.url)
    if standing is None:
        return Standing(url=url)
    if standing.url != url:
        return Standing(url=url, pace=standing.pace, news_at=standing.news_at)
    if standing.other_url and standing.other_url not in map(public_url, feed.also):
        return replace(standing, other_url="")
    return standing


def is_elsewhere(standing: Standing | None, feed: Feed) -> bool:
    """Tell whether *standing* was learned at another configured address."""
    if standing is None:
        return False
    now = current(feed, standing)
    return (standing.url, standing.other_url) != (now.url, now.other_url)


def after_unchanged(
    standing: Standing, feed: Feed, document: Document, now: datetime
) -> Standing:
    """Return *standing* after an answer without anything new."""
    # A redirect that ends in a 304 counts only for a feed that was read before.
    if not document.is_unchanged or document.url == standing.moved_to:
        standing = _redirected(standing, feed, document, now)
    if not document.is_unchanged:
        standing = _whole(standing, document, now)
    elif standing.full_at is None:
        # Never seen whole by this version: the time to the first probe starts here.
        standing = replace(standing, full_at=now)
    return _forgiven(standing)


def after_parsed(
    standing: Standing,
    feed: Feed,
    document: Document,
    entries: Sequence[Entry],
    now: datetime,
    *,
    lied: bool,
) -> Standing:
    """Return *standing* after a document that was read."""
    standing = _redirected(standing, feed, document, now)
    standing = replace(standing, full_at=now, wishes=wishes_in(document.body))
    standing = learn(standing, entries, now)
    return _forgiven(caught_lying(standing, now) if lied else standing)


def after_failure(standing: Standing, outcome: Outcome) -> Standing:
    """Return *standing* after a poll that failed."""
    weight = WEIGHTS[outcome]
    standing = replace(
        standing,
        error_score=standing.error_score + weight,
        gone_seen=standing.gone_seen + (outcome == "gone"),
    )
    return failed_at(standing, for_good=weight >= SOFT)


@lru_cache(maxsize=16_384, typed=True)
def public_url(url: str) -> str:
    """Return *url* without secrets; cached, since a run needs each several times."""
    return redact_url(url)


def _redirected(
    standing: Standing, feed: Feed, document: Document, now: datetime
) -> Standing:
    return seen_at(feed, standing, document.redirects, document.url, now)


def _whole(standing: Standing, document: Document, now: datetime) -> Standing:
    if not (document.etag or document.last_modified):
        return standing  # such a server has no way to say "not modified"
    if standing.full_at is not None and abs(now - standing.full_at) < NOTE_EVERY:
        return standing
    return replace(standing, full_at=now)


def _forgiven(standing: Standing) -> Standing:
    if not standing.error_score and not standing.gone_seen:
        return standing
    return replace(standing, error_score=0.0, gone_seen=0)


def address_of(feed: Feed, standing: Standing) -> Feed:
    """Return *feed* at the address to poll: a second one, or the one that it moved to."""
    if standing.other_url:
        public = {public_url(url): url for url in reversed(feed.also)}
        return at_address(feed, public[standing.other_url])
    return replace(feed, url=standing.moved_to) if standing.adopted_at else feed


def addresses(feed: Feed, standing: Standing) -> list[str]:
    """Return what ``other_url`` may be, in the order to ask; "" is the feed's own."""
    every = dict.fromkeys(["", *map(public_url, feed.also)])
    return sorted(every, key=lambda url: url != standing.other_url)


def seen_at(
    feed: Feed,
    standing: Standing,
    redirects: Sequence[tuple[int, str]],
    final_url: str,
    now: datetime,
) -> Standing:
    """Return *standing* after a feed was read at *final_url*, which it may adopt."""
    if standing.other_url:
        return standing  # redirects of a second address say nothing of the first
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
    is_old = seen == SIGHTINGS and now - since >= MOVED_AFTER
    adopted_at = standing.adopted_at or (now if is_old else None)
    return replace(standing, moved_seen=seen, adopted_at=adopted_at)


def failed_at(standing: Standing, *, for_good: bool) -> Standing:
    """Return *standing* after a failure, which gives up an adopted address."""
    if standing.other_url:
        return standing
    if standing.adopted_at and (for_good or standing.error_score >= PATIENCE):
        return _without(standing)
    return standing


def is_permanent(redirects: Sequence[tuple[int, str]]) -> bool:
    """Tell whether there were redirects, and all of them were permanent."""
    return bool(redirects) and all(status in PERMANENT for status, _ in redirects)


def _is_adoptable(feed: Feed, url: str) -> bool:
    """Tell whether *url* may be stored, and receive the headers of the feed's address."""
    if url == feed.url or len(url) > _LONGEST_URL or redact_url(url) != url:
        return False
    if isinstance(feed.url, SecretUrl | HubUrl):
        return False  # what follows from a secret may hold it; a hub is named by settings
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


def validators(cursor: Cursor, standing: Standing, feed_id: str, now: datetime) -> Cursor:
    """Return *cursor* as the request sends it: without validators where a probe is due."""
    if not (cursor.etag or cursor.last_modified):
        return cursor
    if is_distrusted(standing, now) or _is_probe_due(standing, feed_id, now):
        return without_validators(cursor)
    return cursor


def is_distrusted(standing: Standing, now: datetime) -> bool:
    """Tell whether the feed's server lately gave a false "not modified"."""
    until = standing.distrusted_until
    # The clock may go back; a promise from the future is none.
    return until is not None and now < until <= now + DISTRUST


def without_validators(cursor: Cursor) -> Cursor:
    """Return *cursor* without ETag and Last-Modified."""
    return replace(cursor, etag="", last_modified="")


def caught_lying(standing: Standing, now: datetime) -> Standing:
    """Return *standing* of a feed whose server gave a false "not modified"."""
    return replace(standing, distrusted_until=now + DISTRUST)


def _is_probe_due(standing: Standing, feed_id: str, now: datetime) -> bool:
    if standing.full_at is None:
        return False
    since = abs(now - standing.full_at)
    if since < SUSPICIOUS:
        return False
    # Feeds subscribed in one pass must not all be asked for whole in one pass.
    spread = chance(feed_id, standing.full_at) / 4
    return since >= PROBE_EVERY * (1 - spread) or _is_silent(standing, now)


def _is_silent(standing: Standing, now: datetime) -> bool:
    if standing.news_at is None or standing.pace is None:
        return False
    return now - standing.news_at > max(PACES_OF_SILENCE * standing.pace, LEAST_SILENCE)
