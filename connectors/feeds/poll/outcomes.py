"""Name what a parsed document turned out to be."""

from __future__ import annotations

from connectors.feeds.formats.result import Parsed
from transforms.models import Outcome


def outcome_of(parsed: Parsed) -> Outcome:
    """Return the outcome of a poll that brought a feed document.

    ``undated`` still brings its entries: they are dated by first sight.
    """
    if parsed.total == 0:
        return "empty"
    if not parsed.entries:
        # Everything old under today's date: the feed is a copy that nobody fills.
        return "stale_copy" if parsed.redated == parsed.total else "unchanged"
    if all(e.published_at is None and e.updated_at is None for e in parsed.entries):
        return "undated"
    return "new"
