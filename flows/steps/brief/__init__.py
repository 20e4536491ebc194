"""Briefs: made from the published file, and told when they are due."""
