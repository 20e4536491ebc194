"""What can go wrong when headlines are translated."""

from __future__ import annotations


class TranslationError(Exception):
    """No translation came that can be used; says why, without the key."""
