"""Whose words an article has: those of its outlet's own feed, else of its first carrier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from transforms.articles.reader import ReadEntry
from transforms.models import Feed
from transforms.urls.identity import is_own


def owns(feed: Feed | None, url: str) -> bool:
    """Tell whether *feed* is one of the outlet that published *url*."""
    return feed is not None and feed.kind != "aggregator" and is_own(feed.url, url)


def speaker(
    carriers: Sequence[ReadEntry], owner: str | None, feeds: Mapping[str, Feed]
) -> ReadEntry | None:
    """Return the reading that words an article from now on, None where its words stay.

    *carriers* are the readings of the article in order of arrival, *owner* is the feed
    that words it so far, None of a new article. Among the outlet's own feeds the first
    one stays; nobody else's edits count.
    """
    first = carriers[0]
    if len(carriers) == 1 and owner in (None, first.article.feed_id):
        return first
    url = first.article.url
    if owner is None or not owns(feeds.get(owner), url):
        own = (c for c in carriers if owns(feeds.get(c.article.feed_id), url))
        if (found := next(own, None)) is not None:
            return found
    if owner is None:
        return first
    return next((c for c in carriers if c.article.feed_id == owner), None)
