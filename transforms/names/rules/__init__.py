"""Rules of a watchlist: its entries as people write them, and their patterns."""
