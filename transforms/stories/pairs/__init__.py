"""Pairs of headlines: evidence for one event, its weights, and the reasons."""
