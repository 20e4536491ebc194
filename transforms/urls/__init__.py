"""Addresses: one canonical address per article, and its site."""
