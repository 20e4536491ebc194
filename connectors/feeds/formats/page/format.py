"""A list on a page or in a JSON answer as a format, for feeds that have selectors."""

from __future__ import annotations

from connectors.feeds.formats.result import Parsed
from connectors.feeds.formats.source import Source, has_feed_root


def recognises(source: Source) -> bool:
    """Tell whatever came to a feed with selectors, unless it is a feed after all."""
    is_feed = source.kind == "xml" and has_feed_root(source.body)
    return source.feed.selectors is not None and not is_feed


def read(source: Source) -> Parsed:
    """Return the new entries of a page or of a JSON answer."""
    # Few feeds are pages, and what reads them takes a while to load.
    from connectors.feeds.formats.page import read_list  # noqa: PLC0415

    return read_list(source)
