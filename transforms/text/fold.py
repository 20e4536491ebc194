"""Folding: the canonical form of text for comparing names and searches.

Half-width letters, straight quotes, Simplified Chinese, nothing invisible. Almost
all text keeps its length on the way, so that a place in the folded text is the
same place in the original; where it does not, ``Folded`` holds a map.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

import opencc

from transforms.models import Script

# What a Latin word goes on with: "Amap" is no word of "Amapá", "Meta" none of "Метаl".
_ALPHABETS = ((0xC0, 0x24F), (0x370, 0x52F), (0x1E00, 0x1EFF))
LATIN = frozenset(string.ascii_letters + string.digits) | {
    chr(code) for a, z in _ALPHABETS for code in range(a, z + 1) if chr(code).isalpha()
}
# Soft hyphen, zero-width characters, direction marks, byte order mark: publishers
# put them inside names, readers do not see them.
_INVISIBLE = "\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_COMBINING = "\u0300-\u036f\u3099\u309a"
_LOOSE = re.compile(f"[{_INVISIBLE}{_COMBINING}]")
# NFKC would spell these out ("Kimi™" as "KimiTM").
_KEPT = frozenset("…™℠℡")
_STRAIGHT = dict.fromkeys("‘’‚‛′", "'") | dict.fromkeys("“”„‟″", '"') | {"‐": "-", "‑": "-"}
_HAN_RUN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]+")
# Folding leaves ASCII and Han characters alone, which is nearly all there is.
_FOLDABLES = "\x80-\u33ff\u4dc0-\u4dff\ua000-\U0010ffff"
_FOLDABLE = re.compile(f"[{_FOLDABLES}]")
_KANA_OR_HANGUL = re.compile("[\u3040-\u30ff\uac00-\ud7af]")
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+")
# Title, summary and content of the article at hand: each is asked for three times.
_AT_HAND = 8
# Alone these stay what they are, but not in all words: 沈默 is 沉默, 反覆 is 反复.
_IN_WORDS = "沈藉覆坏瞭哩甦衹"
_SURROGATE = re.compile("[\ud800-\udfff]")
# "Xiaopeng", "Xiao-peng", "Xiao Peng": a syllable ends in a vowel, n or g, and the
# next one begins with a consonant that has a vowel after it.
_SYLLABLES = re.compile("(?<=[aeioung])(?=[bcdfghjklmnpqrstwxyz]h?[aeiou])")
_JOINTS = re.compile("[-' ]+")
_HAN_BLOCKS = (range(0x3400, 0xA000), range(0xF900, 0xFB00))


class Folded(NamedTuple):
    """Folded text, with the original position of each character."""

    text: str
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return start and length in the original of folded [start, end)."""
        if self.starts is None or self.ends is None:
            return start, end - start
        return self.starts[start], self.ends[end - 1] - self.starts[start]


@lru_cache(maxsize=_AT_HAND)
def fold(text: str) -> Folded:
    """Fold *text*, keeping the case of its letters."""
    if text.isascii():
        return Folded(text)
    # A text has few distinct ones, so this is several times faster than translating
    # it letter by letter.
    plain, converts = text, False
    for char in set(_odd().findall(text)):
        piece, is_one, may_convert = _fate(char)
        if not is_one:
            return _fold_with_map(text)
        converts = converts or may_convert
        if piece != char:
            plain = plain.replace(char, piece)
    return Folded(_simplified(plain) if converts else plain)


def lowered(text: str) -> str:
    """Lower-case *text* without changing its length ("İ" would become two)."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def search_text(title: str, summary: str = "") -> str:
    """Return the value of ``articles.search_text``; queries are folded with it, too."""
    folded = fold(title).text
    if summary:
        folded = f"{folded}\n{fold(summary).text}"
    return folded.lower()


def places_in(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Yield where *name* stands in *text*, one after the other; nowhere if it is empty."""
    start = text.find(name) if name else -1
    while start >= 0:
        yield start, start + len(name)
        start = text.find(name, start + len(name))


