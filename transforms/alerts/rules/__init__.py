"""What people declare in ``alerts.toml``: rules, channels, and what meets them."""
