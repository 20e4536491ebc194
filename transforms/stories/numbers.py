"""Quantities in headlines, written alike in both languages: 34亿美元 is $3.4 billion."""

from __future__ import annotations

import re

_SCALES = {
    "万亿": 1e12,
    "trillion": 1e12,
    "trln": 1e12,
    "tn": 1e12,
    "亿": 1e8,
    "billion": 1e9,
    "bln": 1e9,
    "bn": 1e9,
    "b": 1e9,
    "million": 1e6,
    "mln": 1e6,
    "m": 1e6,
    "万": 1e4,
    "thousand": 1e3,
    "k": 1e3,
}
_ONE_TO_TWELVE = "one two three four five six seven eight nine ten eleven twelve"
_SPELLED = {word: str(n) for n, word in enumerate(_ONE_TO_TWELVE.split(), 1)}
_NUMBER = re.compile(
    r"(?<![a-z0-9.])(?P<money>[$€£¥])?\s?(?P<value>[0-9][0-9,]*(?:\.[0-9]+)?)"
    r"[\s-]?(?P<scale>万亿|亿|万|trillion|trln|tn|billion|bln|bn|million|mln|thousand|[bmk](?![a-z]))?"
    r"(?P<percent>\s?(?:%|percent|per cent))?(?![a-z])"
)
_WORDED = re.compile(
    rf"\b({'|'.join(_SPELLED)})(?=[\s-](?:trillion|billion|million|thousand)\b)"
)
_DIGIT = re.compile(r"[0-9]")
_NONE: frozenset[str] = frozenset()
# A bare small number or a year says too little to tell two events apart.
SMALLEST_TELLING = 32
YEARS = range(1990, 2051)


def find_numbers(text: str) -> frozenset[str]:
    """Return the telling quantities of a folded, lower-cased *text*."""
    if "illion" in text or "thousand" in text:
        text = _WORDED.sub(lambda found: _SPELLED[found[1]], text)
    if not _DIGIT.search(text):
        return _NONE
    found = (_canonical(match) for match in _NUMBER.finditer(text))
    return frozenset(number for number in found if number)


def _canonical(match: re.Match[str]) -> str:
    value = float(match["value"].replace(",", ""))
    if match["percent"]:
        return f"{value:g}%"
    scale = _SCALES.get(match["scale"] or "", 1.0)
    if scale == 1.0 and not match["money"] and _says_little(value):
        return ""
    return f"{value * scale:.6g}"


def _says_little(value: float) -> bool:
    return value < SMALLEST_TELLING or (value.is_integer() and int(value) in YEARS)
