"""Judge what a machine made of a headline: text and nothing else, or it is left out."""

from __future__ import annotations

import re

from transforms.models import Translated
from transforms.text.harmless import harmless
from transforms.text.lengths import MAX_TITLE

# A Chinese headline of twenty characters is one of a hundred letters; a machine that goes
# round in circles writes thousands.
_LONGEST_RATIO = 12
_FLOOR = 200
_MARKUP = re.compile(r"<[A-Za-z!/?][^<>]{0,200}>|&(?:[A-Za-z]{2,8}|#\d{1,6});")


def judge_translation(title: str, text: object) -> Translated:
    """Return *text* as the translation of *title* where it can be shown as it is."""
    if not isinstance(text, str):
        return Translated(title=title, reason="what came is not a text")
    plain = " ".join(text.split())
    if not plain:
        return Translated(title=title, reason="what came is empty")
    if len(plain) > min(MAX_TITLE, max(_FLOOR, _LONGEST_RATIO * len(title))):
        return Translated(title=title, reason="what came is too long for a headline")
    if harmless(text) != plain:
        reason = "what came has control characters or marks of direction"
        return Translated(title=title, reason=reason)
    if _MARKUP.search(plain) and not _MARKUP.search(title):
        return Translated(title=title, reason="what came has markup")
    return Translated(title=title, text=plain)
