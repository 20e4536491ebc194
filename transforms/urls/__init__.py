"""Addresses: one for one article, and whose site it is."""
