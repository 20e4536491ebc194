"""Rules and channels of ``alerts.toml``, and the test whether an article meets a rule."""
