"""Find a rule's terms and names in text, in both scripts."""

from __future__ import annotations

import re
from functools import lru_cache

from transforms.text import search_text

_WORDLIKE = re.compile(r"[^\W_]")
_HAN = re.compile("[\u3400-\u9fff]")
_NOTHING = re.compile(r"(?!)")


def folded(text: str) -> str:
    """Return *text* as terms are compared: folded, lower-cased, spaces single."""
    return " ".join(search_text(text).split())


@lru_cache(maxsize=512)
def finder(terms: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of any of *terms* in folded text.

    A term of Latin letters is a word there, one of Han letters may stand anywhere.
    """
    wanted = sorted({folded(term) for term in terms} - {""}, key=lambda t: (-len(t), t))
    return re.compile("|".join(map(_pattern, wanted))) if wanted else _NOTHING


def _pattern(term: str) -> str:
    body = r"\s+".join(map(re.escape, term.split()))
    return f"{_edge(term[0], '<!')}{body}{_edge(term[-1], '!')}"


def _edge(letter: str, look: str) -> str:
    """Return a guard that keeps a Latin letter from continuing the term."""
    if _HAN.match(letter) or not _WORDLIKE.match(letter):
        return ""
    return f"(?{look}[a-z0-9])"
