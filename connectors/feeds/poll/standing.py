"""What a poll changes in our opinion of a feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache

from connectors.feeds.fetch import redirects
from connectors.feeds.fetch.document import Document
from connectors.feeds.poll.not_modified import caught_lying
from connectors.feeds.poll.outcomes import OUTCOMES, SOFT
from connectors.feeds.poll.publishing_rate import learn
from connectors.feeds.poll.update_hints import wishes_in
from transforms.models import Entry, Feed, Outcome, Standing
from transforms.urls.canonical import redact_url

# A whole document is noted twice a day at most: a note is a row to be written.
NOTE_EVERY = timedelta(hours=12)


def current(feed: Feed, standing: Standing | None) -> Standing:
    """Return what we know of *feed* at the address that it has now.

    A new address keeps the pace, and nothing else: failures, wishes, validators and
    redirects were those of the old one.
    """
    url = public_url(feed.url)
    if standing is None:
        return Standing(url=url)
    if standing.url != url:
        return Standing(url=url, pace=standing.pace, news_at=standing.news_at)
    return standing


def is_elsewhere(standing: Standing | None, feed: Feed) -> bool:
    """Tell whether what is known was learned at another configured address."""
    return standing is not None and standing.url != public_url(feed.url)


def after_unchanged(
    standing: Standing, feed: Feed, document: Document, now: datetime
) -> Standing:
    """Return *standing* after an answer that brought nothing new."""
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
    weight = OUTCOMES[outcome].weight
    standing = replace(
        standing,
        error_score=standing.error_score + weight,
        gone_seen=standing.gone_seen + (outcome == "gone"),
    )
    return redirects.failed_at(standing, for_good=weight >= SOFT)


@lru_cache(maxsize=16_384, typed=True)
def public_url(url: str) -> str:
    """Return *url* without secrets; cached, since a run asks for each several times."""
    return redact_url(url)


def _redirected(
    standing: Standing, feed: Feed, document: Document, now: datetime
) -> Standing:
    return redirects.seen_at(feed, standing, document.redirects, document.url, now)


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
