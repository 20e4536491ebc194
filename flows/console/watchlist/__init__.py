"""``sinowire watchlist``: who is followed, why a text is tagged, and what was wrong."""

from flows.console.watchlist.commands import app

__all__ = ["app"]
