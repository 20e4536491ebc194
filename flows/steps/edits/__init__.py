"""Change a home's own files: feeds, watchlist, alerts."""
