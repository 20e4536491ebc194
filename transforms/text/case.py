"""Headlines In Title Case, Where a Capital Says Nothing."""

from __future__ import annotations

import re
from functools import lru_cache

_CAPITALS = re.compile(r"\b[A-Z][\w'-]+")
# Articles and prepositions stay small, whatever their length.
_SMALL = re.compile(
    r"(?<![\w'-])(?!(?:about|above|after|against|amid|among|around|before|behind|below"
    r"|between|beyond|during|from|inside|into|like|near|onto|over|since|than|through"
    r"|toward|towards|under|until|upon|with|within|without)\b)[a-z]{4,}"
)
_FEWEST = 4


@lru_cache(maxsize=8)
def is_title_case(text: str) -> bool:
    """Whether all words of a Latin headline that might be small begin with a capital."""
    return not _SMALL.search(text) and len(_CAPITALS.findall(text)) >= _FEWEST
