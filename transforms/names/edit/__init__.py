"""Edits of a watchlist: exclusions, entries of its file, and floods they bring."""
