"""Sections whose rows are companies and their groups."""
