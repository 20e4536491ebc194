"""``sinowire feeds``: what is subscribed, how it fares, and what a feed would give."""

from flows.console.feeds.commands import app

__all__ = ["app"]