def syllables(word: str) -> list[str]:
    """Return the syllables of a name in Pinyin, however it is joined."""
    return [p for piece in _JOINTS.split(word) for p in _SYLLABLES.split(piece) if p]


def script_of(text: str) -> Script:
    """Return the predominant script of *text*.

    A Chinese headline may hold more Latin letters than characters, so a word
    weighs as much as half a character.
    """
    if text.isascii():
        return "latin" if _LATIN_WORD.search(text) else "other"
    han = len("".join(_HAN_RUN.findall(text)))
    words = len(_LATIN_WORD.findall(text))
    foreign = len(_KANA_OR_HANGUL.findall(text))
    if foreign > han:
        return "other"
    if han == 0 or han * 2 < words:
        return "latin" if words else "other"
    return "hant" if _is_traditional(text) else "hans"


@cache
def _odd() -> re.Pattern[str]:
    """Return what finds the characters that folding may change."""
    return re.compile(f"[{_FOLDABLES}{_traditional_ones()}{_IN_WORDS}]")


@cache
def _fate(char: str) -> tuple[str, bool, bool]:
    """Return what *char* becomes, whether that is one character, and a Traditional one."""
    piece = _fold_character(char)
    is_one = len(piece) == 1 and not _LOOSE.match(char)
    return piece, is_one, is_one and _is_convertible(piece)


def _folded_characters(text: str) -> str:
    # What came out folded is not foldable again.
    for char in set(_FOLDABLE.findall(text)):
        text = text.replace(char, _fold_character(char))
    return text


@cache
def _fold_character(char: str) -> str:
    if char in _KEPT:
        return char
    if unicodedata.category(char) == "Cs":
        return "\ufffd"
    wide = unicodedata.normalize("NFKC", char)
    return "".join(_STRAIGHT.get(c, c) for c in wide)


def _fold_with_map(text: str) -> Folded:
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for found in _uneven(_long(text)).finditer(text):
        start, end = found.span()
        # What lies between keeps its length, so that it is folded and mapped at once.
        pieces.append(_folded_characters(text[done:start]))
        starts += range(done, start)
        ends += range(done + 1, start + 1)
        if found[1] is None:
            piece = _fold_cluster(found[0])
            pieces.append(piece)
            starts += [start] * len(piece)
            ends += [end] * len(piece)
        done = end
    pieces.append(_folded_characters(text[done:]))
    starts += range(done, len(text))
    ends += range(done + 1, len(text) + 1)
    return Folded(_simplified("".join(pieces)), tuple(starts), tuple(ends))


def _long(text: str) -> str:
    """Return the characters that do not fold to a single one."""
    found = set(_FOLDABLE.findall(text))
    return "".join(sorted(c for c in found if len(_fold_character(c)) != 1))


@lru_cache(maxsize=_AT_HAND)
def _uneven(long: str) -> re.Pattern[str]:
    """Return what finds where folding changes the length: group 1 leaves nothing."""
    alone = f"|[{re.escape(long)}]" if long else ""
    return re.compile(f"([{_INVISIBLE}]+)|[^{_INVISIBLE}][{_COMBINING}]+{alone}")


def _fold_cluster(cluster: str) -> str:
    if len(cluster) > 1:
        cluster = unicodedata.normalize("NFKC", cluster)
    return _folded_characters(cluster)


def _simplified(text: str) -> str:
    """Return *text* in Simplified characters, each in its place."""
    converted: str = _converter("t2s").convert(text)
    if len(converted) == len(text):
        return converted
    return "".join(map(_simplified_character, text))


@cache
def _is_convertible(char: str) -> bool:
    """Tell whether OpenCC, which takes its time, may change a text with *char* in it."""
    return char in _IN_WORDS or _converter("t2s").convert(char) != char


def _is_traditional(text: str) -> bool:
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
