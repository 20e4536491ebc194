"""Record of a batch of polls: outcomes, cursors, standings and holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import duckdb

from connectors.feeds.poll.record import Polled
from flows.steps.summary import Summary
from transforms.models import Article
from warehouse import feeds as feed_store


def record(
    con: duckdb.DuckDBPyConnection, polls: Sequence[Polled], new: Sequence[Article] = ()
) -> Summary:
    """Record *polls*, which brought *new* articles; return their counts."""
    brought = Counter(article.feed_id for article in new)
    in_time = [polled for polled in polls if not polled.is_late]
    counted = [replace(p.poll, new_articles=brought[p.feed.feed_id]) for p in in_time]
    feed_store.record_polls(
        con,
        counted,
        {p.feed.feed_id: p.cursor for p in in_time if p.cursor is not None},
        {p.feed.feed_id: p.standing for p in in_time if p.standing is not None},
        [polled.hold for polled in in_time if polled.hold],
    )
    return Summary(
        outcomes=Counter(poll.outcome for poll in counted),
        errors=Counter(poll.error for poll in counted if poll.error),
        entries=sum(poll.entries for poll in counted),
    )
