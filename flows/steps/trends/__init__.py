"""Trends that are computed rather than viewed, and signals watched in them."""
