"""Polls: new entries of each feed, the outcome, and the time of the next poll."""
