"""Untrusted text: folded, cleaned, bounded, its language detected, its tables drawn."""
