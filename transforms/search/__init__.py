"""Searches: what was typed, as terms and filters that SQL can ask for."""

from __future__ import annotations

from transforms.search.errors import SearchError
from transforms.search.query import known_id, narrowed, read_search
from transforms.search.words import alias_key, read_words

__all__ = ["SearchError", "alias_key", "known_id", "narrowed", "read_search", "read_words"]
