"""Rules and channels of alerts.toml: their readers, and the test of an article."""
