"""Sections whose rows are topics, events and words."""
