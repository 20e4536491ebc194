"""Invented feeds for the demo: the documents, a server that serves them, a past."""
