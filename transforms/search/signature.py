"""A mask of an article's words, by which a search skips most articles unread.

Superimposed coding (Mooers 1951; Knuth, The Art of Computer Programming 3, 6.5): each
word sets one of 256 bits, so a text without the bit of a word is without the word. A text
with the bit may still be without it, and is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from zlib import crc32

WIDTH = 256
_LANE = 64
_LOWEST = (1 << _LANE) - 1
# Of a Chinese character in UTF-8, but for rare ones.
_BYTES = 3
# A word of a query that has so many letters also finds the longer ones that begin so.
BEGINNING = 4
_WORD = re.compile(rb"([a-z0-9]{1,%d})[a-z0-9]*" % BEGINNING)
_HAN_RUN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]{2,}")


def signature(folded: str) -> tuple[int, ...]:
    """Return the mask of a folded text: four numbers of 64 bits, the lowest first."""
    encoded = folded.encode("utf-8", "surrogatepass")
    pieces: set[bytes] = set(_WORD.findall(encoded))
    if len(encoded) > len(folded):
        for run in _HAN_RUN.findall(folded):
            pieces.update(_pairs(run))
    mask = 0
    for bit in {crc32(piece) % WIDTH for piece in pieces}:
        mask |= 1 << bit
    return tuple(mask >> lane & _LOWEST for lane in range(0, WIDTH, _LANE))


def joint_signature(phrases: Iterable[str]) -> tuple[int, ...]:
    """Return the bits that a text has which holds all these folded *phrases*."""
    # A line end keeps the last word of one from going on in the next.
    return signature("\n".join(phrases))


def _pairs(run: str) -> list[bytes]:
    """Return each two characters of *run* that follow each other, encoded."""
    encoded = run.encode()
    if len(encoded) == _BYTES * len(run):
        last = len(encoded) - _BYTES
        return [encoded[at : at + 2 * _BYTES] for at in range(0, last, _BYTES)]
    return [run[at : at + 2].encode() for at in range(len(run) - 1)]
