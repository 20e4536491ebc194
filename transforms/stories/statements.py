"""What a headline states beside its names: its figures, and the words that are left.

Two headlines that share a firm, a place and a figure may tell two events. Only what is
left tells, which is read where all else agrees: it takes as long as all other reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from sys import intern
from typing import NamedTuple

from transforms.stories.concepts import who_and_where
from transforms.stories.letters import (
    HAN_RUN,
    LATIN_WORD,
    OTHER_RUN,
    grams_of_other,
    joined,
    pairs_of,
)
from transforms.stories.numbers import find_counted, find_counts
from transforms.stories.product_versions import without_versions
from transforms.stories.signs import Signs, signs_of
from transforms.stories.words import STOPWORDS, stem
from transforms.text.fold import fold

# A figure with its currency, its scale and what it counts: a figure and no word.
_FIGURE = re.compile(
    "[$€£¥]?[0-9][0-9,.]*[a-z%％]*"
    r"(?:[\s-]?(?:million|billion|trillion|thousand|percent|per cent))?"
    "[百千万亿多余]*(?:美元|欧元|港元|日元|英镑|元|个月|小时|分钟"
    "|[年月日天周个家名位人台辆款项部颗座处片张单倍岁号])?"
)


class Figures(NamedTuple):
    """The figures of a headline, and what they count with how many of each."""

    counts: frozenset[str]
    counted: Mapping[str, frozenset[str]]


# As many as features: they are asked for of the same headlines.
@lru_cache(maxsize=12_000)
def figures_of(title: str) -> Figures:
    """Return the figures of *title*; the digits of a version count nothing."""
    signs = signs_of(title)
    text = without_versions(signs.plain, signs.cased)
    return Figures(find_counts(text), find_counted(text))


@lru_cache(maxsize=12_000)
def rest_of(title: str, names: tuple[str, ...]) -> frozenset[str]:
    """Return the grams of *title* that tell neither who nor where nor how much.

    *names* are those of companies and products that were recognised in it.
    """
    signs = signs_of(title)
    text = without_versions(signs.plain, signs.cased)
    spans = [*who_and_where(signs.plain), *(m.span() for m in _FIGURE.finditer(text))]
    for name in names:
        spans += _places_of(fold(name).text.lower(), text)
    left = list(text)
    for start, end in spans:
        left[start:end] = "|" * (end - start)
    return frozenset(map(intern, signs.grams.intersection(_grams("".join(left), signs))))


def _places_of(name: str, text: str) -> Iterator[tuple[int, int]]:
    start = text.find(name) if name else -1
    while start >= 0:
        yield start, start + len(name)
        start = text.find(name, start + len(name))


def _grams(text: str, signs: Signs) -> Iterable[str]:
    if signs.is_han:
        # One character between two names is a particle, not a word.
        return pairs_of(run for run in HAN_RUN.findall(text) if len(run) > 1)
    words = map(joined, LATIN_WORD.findall(text))
    grams = {stem(word) for word in words if word.isalpha() and word not in STOPWORDS}
    return grams.union(*map(grams_of_other, OTHER_RUN.findall(text)))
