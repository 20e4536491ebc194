"""Data set: what a release says of its tables, for people and for programs.

``register`` makes rows of a watchlist. ``package`` (Frictionless, Croissant) and
``prose`` (read-me, dictionary and citation) write what describes them, by the
data alone: the same release is the same to the byte.
"""
