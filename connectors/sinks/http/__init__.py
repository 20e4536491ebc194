"""Posting to a channel over HTTP, and what the answer means."""
