"""What tells most headlines apart at a glance: little enough to keep for days of news.

Most of what a key brings together shares a word or two and no more. To read a headline
in full takes a hundred times longer than this look at it, and what is read takes ten
times the room.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from zlib import crc32

from transforms.stories.letters import READ
from transforms.stories.signs import signs_of, told_by

# "Vision Pro" alone is a subject, not an event.
FEWEST_GRAMS = 3
FEWEST_SHARED = 2
LEAST_SHARED = 0.25
_DIGIT = re.compile("[0-9]")
# One bit of so many for each gram, and for each concept or name, less one.
_MARKS = 255
_SIGNS = 511


@dataclass(frozen=True, slots=True)
class Glance:
    """How many grams a headline has, and a bit for each.

    ``hidden`` counts the grams whose bit another one has; ``text`` is a checksum;
    ``signs`` has a bit for each concept and name, ``is_numbered`` is whether it has
    numbers that tell, and ``has_digits`` whether it may have any figure. Python's own
    hash would do, but tells something else in each process.
    """

    script: str
    size: int
    marks: int
    hidden: int
    text: int
    signs: int
    is_numbered: bool
    has_digits: bool


@lru_cache(maxsize=1 << 17)
def glance(title: str) -> Glance:
    """Return what is seen of *title*, which is compared with others again and again."""
    signs = signs_of(title)
    marks = 0
    for gram in signs.grams:
        marks |= _mark(gram)
    size = len(signs.grams)
    text = crc32(signs.text.encode())
    told = 0
    for sign in chain(signs.names, *told_by(signs.plain)):
        told |= 1 << _place(sign)
    hidden = size - marks.bit_count()
    has_digits = _DIGIT.search(signs.plain) is not None
    numbered = bool(signs.numbers)
    return Glance(signs.script, size, marks, hidden, text, told, numbered, has_digits)


def worth_reading(a: Glance, b: Glance, *, companies: int) -> bool:
    """Tell whether two headlines may share enough to be weighed; never no where they do.

    *companies* is how many both name. One that both name is a beat and no event: across
    languages a sign is shared as well, or a figure.
    """
    if a.script != b.script:
        if a.signs & b.signs or companies > 1 or (a.is_numbered and b.is_numbered):
            return True
        return companies > 0 and a.has_digits and b.has_digits
    if a.text == b.text:
        return True
    shorter = min(a.size, b.size)
    if shorter < FEWEST_GRAMS:
        return False
    shared = (a.marks & b.marks).bit_count() + min(a.hidden, b.hidden)
    return shared >= least_shared(shorter, a.script) or bool(
        companies and a.signs & b.signs
    )


@lru_cache(maxsize=1 << 15)
def _mark(gram: str) -> int:
    return 1 << (crc32(gram.encode()) & _MARKS)


@lru_cache(maxsize=1 << 15)
def _place(sign: str) -> int:
    return crc32(sign.encode()) & _SIGNS


def least_shared(shorter: int, script: str) -> float:
    """Return how many grams two headlines must share, the shorter one of so many.

    Of a script whose acts are not read it is more than half, lest a long name be an event.
    """
    least = LEAST_SHARED * shorter if script in READ else (shorter + 1) / 2
    return max(FEWEST_SHARED, least)
