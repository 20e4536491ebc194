"""Alerts, what went out of them, and what waits to."""
