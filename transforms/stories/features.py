"""What a headline says, as comparable parts: grams, Latin names, numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from transforms.stories.numbers import find_numbers
from transforms.stories.words import COMMON, GENERIC, GUIDE, LEAD, STOPWORDS, TAIL, stem
from transforms.text import fold

_HAN_RUN = re.compile("[\u3400-\u9fff\uf900-\ufaff]+")
_LATIN = re.compile(r"[a-z0-9]+(?:['’.-][a-z0-9]+)*")
_JOINERS = str.maketrans("", "", "-.'’")

# A common word counts for less than half: found on the development pairs.
COMMON_DISCOUNT = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """The comparable parts of one headline.

    ``grams`` are Han character pairs or stemmed Latin words; ``names`` are Latin
    words that could name something; ``numbers`` are exact quantities.
    """

    text: str
    plain: str
    is_han: bool
    is_guide: bool
    grams: frozenset[str]
    weight: float
    names: frozenset[str]
    numbers: frozenset[str]


@lru_cache(maxsize=1 << 15)
def features(title: str) -> Features:
    """Return the features of *title*, regional script and outlet labels set aside."""
    folded = fold(title).text
    text = TAIL.sub("", LEAD.sub("", folded)).lower() or folded.lower()
    runs = _HAN_RUN.findall(text)
    words = [word.translate(_JOINERS) for word in _latin_words(text)]
    # Chinese headlines carry many Latin names, English ones hardly a Han letter.
    is_han = bool(runs) and sum(map(len, runs)) >= len(words)
    names = frozenset(w for w in words if w not in STOPWORDS)
    grams = _pairs(runs) | names if is_han else frozenset(map(stem, names))
    return Features(
        text="".join(runs) + " ".join(words),
        plain=text,
        is_han=is_han,
        is_guide=GUIDE.search(text) is not None,
        grams=grams,
        weight=weight_of(grams),
        names=frozenset(n for n in names if n not in GENERIC and not n.isdigit()),
        numbers=find_numbers(text),
    )


def weight_of(grams: frozenset[str]) -> float:
    """Return what *grams* weigh: common words of the beat less than others."""
    return len(grams) - COMMON_DISCOUNT * len(grams & COMMON)


def _latin_words(text: str) -> list[str]:
    return [word.removesuffix("'s").removesuffix("’s") for word in _LATIN.findall(text)]


def _pairs(runs: list[str]) -> frozenset[str]:
    return frozenset(
        run[start : start + 2] for run in runs for start in range(max(1, len(run) - 1))
    )
