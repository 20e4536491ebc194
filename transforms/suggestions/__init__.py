"""Propose names that recent coverage uses and the watchlist does not know."""

from __future__ import annotations

from transforms.suggestions.model import StoredHeadline, Suggestion
from transforms.suggestions.rank import suggest

__all__ = ["StoredHeadline", "Suggestion", "suggest"]
