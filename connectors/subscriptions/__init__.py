"""Which feeds are subscribed: ``feeds.toml`` for people, OPML for programs."""

from connectors.subscriptions.edit import add_feed, remove_feed
from connectors.subscriptions.ids import feed_id_for
from connectors.subscriptions.opml import OpmlImport, parse_opml, render_opml
from connectors.subscriptions.toml import parse_feeds

__all__ = [
    "OpmlImport",
    "add_feed",
    "feed_id_for",
    "parse_feeds",
    "parse_opml",
    "remove_feed",
    "render_opml",
]
