"""Dates and times in feeds and input: parsing, zones, holidays and periods."""
