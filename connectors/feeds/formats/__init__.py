"""Formats of documents, one module each: bytes in, entries out, no network.

It knows neither who fetched the document nor what a poll makes of the entries.
"""
