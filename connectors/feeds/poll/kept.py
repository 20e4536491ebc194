"""Polls from documents that an earlier run fetched and could not store."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from connectors.feeds.fetch.document import Document
from connectors.feeds.fetch.politeness import FetchOptions, Politeness
from connectors.feeds.poll.nursery import Nursery
from connectors.feeds.poll.poll import Visitor
from connectors.feeds.poll.pool import open_pool
from connectors.feeds.poll.record import Polled, Recorder
from connectors.net.guard import Resolver
from transforms.articles.reader import EntryReader
from transforms.models import Cursor, Feed, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDocument:
    """A document of *feed*, and the poll that fetched it."""

    feed: Feed
    document: Document
    run_id: str
    polled_at: datetime


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Answers with one document, whatever is asked for; asks nobody."""

    document: Document

    async def fetch_beginning(self, feed: Feed, cursor: Cursor | None = None) -> Document:
        del feed, cursor
        return self.document


async def poll_kept(
    kept: Iterable[KeptDocument],
    cursors: Mapping[str, Cursor],
    standings: Mapping[str, Standing],
    *,
    options: FetchOptions,
    reader: EntryReader | None = None,
    nursery: Nursery | None = None,
) -> list[Polled]:
    """Return the polls as they would have been stored, those that bring something.

    Entries are first seen when the document was fetched. Of a feed there is one at most.
    """
    # Nobody is asked, so nobody's turn is waited for.
    politeness = Politeness(replace(options, spacing=0.0), Resolver())
    async with open_pool(options.parsers, reader, nursery) as pool:

        async def poll_one(each: KeptDocument) -> Polled | None:
            records = Recorder(each.run_id, each.polled_at, options)
            visitor = Visitor(records, _Shelf(each.document), pool, politeness)
            key = each.feed.feed_id
            known = cursors.get(key), standings.get(key)
            async with visitor.poll(each.feed, *known) as polled:
                return polled

        polls = await asyncio.gather(*map(poll_one, kept))
    return [polled for polled in polls if polled and polled.document]
