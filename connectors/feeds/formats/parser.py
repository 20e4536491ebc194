"""A document's bytes in, its entries out. No network."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime

from connectors.feeds.formats.result import KnownItems, Parsed
from connectors.feeds.formats.source import Source
from transforms.models import Entry, Feed
from transforms.text.html import plain_line, plain_text
from transforms.urls.canonical import public_base


def parse_document(
    body: bytes,
    *,
    feed: Feed,
    content_type: str = "",
    base_url: str = "",
    now: datetime,
    known: AbstractSet[int] = frozenset(),
    limit: int | None = None,
    keep_blank: bool = False,
) -> Parsed:
    """Return the entries of *body* whose items are not in *known*.

    *known* are the ``item_hashes`` of the document read last time. Of the others the
    first *limit* are read, and the rest is left to the next time. Relative
    links are resolved against *base_url*, the address that answered.
    *keep_blank* keeps what has neither words nor a link, such as a lone author.

    Raises:
        FeedParseError: The document is not a feed; names what it seems to be.
    """
    source = Source(
        body=body,
        feed=feed,
        content_type=content_type,
        # Links made absolute with it are published: the feed's own key must not be in it.
        base_url=public_base(base_url or feed.url, feed.url),
        now=now,
        known=KnownItems(hashes=known, limit=limit),
    )
    parsed = read(source)
    return storable(parsed if keep_blank else _without_blank(parsed))


def _without_blank(parsed: Parsed) -> Parsed:
    """Leave out entries that would be articles without a word and without a link."""
    kept = [entry for entry in parsed.entries if entry.url or _has_words(entry)]
    blank = len(parsed.entries) - len(kept)
    if not blank:
        return parsed
    return replace(parsed, entries=kept, total=parsed.total - blank).with_warnings(
        f"left out: {blank} without title, text and link"
    )


def _has_words(entry: Entry) -> bool:
    return bool(
        plain_line(entry.title) or plain_text(entry.summary) or plain_text(entry.content)
    )
