"""Which feeds are subscribed: ``feeds.toml`` for people, OPML for programs."""

from connectors.subscriptions.edit import add_feeds, remove_feed
from connectors.subscriptions.ids import FEED_ID, ID_RULE, feed_id_for
from connectors.subscriptions.opml import OpmlImport, parse_opml
from connectors.subscriptions.own import without_secrets
from connectors.subscriptions.render import render_opml
from connectors.subscriptions.toml import is_address, parse_feeds

__all__ = [
    "FEED_ID",
    "ID_RULE",
    "OpmlImport",
    "add_feeds",
    "feed_id_for",
    "is_address",
    "parse_feeds",
    "parse_opml",
    "remove_feed",
    "render_opml",
    "without_secrets",
]
