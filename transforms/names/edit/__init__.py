"""Edits of a watchlist: exclusions, changed entries, and over-matching aliases."""
