"""Alerts on their way: planned and worded."""
