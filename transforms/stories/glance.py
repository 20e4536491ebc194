"""What tells most headlines apart at a glance: little enough to keep for days of news.

Most of what a key brings together shares a word or two and no more. To read a headline
in full takes a hundred times longer than this look at it, and what is read takes ten
times the room.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from transforms.stories.features import signs_of

# "Vision Pro" alone is a subject, not an event.
FEWEST_GRAMS = 3
FEWEST_SHARED = 2
LEAST_SHARED = 0.25
# One bit of so many for each gram, less one.
_MARKS = 255


@dataclass(frozen=True, slots=True)
class Glance:
    """How many grams a headline has, and a bit for each.

    ``hidden`` counts the grams whose bit another one has; ``text`` is a checksum.
    Python's own hash would do, but tells something else in each process.
    """

    is_han: bool
    size: int
    marks: int
    hidden: int
    text: int


@lru_cache(maxsize=1 << 17)
def glance(title: str) -> Glance:
    """Return what is seen of *title*, which is compared with others again and again."""
    signs = signs_of(title)
    marks = 0
    for gram in signs.grams:
        marks |= 1 << (crc32(gram.encode()) & _MARKS)
    size = len(signs.grams)
    text = crc32(signs.text.encode())
    return Glance(signs.is_han, size, marks, size - marks.bit_count(), text)


def worth_reading(a: Glance, b: Glance) -> bool:
    """Tell whether two headlines may share enough to be weighed; never no where they do."""
    if a.is_han != b.is_han or a.text == b.text:
        return True
    shorter = min(a.size, b.size)
    return shorter >= FEWEST_GRAMS and (a.marks & b.marks).bit_count() + min(
        a.hidden, b.hidden
    ) >= least_shared(shorter)


def least_shared(shorter: int) -> float:
    """Return how many grams two headlines must share, the shorter one of so many."""
    return max(FEWEST_SHARED, LEAST_SHARED * shorter)
