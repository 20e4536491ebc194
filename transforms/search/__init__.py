"""Searches: what was typed, as terms and filters that SQL can ask for."""
