"""Invented feeds for the demo: documents, a server, and ten weeks of history."""
