"""Pairs of headlines: what speaks for one event, how it is weighed, and the reasons."""
