"""Checks of a feed for a person: what a poll would do with it, where a site has feeds."""
