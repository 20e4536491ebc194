"""Fetching of a document: guarded, bounded, conditional, polite.

It knows nothing of what is in a document, nor of what a poll makes of the answer.
"""
