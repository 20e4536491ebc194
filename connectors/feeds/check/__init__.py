"""Checks of a feed for a person: the result of a poll, and the feeds of a site."""
