"""Matchers: companies, people, topics and events in one folded text."""
