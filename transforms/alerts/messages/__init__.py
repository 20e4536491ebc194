"""Alerts on their way: planned, worded, made harmless."""
