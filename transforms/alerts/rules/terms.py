"""Find a rule's terms and names in text, in both scripts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from transforms.text.fold import search_text

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
    return any_of(guarded(term, re.escape(term)) for term in wanted)


def any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """Return what finds any of *patterns*, nothing where there is none."""
    joined = "|".join(patterns)
    return re.compile(joined) if joined else _NOTHING


def guarded(term: str, body: str) -> str:
    """Return the pattern *body* of a term, which Latin letters must not continue."""
    return f"{_edge(term[0], '<!')}{body}{_edge(term[-1], '!')}"


def _edge(letter: str, look: str) -> str:
    """Return a guard that keeps a Latin letter from continuing the term."""
    if _HAN.match(letter) or not _WORDLIKE.match(letter):
        return ""
    return f"(?{look}[a-z0-9])"
