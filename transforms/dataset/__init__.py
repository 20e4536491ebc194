"""Data set: what a release says of its tables, for people and for programs.

``register`` makes rows of a watchlist. ``package`` (Frictionless), ``croissant``,
``citation`` (CFF) and ``prose`` (read-me and dictionary) write what describes them, by the
data alone: the same release is the same to the byte.
"""
