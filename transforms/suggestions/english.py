"""Names of companies in English headlines, where capitals alone say little."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from transforms.suggestions.model import FoundName
from transforms.suggestions.patterns import patterns
from transforms.suggestions.words import words

_SHORTEST = 3
_NOTHING = ("en_stop", "en_noun", "en_places", "en_outlets")


def english_names(text: str) -> Iterator[FoundName]:
    """Yield what may be a company's name in a folded headline, surest patterns first."""
    for pattern, why, strength in patterns("en"):
        for found in pattern.finditer(text):
            start, end = _trimmed(text, *found.span("name"))
            name = text[start:end]
            ticker = found.groupdict().get("ticker") or ""
            if name and _may_be_name(name) and not _is_short_for(ticker, name):
                yield FoundName(name, start, end, why, strength, ticker=ticker)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Cut off what belongs to the sentence: Why AirJoule Technologies, Intel's Mobileye."""
    tokens = list(re.finditer(r"\S+", text[start:end]))
    cuts = [n for n, token in enumerate(tokens[:-1]) if _opens(token.group())]
    tokens = tokens[cuts[-1] + 1 :] if cuts else tokens
    if not tokens or _plain(tokens[0].group()) in words("en_stop"):
        return end, end
    last = start + tokens[-1].end()
    return start + tokens[0].start(), last - 2 * text[:last].endswith("'s")


def _opens(word: str) -> bool:
    """Tell whether a name cannot begin before the end of this word."""
    return _plain(word) in words("en_stop") or word.endswith(("'s", "s'"))


def _plain(word: str) -> str:
    return word.lower().strip(".,&'-").removesuffix("'s")


def _may_be_name(name: str) -> bool:
    """Say whether the name has a word of its own, and is no person, place or outlet."""
    parts = [_plain(part) for part in name.split()]
    if len(name) < _SHORTEST or all(p in _nothing() or p.isdigit() for p in parts):
        return False
    return parts[-1] in _firm_words() or parts[0] not in words("en_first_names")


@cache
def _nothing() -> frozenset[str]:
    return _firm_words().union(*map(words, _NOTHING))


@cache
def _firm_words() -> frozenset[str]:
    return frozenset(word.lower() for word in words("en_firm"))


def _is_short_for(code: str, name: str) -> bool:
    """Say whether the code in brackets is an abbreviation, of no company: (JWT)."""
    initials = "".join(part[0] for part in name.split()).upper()
    return len(code) > 1 and code in initials
