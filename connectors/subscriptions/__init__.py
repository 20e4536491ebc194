"""Subscriptions to feeds: ``feeds.toml`` for people; OPML, in ``opml``, for programs."""

from connectors.subscriptions.edit import add_feeds, remove_feed, without_secrets
from connectors.subscriptions.toml import is_address, parse_feeds
from connectors.subscriptions.values import FEED_ID, ID_RULE, feed_id_for

__all__ = [
    "FEED_ID",
    "ID_RULE",
    "add_feeds",
    "feed_id_for",
    "is_address",
    "parse_feeds",
    "remove_feed",
    "without_secrets",
]
