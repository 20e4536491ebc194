"""Teach: refit weights by what readers said, and say whether that helps."""
