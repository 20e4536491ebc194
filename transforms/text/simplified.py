"""Convert Chinese to Simplified characters, and tell which texts that changes."""

from __future__ import annotations

import re
from functools import cache

import opencc

# Alone these stay what they are, but not in all words: 沈默 is 沉默, 反覆 is 反复.
_IN_WORDS = "沈藉覆坏瞭哩甦衹"
_SURROGATE = re.compile("[\ud800-\udfff]")
_HAN_BLOCKS = (range(0x3400, 0xA000), range(0xF900, 0xFB00))


def simplified(text: str) -> str:
    """Return *text* in Simplified characters, each in its place."""
    converted: str = _converter("t2s").convert(text)
    if len(converted) == len(text):
        return converted
    return "".join(map(_simplified_character, text))


@cache
def is_convertible(char: str) -> bool:
    """Tell whether OpenCC, which takes its time, may change a text with *char* in it."""
    return char in _IN_WORDS or _converter("t2s").convert(char) != char


@cache
def convertibles() -> str:
    """Return the convertible characters of the usual blocks."""
    return f"{_traditional_ones()}{_IN_WORDS}"


def is_traditional(text: str) -> bool:
    """Tell whether simplifying a Chinese text changes more than its opposite does."""
    # Nearly all Chinese text has no such character.
    if not _traditional().search(text):
        return False
    text = _SURROGATE.sub("\ufffd", text)
    traditional = _differences(text, _converter("t2s").convert(text))
    return traditional > _differences(text, _converter("s2t").convert(text))


@cache
def _simplified_character(char: str) -> str:
    converted: str = _converter("t2s").convert(char)
    return converted if len(converted) == 1 else char


@cache
def _traditional() -> re.Pattern[str]:
    """Return what finds the characters that are another one in Simplified script."""
    return re.compile(f"[{_traditional_ones()}]")


@cache
def _traditional_ones() -> str:
    all_of_them = "\n".join(chr(code) for block in _HAN_BLOCKS for code in block)
    pairs = zip(all_of_them, _converter("t2s").convert(all_of_them), strict=True)
    return "".join(a for a, b in pairs if a != b)


def _differences(left: str, right: str) -> int:
    return sum(a != b for a, b in zip(left, right, strict=False))


@cache
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)
