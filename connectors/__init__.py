"""The outside world: feeds in, alerts out."""
