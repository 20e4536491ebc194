"""Normalization of feed entries into stored articles."""
