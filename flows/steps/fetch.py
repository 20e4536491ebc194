"""Fetch one document for a command, under the same guard as a feed."""

from __future__ import annotations

from connectors.feeds.fetch.fetcher import fetch_once
from connectors.feeds.fetch.options import FetchOptions


async def fetch_bytes(url: str, options: FetchOptions) -> bytes:
    """Return the body at *url*.

    Raises:
        FeedError: It could not be fetched; says why.
    """
    return (await fetch_once(url, options=options)).body
