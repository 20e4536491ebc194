"""Numbers with their nouns, in messages for people: "1 feed", "2,000 feeds"."""

from __future__ import annotations


def counted(count: int, one: str, many: str = "") -> str:
    """Return *count* with its noun; the plural is *many*, or else *one* with an "s"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
