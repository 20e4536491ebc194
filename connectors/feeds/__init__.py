"""Feeds: fetching, formats, polls, full texts and checks."""
