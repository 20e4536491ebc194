"""Ingest of feeds, or of a file of history, into the warehouse."""
