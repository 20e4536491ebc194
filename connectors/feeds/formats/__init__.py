"""A document's bytes in, its entries out: one module a format, no network.

It knows neither who fetched the document nor what a poll makes of the entries.
"""
