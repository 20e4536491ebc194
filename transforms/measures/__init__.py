"""Measures: acts of states on technology, read in headlines."""
