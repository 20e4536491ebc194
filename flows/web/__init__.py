"""Desk: the web application over the published file."""
