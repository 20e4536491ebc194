"""Decisions: which articles and signals become alerts, and which update one."""
