"""What a headline says, as comparable parts: grams, Latin names, numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from transforms.stories.numbers import find_numbers
from transforms.stories.words import GENERIC, LEAD, STOPWORDS, TAIL, stem

try:  # stand-in until transforms/text.py lands
    from transforms.text import fold
except ImportError:
    import unicodedata
    from types import SimpleNamespace as _NS

    import opencc

    _T2S = opencc.OpenCC("t2s")

    def fold(text):  # type: ignore
        return _NS(text=_T2S.convert(unicodedata.normalize("NFKC", text)))


_HAN_RUN = re.compile("[\u3400-\u9fff\uf900-\ufaff]+")
_LATIN = re.compile(r"[a-z0-9]+(?:['’.-][a-z0-9]+)*")
_JOINERS = str.maketrans("", "", "-.'’")
# From this share of Han letters on, a headline is read as Chinese: Chinese
# headlines carry many Latin names, English ones hardly ever a Han letter.
HAN_SHARE = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """The comparable parts of one headline.

    ``grams`` are Han character pairs or stemmed Latin words; ``names`` are Latin
    words that could name something; ``numbers`` are exact quantities.
    """

    text: str
    is_han: bool
    grams: frozenset[str]
    names: frozenset[str]
    numbers: frozenset[str]


@lru_cache(maxsize=1 << 15)
def features(title: str) -> Features:
    """Return the features of *title*, regional script and outlet labels set aside."""
    folded = fold(title).text
    text = TAIL.sub("", LEAD.sub("", folded)).lower() or folded.lower()
    runs = _HAN_RUN.findall(text)
    is_han = sum(map(len, runs)) >= HAN_SHARE * len(text)
    words = [word.translate(_JOINERS) for word in _latin_words(text)]
    names = frozenset(w for w in words if w not in STOPWORDS)
    grams = _pairs(runs) | names if is_han else frozenset(map(stem, names))
    return Features(
        text="".join(runs) + " ".join(words),
        is_han=is_han,
        grams=grams,
        names=frozenset(n for n in names if n not in GENERIC and not n.isdigit()),
        numbers=find_numbers(text),
    )


def _latin_words(text: str) -> list[str]:
    return [word.removesuffix("'s").removesuffix("’s") for word in _LATIN.findall(text)]


def _pairs(runs: list[str]) -> frozenset[str]:
    return frozenset(
        run[start : start + 2] for run in runs for start in range(max(1, len(run) - 1))
    )
