"""Feeds in: fetch, sniff, parse, and say how it went."""
