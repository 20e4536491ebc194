"""Dates and times as feeds and people write them, zones, holidays and periods."""
