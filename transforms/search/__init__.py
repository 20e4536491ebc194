"""Searches: typed text parsed into terms and filters for SQL."""
