"""Rules of a watchlist: entries as written, and their patterns."""
