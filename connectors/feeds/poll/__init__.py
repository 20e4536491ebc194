"""Polls: what was new in each feed, how its poll ended, and when it is due again."""
